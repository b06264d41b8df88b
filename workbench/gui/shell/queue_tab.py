"""The queue's place below the middle: a tab beside the log that says how many wait."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow

from workbench.gui.queue.panel import QueuePanel
from workbench.gui.queue.view import ROW

SHOWN = 3
"""Entries that are in sight when the tab is opened, where there are so many."""


class QueueTab(QObject):
    """Takes the room that the entries need once, when it comes to the front; the rest is a drag."""

    def __init__(
        self, window: QMainWindow, dock: QDockWidget, log: QDockWidget, panel: QueuePanel
    ) -> None:
        super().__init__(window)
        self._window, self._dock, self._panel = window, dock, panel
        self._title = dock.windowTitle()
        self._grown = False
        dock.setTitleBarWidget(panel.bar)
        window.tabifyDockWidget(dock, log)
        panel.counted.connect(self._show_count)
        dock.visibilityChanged.connect(self._give_room)

    @Slot(int)
    def _show_count(self, waiting: int) -> None:
        self._dock.setWindowTitle(f"{self._title} ({waiting})" if waiting else self._title)
        self._give_room()

    @Slot()
    def _give_room(self) -> None:
        view = self._panel.view
        if self._grown or not view.isVisible() or self._dock.isFloating():
            return
        wanted = min(len(self._panel.model.lines), SHOWN) * ROW
        missing = wanted - view.viewport().height()
        below = self._window.dockWidgetArea(self._dock) == Qt.DockWidgetArea.BottomDockWidgetArea
        if below and missing > 0:
            self._grown = wanted == SHOWN * ROW
            height = self._dock.height() + missing
            self._window.resizeDocks([self._dock], [height], Qt.Orientation.Vertical)
