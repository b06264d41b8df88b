"""The area below the query set where one's own pictures come in and are predicted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
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
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import OneLine, hairline
from workbench.gui.takeaway.menu import TakeAwayButton

BARE = "QToolButton { padding: 0; } QToolButton::menu-indicator { image: none; }"
BUTTON, HEAD, LINE = 24, 29, 18
"""Pixels of a button; of the heading with its gaps, and of the line below it."""


class OwnPanel(QWidget):
    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = OwnPictures(state.workspace.draft.undo, self)
        self.asking = Asking(state, self.pictures, self)
        self.adding = OwnAdding(state, self.pictures, self)
        self.rows = OwnRows(state, self.pictures, self.asking)
        self._dragged_over = False
        self._roomy = False
        self.setObjectName("lab.own")
        self.setAccessibleName(self.tr("Your pictures"))
        self.tally = OneLine("", "small")
        self.tally.setObjectName("lab.own.tally")
        self.choose, self.draw = QToolButton(), QToolButton()
        # The right click is left to the rows, which have menus of their own.
        self._away = TakeAwayButton(self.rows.sheet, "lab.own", self.rows, clicks=False)
        self._lay_out()
        self.draw.clicked.connect(self._on_draw)
        self.rows.drawAsked.connect(self.adding.draw)
        self.rows.resized.connect(self._on_resized)
        self.rows.judged.connect(self._show_tally)
        self._on_resized()
        self._show_tally()

    def _lay_out(self) -> None:
        chosen = self.tr("Choose pictures or a folder to be predicted; or drop them here")
        self._make(self.choose, "choose", "folder", chosen)
        menu = QMenu(self)
        menu.setObjectName("lab.own.chooseMenu")
        menu.addAction(self.tr("Pictures…"), self.adding.choose_files)
        menu.addAction(self.tr("A folder of pictures…"), self.adding.choose_folder)
        self.choose.setMenu(menu)
        self.choose.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._make(self.draw, "draw", "pencil", self.tr("Draw a picture to be predicted"))
        self._away.setFixedSize(BUTTON, BUTTON)
        heading = OneLine(self.tr("Your pictures"), "heading")
        heading.setToolTip(self._explained())
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(heading, 1)
        head.addWidget(self._away)
        head.addWidget(self.choose)
        head.addWidget(self.draw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(hairline())
        layout.addLayout(head)
        layout.addWidget(self.tally)
        layout.addWidget(self.rows, 1)

    def _make(self, button: QToolButton, name: str, icon: str, tip: str) -> None:
        button.setObjectName(f"lab.own.{name}")
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setFixedSize(BUTTON, BUTTON)
        button.setStyleSheet(BARE)
        theme.current().set_icon(button, icon, "muted")

    def _explained(self) -> str:
        return self.tr(
            "Each is predicted beside the support set alone, also by models that normalise by the "
            "statistics of a batch: no other picture changes what it is taken for.\n"
            "They are no part of the task, and its losses and accuracy are without them."
        )

    @property
    def head(self) -> int:
        """The height of all but the rows, while there are none."""
        return HEAD + (LINE if self._roomy else 0)

    def show_hint(self, roomy: bool) -> None:
        """Say what can be done here even while nothing stands here, where there is room."""
        self._roomy = roomy
        self._on_resized()

    @Slot()
    def _on_resized(self) -> None:
        told = self._roomy or bool(self.rows.rows)
        self.tally.setVisible(told)
        self._away.setVisible(bool(self.rows.rows))
        self.setMaximumHeight(HEAD + (LINE if told else 0) + self.rows.needed)

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

    def show_dragged_over(self, over: bool) -> None:
        self._dragged_over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dragged_over:
            painter = QPainter(self)
            painter.setPen(QPen(paint.colors().accent, 1.5))
            painter.setBrush(paint.colors().accent_soft)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
