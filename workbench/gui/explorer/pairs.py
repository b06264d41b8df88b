"""Which classes fail together, as a matrix of the means of the tasks that hold both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from workbench.core.errors import printable
from workbench.gui.explorer import told
from workbench.gui.style import paint, theme, words
from workbench.gui.style.widgets import label, plain

if TYPE_CHECKING:
    from workbench.experiments.tasks_seen.together import Together
    from workbench.gui.explorer.state import ExplorerState

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
CELL = (52, 26)
NAMES = 120
"""Of the names at the left, in pixels at most."""


class PairModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: Together | None = None
        self._metric = ""
        self._range = (0.0, 1.0)

    def show(self, pairs: Together | None, metric: str) -> None:
        self.beginResetModel()
        self.pairs, self._metric = pairs, metric
        if pairs is not None:
            held = pairs.means[pairs.means.isfinite()]
            ends = (float(held.min()), float(held.max())) if len(held) else (0.0, 1.0)
            self._range = ends
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self.pairs is None else len(self.pairs.names)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return self.rowCount(parent)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if self.pairs is None or role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        name = self.pairs.names[section]
        return plain(name) if role == Role.ToolTipRole else printable(name)

    def data(self, index: Index, role: int = 0) -> Any:
        from workbench.experiments.tasks_seen.together import FEW

        if self.pairs is None:
            return None
        count = int(self.pairs.counts[index.row(), index.column()])
        mean = float(self.pairs.means[index.row(), index.column()])
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return plain(self.told(index.row(), index.column()))
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if not count:
            return None
        few = count < FEW
        if role == Role.DisplayRole:
            return words.figure_text(self._metric, mean).replace(" %", "")
        if role == Role.BackgroundRole:
            return self._shade(mean, 0.25 if few else 1.0)
        if role == Role.ForegroundRole:
            return theme.current().color("faint" if few else "text")
        return None

    def told(self, row: int, column: int) -> str:
        """One cell in words, with its number of tasks."""
        from workbench.experiments.tasks_seen.together import FEW

        assert self.pairs is not None
        one, other = (printable(self.pairs.names[place]) for place in (row, column))
        who = one if row == column else self.tr("{0} with {1}").format(one, other)
        count = int(self.pairs.counts[row, column])
        if not count:
            return self.tr("{who}: no task holds both").format(who=who)
        mean = words.metric_text(self._metric, float(self.pairs.means[row, column]))
        text = self.tr("{who}: {mean}, the mean of {n} tasks")
        if count == 1:
            text = self.tr("{who}: {mean}, in one task alone")
        elif count < FEW:
            text = self.tr("{who}: {mean}, the mean of {n} tasks: too few to say much")
        return text.format(who=who, mean=mean, n=count)

    def _shade(self, mean: float, strength: float) -> Any:
        """From the surface to the worst colour; the direction is that of the metric."""
        from workbench.core.metric import named

        low, high = self._range
        share = (mean - low) / (high - low) if high > low else 0.0
        bad = 1 - share if named(self._metric).larger_is_better else share
        look = theme.current()
        return paint.blend(look.color("surface"), look.color("danger"), 0.6 * bad * strength)


class Pairs(QWidget):
    """Follows the step looked at."""

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = PairModel(self)
        self.said = label("", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.table = self._make_table()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 10, 0, 0)
        layout.setSpacing(6)
        for part in (self.said, self.notes):
            layout.addWidget(part)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        for signal in (state.changed, state.drawnChanged, state.stepChanged):
            signal.connect(self.refresh)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("explorer.pairs")
        table.setAccessibleName(self.tr("Classes that stand in a task together"))
        table.setModel(self.model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        for header, size in zip(
            (table.horizontalHeader(), table.verticalHeader()), CELL, strict=True
        ):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(20)
            header.setDefaultSectionSize(size)
            header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().setMaximumWidth(NAMES)
        return table

    def refresh(self) -> None:
        from workbench.experiments.tasks_seen.together import FEW, together

        seen, step = self._state.seen, self._state.step
        there = seen is not None and bool(seen.classes)
        self.table.setVisible(there)
        self.notes.setVisible(there)
        if seen is None or not seen.classes:
            self.model.show(None, "")
            self.said.setText(self._why_none())
            return
        pairs = together(seen.classes, seen.values[:, step], seen.larger_is_better)
        self.model.show(pairs, seen.metric)
        worst = pairs.worst(seen.larger_is_better)
        none = self.tr("No two classes stand in enough tasks together to say which fail together.")
        self.said.setText(none if worst is None else self._worst(*worst))
        about = self.tr(
            "Each cell: {name} of the tasks that hold both classes, {after}; the diagonal: all "
            "tasks of a class. Faint cells are the mean of fewer than {few} tasks."
        )
        title, after = words.axis_title(seen.metric), told.after_text(seen, step)
        self.notes.setText(
            "\n".join((about.format(name=title, after=after, few=FEW), told.protocol_text(seen)))
        )

    def _worst(self, row: int, column: int) -> str:
        seen, pairs = self._state.seen, self.model.pairs
        assert seen is not None and pairs is not None
        overall = words.metric_text(seen.metric, pairs.overall)
        text = self.tr("Worst together: {told}; all tasks: {overall}.")
        return text.format(told=self.model.told(row, column), overall=overall)

    def _why_none(self) -> str:
        state = self._state
        if state.seen is None:
            return ""
        if state.drawn.tasks:
            return self.tr("These tasks have no classes that other tasks share.")
        return state.why_not or self.tr("Drawing the tasks once more…")
