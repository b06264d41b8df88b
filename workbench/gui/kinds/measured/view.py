"""A task of measurements: a plot of two columns, and below it both sets as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kinds.measured.axes import Axes
from workbench.gui.kinds.measured.editing import RowEditing
from workbench.gui.kinds.measured.plot import MeasuredPlot
from workbench.gui.kinds.measured.queries import QuerySet
from workbench.gui.kinds.measured.table import MeasuredTable
from workbench.gui.kinds.measured.words import tr
from workbench.gui.lab.state import LabState
from workbench.gui.style.widgets import column
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.gui.state.task_in_view import Locked


class TaskView(QWidget):
    """The support set is written, dragged, added to and removed from; the query set is told."""

    def __init__(self, state: LabState, editing: RowEditing) -> None:
        super().__init__()
        self._state, self.editing = state, editing
        self.axes = Axes()
        self.table = MeasuredTable("lab.measured.support", tr("Support set"))
        self.table.allow_editing()
        self.plot = MeasuredPlot(state, editing, self.axes)
        self.query = QuerySet(state)
        self.tabs = self._make_tabs()
        self._lay_out()
        self.table.rows.written.connect(self._on_written)
        self.table.rows.lockToggled.connect(self._on_lock)
        self.table.addWanted.connect(self._on_add)
        self.table.removeWanted.connect(self._on_remove)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        editing.choiceChanged.connect(self._on_choice)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self._show_locks)
        state.stepsChanged.connect(self.show_step)
        state.cursorChanged.connect(self.show_step)
        self.show_task()

    def _make_tabs(self) -> QTabWidget:
        """With the buttons for rows in the corner, where they cost no height."""
        tabs = QTabWidget()
        tabs.setObjectName("lab.measured.sets")
        tabs.setAccessibleName(tr("Support and query rows"))
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.addTab(self.table, tr("Support"))
        tabs.addTab(self.query, tr("Query"))
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(_button("lab.measured.add", tr("+ Row"), tr("Add a row (Ins)"), self._add))
        row.addWidget(
            _button(
                "lab.measured.remove", tr("− Row"), tr("Remove the chosen row (Del)"), self._remove
            )
        )
        tabs.setCornerWidget(corner)
        tabs.currentChanged.connect(self._on_tab)
        return tabs

    def _lay_out(self) -> None:
        above = column(self.axes, self.plot, spacing=4, grows=(self.plot,))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(8)
        for part, stretch in ((above, 3), (self.tabs, 2)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, stretch)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(split)

    def sheet(self) -> Sheet | None:
        """The table that is looked at."""
        shown = self.table if self.tabs.currentIndex() == 0 else self.query.table
        return shown.sheet()

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_task(self) -> None:
        task = self.editing.task
        if task is None:
            return
        self.axes.show_units(task.scaled)
        self.table.rows.show_rows(task.support, task.scaled)
        self.plot.show_task()
        self._show_locks()
        self._on_choice()
        self.show_step()

    @Slot()
    def show_step(self) -> None:
        step = self._state.current
        self.table.rows.show_outputs(None if step is None else step.support_outputs)

    @Slot()
    def _show_locks(self) -> None:
        task = self.editing.task
        if task is not None:
            held: Locked = self._state.workspace.in_view.locked
            self.table.rows.show_locks([(0, row) in held for row in range(len(task.support))])

    # --- under the hand ----------------------------------------------------------------------

    @Slot(int, int, str)
    def _on_written(self, row: int, at: int, text: str) -> None:
        self.editing.write(row, self.table.rows.parts[at], text)

    @Slot(int)
    def _on_lock(self, row: int) -> None:
        self._state.workspace.in_view.toggle_lock((0, row))

    @Slot(int)
    def _on_tab(self, tab: int) -> None:
        """Rows of the query set are those of the data."""
        corner = self.tabs.cornerWidget()
        if corner is not None:
            corner.setEnabled(tab == 0)

    @Slot()
    def _add(self) -> None:
        self.editing.add_anywhere()
        self.table.setFocus()

    @Slot()
    def _remove(self) -> None:
        self.editing.remove()

    @Slot(int)
    def _on_add(self, row: int) -> None:
        self.editing.add_anywhere()

    @Slot(int)
    def _on_remove(self, row: int) -> None:
        if row >= 0:
            self.editing.choose(row)
            self.editing.remove()

    @Slot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.editing.choose(index.row())

    @Slot()
    def _on_choice(self) -> None:
        self.table.choose(self.editing.chosen)


def _button(name: str, text: str, tip: str, act: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.clicked.connect(act)
    return button
