"""Which learners are compared, and who of them computes when."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from workbench.core.metric import named
from workbench.gui.lab.compare.choices import Choice
from workbench.gui.lab.compare.column import AddedColumn, Column, OwnColumn
from workbench.gui.lab.compare.column_look import MOST
from workbench.gui.lab.compare.walk import CommonWalk
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.core.task import Task

AT_ONCE = 2
"""Learners that compute at the same time, the lab's own among them; one always may."""
INTERVAL_MS = 60
"""While a point is dragged, the others follow at most this often, so that each can end."""


class Comparison(QObject):
    """The lab's own learner first; the others adapt to whatever task is in view.

    Signals: `columnsChanged` (one came or went) and `changed` (one has something else to show).
    While it is not active, nothing is computed.
    """

    columnsChanged = Signal()
    changed = Signal()

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._active = False
        self._since_start = QElapsedTimer()
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._start_anew)
        own = OwnColumn(state, self)
        own.changed.connect(self.changed)
        self.columns: list[Column] = [own]
        self.walk = CommonWalk(state, self.columns, self)
        self.walk.plannedChanged.connect(self._start_anew)
        state.taskChanged.connect(self._on_task)
        state.completed.connect(self._go_on)

    @property
    def added(self) -> list[AddedColumn]:
        return [column for column in self.columns if isinstance(column, AddedColumn)]

    @property
    def full(self) -> bool:
        return len(self.columns) >= MOST

    def has(self, choice: Choice) -> bool:
        """Also where the lab's own learner has just these weights."""
        learner = self._state.learner
        if learner is not None and choice.iteration is not None:
            own = (learner.origin, learner.iteration)
            if own == (choice.path, choice.iteration):
                return True
        return any(choice.same(column.choice) for column in self.added)

    def add(self, choice: Choice) -> bool:
        """Whether there was room for it, and it was not there yet."""
        if self.full or self.has(choice):
            return False
        taken = {column.place for column in self.columns}
        place = next(place for place in range(MOST) if place not in taken)
        column = AddedColumn(place, choice, self)
        column.changed.connect(self.changed)
        column.rested.connect(self._go_on)
        column.untrusted.connect(self._on_untrusted)
        self.columns.append(column)
        self.columnsChanged.emit()
        self._go_on()
        return True

    @Slot(object)
    def _on_untrusted(self, refused: object) -> None:
        """A column that waits for trust says so meanwhile, and after a no."""
        column = self.sender()
        assert isinstance(column, AddedColumn)
        again = partial(self._retry, column)
        self._state.workspace.troubles.untrusted.emit(refused, again, lambda: None)

    def _retry(self, column: AddedColumn) -> None:
        if column in self.columns:
            column.retry()

    def remove(self, column: AddedColumn) -> None:
        column.close()
        self.columns.remove(column)
        column.deleteLater()
        self.columnsChanged.emit()
        self.walk.refresh()

    def cancel(self) -> bool:
        """Take away the columns that have shown nothing yet; whether there were any."""
        waiting = [column for column in self.added if not (column.steps or column.problem)]
        for column in waiting:
            self.remove(column)
        return bool(waiting)

    def set_active(self, active: bool) -> None:
        """Catches up when it is looked at again."""
        self._active = active
        if active:
            self._start_anew()
            return
        self._later.stop()
        for column in self.added:
            column.stop()

    def leaders(self, cursor: int) -> list[Column]:
        """Those with the best query metric at a step; none where nobody is ahead of another."""
        spec = self._state.spec
        sign = -1.0 if spec is not None and not named(spec.metric).larger_is_better else 1.0
        values = {
            column: sign * step.query_metric
            for column in self.columns
            if (step := column.at(cursor)) is not None and math.isfinite(step.query_metric)
        }
        best = max(values.values(), default=0.0)
        leaders = [column for column, value in values.items() if value == best]
        return leaders if 0 < len(leaders) < len(values) else []

    @Slot()
    def _on_task(self) -> None:
        """A support set changed by hand: the old numbers stay until the first new ones come."""
        for column in self.added:
            if not self._state.edited:
                column.forget()
        self._start_anew()

    @Slot()
    def _start_anew(self) -> None:
        """At once, unless that was done a moment ago."""
        if not self._active:
            return
        waited = self._since_start.elapsed() if self._since_start.isValid() else INTERVAL_MS
        if waited >= INTERVAL_MS:
            self._later.stop()
            self._since_start.start()
            self._go_on()
        elif not self._later.isActive():
            self._later.start(INTERVAL_MS - waited)

    @Slot()
    def _go_on(self) -> None:
        """Stop what nobody looks at any more, and start as many as may compute."""
        family, task = self._state.workspace.data.family, self._state.task
        if not self._active or family is None or task is None:
            return
        fitting = family.fitting(task)
        for column in self.added:
            column.prepare(fitting)
        self._start_due(task, self.walk.planned)

    def _start_due(self, task: Task, steps: int) -> None:
        due = [column for column in self.added if column.due(task, steps)]
        due.sort(key=lambda column: column.shown_at)
        for column in due:
            column.stop()
        computing = sum(column.computing for column in self.added)
        free = max(AT_ONCE - computing - self._state.busy, not computing)
        for column in due[:free]:
            column.start(task, steps)
