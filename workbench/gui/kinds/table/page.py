"""The lab of tasks without a face of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.table.editing import item_written
from workbench.gui.kinds.table.rows import INFLUENCE, TARGET
from workbench.gui.kinds.table.tables import RowsTable
from workbench.gui.kinds.table.words import tr
from workbench.gui.lab.face import Page
from workbench.gui.state.task_in_view import locks_without

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.core.task import Task
    from workbench.gui.lab.state import LabState
    from workbench.gui.state.task_in_view import Locked


class TablePage(Page):
    """Support set left, query set right, both with what is predicted at the step looked at."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self.support = RowsTable("lab.table.support", tr("Support set"), (0, 1, 2))
        self.queries = RowsTable("lab.table.queries", tr("Query predictions"), (0, 1, 2))
        hint = tr("Tick to keep, double-click to change, Del removes. Double-click a query: why?")
        super().__init__(tr("Support set"), hint, self.support, self.queries)
        self.sheets = (self.support.sheet, self.queries.sheet)
        self.support.allow_editing()
        self.support.rows.written.connect(self._on_written)
        self.support.removeWanted.connect(self._on_remove)
        self.support.rows.lockToggled.connect(self._on_lock)
        self.queries.activated.connect(self._on_activated)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self._show_locks)
        state.stepsChanged.connect(state.turns.take(self.show_step))
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
    def _slots(self) -> list[tuple[int, ...]]:
        """Of every row of the support set; none where rows are met by acting."""
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
            self._state.workspace.in_view.toggle_lock(slots[row])

    @Slot(int, int, str)
    def _on_written(self, row: int, column: int, text: str) -> None:
        task, spec, slots = self._state.task, self._state.spec, self._slots
        if task is None or spec is None or row >= len(slots):
            return
        try:
            item = item_written(spec, task.episode().support, row, column, text)
            edited = task.with_item(slots[row], item)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        moved = column == TARGET and spec.labels
        held = self._state.workspace.in_view.locked
        self._change(edited, locks_without(held, slots[row]) if moved else held)

    @Slot(int)
    def _on_remove(self, row: int) -> None:
        task, slots = self._state.task, self._slots
        if task is None or row >= len(slots):
            return
        try:
            edited = task.without(slots[row])
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self._change(edited, locks_without(self._state.workspace.in_view.locked, slots[row]))

    def _change(self, task: Task, locked: Locked) -> None:
        self.accepted.emit()
        self._state.edit(task, locked=locked)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if self.queries.rows.told:
            self.whyAsked.emit(index.row())
