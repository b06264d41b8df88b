"""The face of every kind of task that has none of its own: inputs, targets, predictions as rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from workbench.gui.lab.face import Page, TaskFace, Widths
from workbench.gui.style import paint, theme

if TYPE_CHECKING:
    from workbench.core.episode import Batch, Episode
    from workbench.gui.lab.state import LabState

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
NUMBERS = 6
"""Of one input or output that are written out."""
ROW = 24
NARROW = "QTableView::item { padding: 0 3px; } QHeaderView::section { padding: 4px 3px; }"
"""Three columns have to do with the room of one."""
MOST_ROWS = 500
"""Rows that are shown; a longer set says how many it has."""
PREDICTION, INFLUENCE = 2, 3


def tr(text: str) -> str:
    return QCoreApplication.translate("TableFace", text)


class TableFace(TaskFace):
    name = "table"
    shows = ("builtins.object",)
    """Every type derives from it."""
    widths = Widths((240, 226, 240, 0), (3, 4, 3, 0), (0.3, 220, 360))

    def items(self) -> str:
        return tr("items")

    def page(self, state: LabState) -> Page:
        return TablePage(state)

    def episode(self) -> EpisodeTable:
        return EpisodeTable()

    def column(self, name: str) -> ColumnTable:
        return ColumnTable(name)


class Told(NamedTuple):
    """A prediction in words, and whether it is right where that can be said."""

    text: str
    right: bool | None


class Rows(QAbstractTableModel):
    """Items of one set: number, input, target, prediction, influence.

    `lockToggled` comes with the row whose box was clicked; rows have boxes where ``locked`` is
    known.
    """

    lockToggled = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._titles = (tr("Input"), tr("Target"), tr("Prediction"), tr("Influence"))
        self._batch: Batch | None = None
        self.locked: list[bool] | None = None
        self.told: list[Told] = []
        self._influence: list[float] | None = None

    @property
    def labels(self) -> bool:
        """Whether targets are classes."""
        return self._batch is not None and self._batch.y.dim() == 1

    def show_set(self, batch: Batch) -> None:
        self.beginResetModel()
        self._batch, self.told, self._influence = batch, [], None
        self.endResetModel()

    def show_outputs(self, outputs: Any) -> None:
        """As `AdaptStep.query_outputs`; None takes the predictions away."""
        fits = outputs is not None and self._batch is not None
        if fits and len(outputs) == len(self._batch.y):  # type: ignore[union-attr]
            self.told = [self._in_words(*pair) for pair in enumerate(outputs.tolist())]
        else:
            self.told = []
        self._say_changed(PREDICTION)

    def show_influence(self, values: list[float] | None) -> None:
        self._influence = values
        self._say_changed(INFLUENCE)

    def show_locks(self, locked: list[bool] | None) -> None:
        self.locked = locked
        self._say_changed(0)

    def _in_words(self, row: int, output: list[float]) -> Told:
        if not all(math.isfinite(value) for value in output):
            return Told("–", None)
        if not self.labels:
            return Told(written(output), None)
        assert self._batch is not None
        best = max(range(len(output)), key=output.__getitem__)
        text = f"{paint.letter(best)}  {100 * output[best]:.0f} %"
        return Told(text, best == int(self._batch.y[row]))

    def _say_changed(self, column: int) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, column), self.index(self.rowCount() - 1, column))

    # --- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        whole = 0 if self._batch is None else len(self._batch.y)
        return 0 if parent.isValid() else min(whole, MOST_ROWS)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Role.DisplayRole:
            return None
        return self._titles[section] if orientation == Qt.Orientation.Horizontal else section + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        boxed = index.column() == 0 and self.locked is not None
        return found | Qt.ItemFlag.ItemIsUserCheckable if boxed else found

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Role.CheckStateRole or self.locked is None:
            return False
        self.lockToggled.emit(index.row())
        return True

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return self._text(row, column)
        if role == Role.ToolTipRole:
            return self._help(row, column)
        if role == Role.CheckStateRole and column == 0 and self.locked is not None:
            held = row < len(self.locked) and self.locked[row]
            return Qt.CheckState.Checked if held else Qt.CheckState.Unchecked
        if role == Role.ForegroundRole and column == PREDICTION and row < len(self.told):
            right = self.told[row].right
            return None if right is None else paint.colors().good if right else paint.colors().bad
        return None

    def _text(self, row: int, column: int) -> str:
        assert self._batch is not None
        if column == 0:
            return written(self._batch.x[row].flatten().tolist())
        if column == 1:
            y = self._batch.y[row]
            return paint.letter(int(y)) if self.labels else written(y.flatten().tolist())
        if column == PREDICTION:
            return self.told[row].text if row < len(self.told) else ""
        values = self._influence
        return "" if values is None or row >= len(values) else f"{values[row]:+.2g}"

    def _help(self, row: int, column: int) -> str:
        if column == 0 and self.locked is not None:
            return tr("Tick to keep this item in new draws")
        if column == PREDICTION and row < len(self.told) and self.told[row].right is not None:
            return tr("right") if self.told[row].right else tr("wrong")
        return self._text(row, column)


def written(values: Sequence[float]) -> str:
    """The first few numbers, as short as they can be told apart."""
    shown = ", ".join(f"{value:.3g}" for value in values[:NUMBERS])
    more = len(values) - NUMBERS
    return shown if more <= 0 else f"{shown} … (+{more})"


class RowsTable(QTableView):
    """Rows without a grid, of which columns without content are hidden."""

    def __init__(self, name: str, meaning: str, columns: Sequence[int] = (0, 1, 2)) -> None:
        super().__init__()
        self.rows = Rows(self)
        self.setModel(self.rows)
        self.setObjectName(name)
        self.setAccessibleName(meaning)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(NARROW)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # What does not fit is elided; the tooltip has all of it.
        header.setSectionResizeMode(columns[0], QHeaderView.ResizeMode.Stretch)
        for column in range(self.rows.columnCount()):
            self.setColumnHidden(column, column not in columns)
        theme.current().follow(self._on_theme)

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage] = ()) -> None:
        """The query set of a task."""
        self.rows.show_set(episode.query)

    @Slot()
    def _on_theme(self) -> None:
        self.viewport().update()


class ColumnTable(RowsTable):
    """What one learner of a comparison says: target and prediction of every query item."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("Query predictions of this learner"), (1, 2))

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        self.rows.show_outputs(outputs)

    def sizeHint(self) -> QSize:
        return QSize(120, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 60)


class EpisodeTable(RowsTable):
    """Support items of a sampled episode, then its query items."""

    def __init__(self) -> None:
        super().__init__("tasks.episode.table", tr("Items of the sampled episode"), (0, 1))
        self.verticalHeader().show()

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage] = ()) -> None:
        self.rows.show_set(episode.support)
        text = tr("The {0} support items; {1} query items are asked afterwards")
        self.setToolTip(text.format(len(episode.support.y), len(episode.query.y)))

    def fit(self, width: int) -> None:
        """A table scrolls in the width it is given."""

    def sizeHint(self) -> QSize:
        return QSize(220, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 100)


class TablePage(Page):
    """Support set left, query set right, both with what is predicted at the step looked at."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self.support = RowsTable("lab.table.support", tr("Support set"), (0, 1, 2))
        self.queries = RowsTable("lab.table.queries", tr("Query predictions"), (0, 1, 2))
        hint = tr("Tick an item to keep it in new draws. Double-click a query item to ask why.")
        super().__init__(tr("Support set"), hint, self.support, self.queries)
        self.support.rows.lockToggled.connect(self._on_lock)
        self.queries.activated.connect(self._on_activated)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self._show_locks)
        state.stepsChanged.connect(self.show_step)
        state.cursorChanged.connect(self.show_step)
        self.show_task()

    @Slot()
    def show_task(self) -> None:
        episode = self._state.episode
        if episode is None or self._state.preview is not None:
            return
        self._show_sets(episode)
        self.show_step()

    def _show_sets(self, episode: Episode) -> None:
        self.support.rows.show_set(episode.support)
        self.queries.rows.show_set(episode.query)
        self._show_locks()

    @Slot()
    def show_step(self) -> None:
        """Where items come of what the learner does, those that it met at this step."""
        step = self._state.current
        if step is not None and step.met is not None:
            self._show_sets(step.met)
        self.support.rows.show_outputs(None if step is None else step.support_outputs)
        self.queries.rows.show_outputs(None if step is None else step.query_outputs)

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        self.support.setColumnHidden(INFLUENCE, values is None)
        self.support.rows.show_influence(values)

    @property
    def _slots(self) -> list[tuple[int, int]]:
        """Way and shot of every row of the support set; none where rows are met by acting."""
        collected = self._state.spec is not None and self._state.spec.collected
        return [] if self._state.task is None or collected else sorted(self._state.task.slots)

    @Slot()
    def _show_locks(self) -> None:
        if self._state.preview is None:
            held, slots = self._state.workspace.in_view.locked, self._slots
            self.support.rows.show_locks([slot in held for slot in slots] if slots else None)

    @Slot(int)
    def _on_lock(self, row: int) -> None:
        slots = self._slots
        if row < len(slots):
            self._state.workspace.in_view.toggle_lock(*slots[row])

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if self.queries.rows.told:
            self.whyAsked.emit(index.row())
