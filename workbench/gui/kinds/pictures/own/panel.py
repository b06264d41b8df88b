"""The area below the query set where one's own pictures come in and are predicted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.kinds.pictures.own.adding import OwnAdding
from workbench.gui.kinds.pictures.own.asking import Asking
from workbench.gui.kinds.pictures.own.held import OwnPictures
from workbench.gui.kinds.pictures.own.rows import OwnRows
from workbench.gui.lab.scenes import SUFFIX
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint
from workbench.gui.style.widgets import OneLine, hairline, label

BUTTON, HEAD = 26, 50
"""Pixels of a button's height, and of what stands above the rows and below the query set."""


class OwnPanel(QWidget):
    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = OwnPictures(state.workspace.draft.undo, self)
        self.asking = Asking(state, self.pictures, self)
        self.adding = OwnAdding(state, self.pictures, self)
        self.rows = OwnRows(state, self.pictures, self.asking)
        self._dragged_over = False
        self.setObjectName("lab.own")
        self.setAccessibleName(self.tr("Your pictures"))
        self.setAcceptDrops(True)
        self.tally = OneLine("", "small")
        self.tally.setObjectName("lab.own.tally")
        self.choose, self.draw = QToolButton(), QToolButton()
        self._lay_out()
        self.draw.clicked.connect(self._on_draw)
        self.rows.drawAsked.connect(self.adding.draw)
        self.rows.resized.connect(self._on_resized)
        self.rows.judged.connect(self._show_tally)
        self._on_resized()
        self._show_tally()

    def _lay_out(self) -> None:
        self._name(self.choose, "lab.own.choose", self.tr("Choose…"))
        self.choose.setToolTip(self.tr("Pictures or a folder to be predicted; or drop them here"))
        menu = QMenu(self)
        menu.setObjectName("lab.own.chooseMenu")
        menu.addAction(self.tr("Pictures…"), self.adding.choose_files)
        menu.addAction(self.tr("A folder of pictures…"), self.adding.choose_folder)
        self.choose.setMenu(menu)
        self.choose.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.choose.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._name(self.draw, "lab.own.draw", self.tr("Draw…"))
        self.draw.setToolTip(self.tr("Draw a picture to be predicted"))
        heading = label(self.tr("Your pictures"), "heading")
        heading.setToolTip(self._explained())
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(heading, 1)
        head.addWidget(self.choose)
        head.addWidget(self.draw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(hairline())
        layout.addLayout(head)
        layout.addWidget(self.tally)
        layout.addWidget(self.rows, 1)

    def _name(self, button: QToolButton, name: str, text: str) -> None:
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setFixedHeight(BUTTON)

    def _explained(self) -> str:
        return self.tr(
            "Each is predicted beside the support set alone, also by models that normalise by the "
            "statistics of a batch: no other picture changes what it is taken for.\n"
            "They are no part of the task, and its losses and accuracy are without them."
        )

    @Slot()
    def _on_resized(self) -> None:
        self.setMaximumHeight(HEAD + self.rows.needed)

    @Slot()
    def _show_tally(self) -> None:
        self.tally.setText(self._told())

    def _told(self) -> str:
        rows = self.rows.rows
        if not rows:
            return self.tr("Drop pictures or a folder here to predict them")
        scored = [row.verdict.right for row in rows if row.verdict.right is not None]
        if not scored:
            return self.tr("Click a picture to say what it is")
        return self.tr("{0} of {1} right").format(sum(scored), len(scored))

    @Slot()
    def _on_draw(self) -> None:
        """Beside the rows, so that what is predicted can be seen while one draws."""
        left = -self.adding.drawing.sizeHint().width() - 8
        self.adding.draw(self.mapToGlobal(QPoint(left, 0)))

    # --- dropping ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()):
            event.acceptProposedAction()
            self._set_dragged_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dragged_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dragged_over(False)
        event.acceptProposedAction()
        self.adding.read(_files(event.mimeData()))

    def _set_dragged_over(self, over: bool) -> None:
        self._dragged_over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dragged_over:
            painter = QPainter(self)
            painter.setPen(QPen(paint.colors().accent, 1.5))
            painter.setBrush(paint.colors().accent_soft)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)


def _files(data: QMimeData) -> list[Path]:
    """Dropped files and folders; none where a scene is among them, which the lab opens."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [] if any(file.suffix == SUFFIX for file in files) else files
