"""The columns side by side; they scroll where the window is too narrow for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.lab import face
from workbench.gui.lab.compare.card import WIDTHS, ColumnCard
from workbench.gui.lab.compare.column import AddedColumn
from workbench.gui.lab.compare.comparison import Comparison
from workbench.gui.lab.compare.menu import AddMenu
from workbench.gui.lab.state import LabState
from workbench.gui.style import theme
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.core.task import ProblemSpec, Task

LEAST_HEIGHT = 120


class CardRow(QScrollArea):
    """A card a column; beside a single one, what to do next."""

    def __init__(self, state: LabState, comparison: Comparison, menu: AddMenu) -> None:
        super().__init__()
        self._state, self._comparison = state, comparison
        self._images: list[QImage] = []
        self._pictured: Task | None = None
        self.cards: list[ColumnCard] = []
        self.setObjectName("lab.compare.row")
        self.setAccessibleName(self.tr("The learners side by side"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._align)
        self._page = QWidget()
        self._page.setProperty("page", True)
        self._layout = QHBoxLayout(self._page)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.empty = self._make_empty(menu)
        self._layout.addWidget(self.empty, 1)
        self._layout.addStretch(0)
        self.setWidget(self._page)
        comparison.columnsChanged.connect(self._on_columns)
        self._on_columns()

    def _make_empty(self, menu: AddMenu) -> QWidget:
        empty = QWidget()
        self._hint = label("", "muted", wrap=True)
        self._hint.setObjectName("lab.compare.empty")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        button = QPushButton(self.tr("Add a learner"))
        button.setObjectName("lab.compare.addFirst")
        button.setAccessibleName(self.tr("Add a second learner"))
        button.setToolTip(self.tr("A checkpoint, a recorded run or a baseline"))
        button.setMenu(menu)
        theme.current().set_icon(button, "plus")
        layout = QVBoxLayout(empty)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self._hint)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)
        return empty

    @Slot()
    def _on_columns(self) -> None:
        """Cards stay with their columns."""
        columns = self._comparison.columns
        for card in [card for card in self.cards if card.column not in columns]:
            self.cards.remove(card)
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        shown = [card.column for card in self.cards]
        for column in columns:
            if column not in shown:
                card = ColumnCard(column)
                card.removeWanted.connect(self._on_remove)
                self._layout.insertWidget(len(self.cards), card)
                self.cards.append(card)
                task, episode = self._pictured, self._state.episode
                if task is not None and episode is not None:
                    card.show_task(task, episode, self._images)
        self.empty.setVisible(len(columns) == 1)
        self._share_width()

    @Slot(object)
    def _on_remove(self, column: AddedColumn) -> None:
        self._comparison.remove(column)

    def show_columns(self, spec: ProblemSpec, task: Task, episode: Episode) -> None:
        if task is not self._pictured:
            self._show_task(task, episode)
        cursor = self._comparison.walk.cursor
        leaders = self._comparison.leaders(cursor)
        for card in self.cards:
            card.show_column(spec, cursor, card.column in leaders)
        self._align()

    def forget_pictures(self) -> None:
        """They are in the colours of the theme."""
        self._pictured = None

    def _show_task(self, task: Task, episode: Episode) -> None:
        kind, self._pictured = face.of(task), task
        text = self.tr("Add a second learner to compare on these very {0}.")
        self._hint.setText(text.format(kind.items()))
        found = (kind.image(task, x) for x in episode.query.x)
        self._images = [image for image in found if image is not None]
        for card in self.cards:
            card.show_task(task, episode, self._images)
        self._soon.start()

    @Slot()
    def _align(self) -> None:
        """Numbers stand in one line across, however long the names above them are."""
        for part in ("head", "details"):
            widgets: list[QWidget] = [getattr(card, part) for card in self.cards]
            needed = max(0, *(widget.heightForWidth(widget.width()) for widget in widgets))
            for widget in widgets:
                if widget.minimumHeight() != needed:
                    widget.setMinimumHeight(needed)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the cards; where there is less room, they scroll."""
        bar = self.horizontalScrollBar().sizeHint().height()
        return QSize(300, self._page.heightForWidth(self._page.width()) + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTHS[0], LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Equal shares, with room for a scroll bar whether or not it is there.

        Cards are the higher the wider they are: if the bar took its room from them, it would come
        and go for ever.
        """
        count, least, most = len(self.cards), *WIDTHS
        room = self.width() - self.verticalScrollBar().sizeHint().width()
        each = (room - (count - 1) * self._layout.spacing()) // count
        for card in self.cards:
            card.setFixedWidth(min(max(each, least), most))
        self._soon.start()
