"""Which classes fail together: the matrix of pairs, and the worst pair in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.explorer import pair_sheet, told
from workbench.gui.explorer.pair_model import PairDelegate, PairModel
from workbench.gui.style import words
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState

CELL = (40, 26)
NAMES = 150
"""Of the names at the left, in pixels at most."""


class Pairs(QWidget):
    """Follows the step looked at."""

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = PairModel(self)
        self.said = label("", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.cell = label("", "small", wrap=True)
        self.table = self._make_table()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 12, 10, 0)
        layout.setSpacing(6)
        self.away = TakeAwayButton(self.sheet, "explorer.pairs", self.table)
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        head.addWidget(self.away, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(self.notes)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.cell)
        layout.addStretch(0)
        for signal in (state.changed, state.drawnChanged, state.stepChanged):
            signal.connect(self.refresh)
        self.table.selectionModel().currentChanged.connect(self._show_cell)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("explorer.pairs")
        table.setAccessibleName(self.tr("Classes that stand in a task together"))
        table.setToolTip(self.tr("Arrow keys walk; the sentence below tells the cell"))
        table.setModel(self.model)
        table.setItemDelegate(PairDelegate(table))
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """What nobody sees is not computed."""
        if not self.isVisible():
            return
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
        chosen = self._chosen()
        self.model.show(pairs, seen.metric)
        self._choose(*chosen)
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

    def sheet(self) -> Sheet | None:
        """The matrix with the two sentences about it."""
        notes = (self.said.text(), *self.notes.text().split("\n"))
        title = self.table.accessibleName()
        return None if self.model.pairs is None else pair_sheet.sheet(title, notes, self.model)

    def _chosen(self) -> tuple[str, str]:
        """The classes of the cell that the keys are on."""
        at, pairs = self.table.currentIndex(), self.model.pairs
        if pairs is None or not at.isValid():
            return "", ""
        return pairs.names[at.row()], pairs.names[at.column()]

    def _choose(self, one: str, other: str) -> None:
        """Other numbers bring another order: the keys stay on their classes."""
        names = () if self.model.pairs is None else self.model.pairs.names
        if one in names and other in names:
            self.table.setCurrentIndex(self.model.index(names.index(one), names.index(other)))
        self._show_cell()

    @Slot()
    def _show_cell(self) -> None:
        """What the keys are on."""
        at = self.table.currentIndex()
        there = self.model.pairs is not None and at.isValid()
        self.cell.setText(self.model.told(at.row(), at.column()) if there else "")

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
