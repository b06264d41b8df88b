"""A list whose rows are as high as their delegate says, at every width; arrow keys move in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from workbench.gui.style import theme


class RowList(QListView):
    def __init__(self, name: str, meaning: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(meaning)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(20)
        self.setMouseTracking(True)
        theme.current().follow(self._on_theme)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A list"), ((self.tr("Move"), "↑, ↓, Home, End"),)

    def key_pressed(self, event: QKeyEvent, index: QModelIndex) -> bool:
        """Whether the row with the focus uses a key."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move; what no row uses is the lab's, as ← and → are."""
        if self.currentIndex().isValid() and self.key_pressed(event, self.currentIndex()):
            return
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if event.key() in (*moves, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model() is not None:
            self.setCurrentIndex(self.model().index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    @Slot()
    def _on_theme(self) -> None:
        self.viewport().update()
