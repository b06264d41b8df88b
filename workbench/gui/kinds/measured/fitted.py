"""The fitted function of one input between the rows that are asked, at every inner step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.kinds.measured.task import measured_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.session import Learner
    from workbench.tasks.measured.task import MeasuredTask

PLACES = 101


@dataclass(frozen=True, eq=False)
class Function:
    """Of a learner adapted to a task: places in the units of the data, and a curve a step."""

    learner: Learner
    task: MeasuredTask
    x: Any
    """``[PLACES]``"""
    steps: list[Any]
    """``[PLACES, e]`` of each step."""


class Fitted(QObject):
    """Computed on a thread once an adaptation is whole; `changed` when there is another one."""

    changed = Signal()

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.function: Function | None = None
        self._job: Job | None = None
        state.completed.connect(self.refresh)
        state.taskChanged.connect(self._forget)

    def at(self, step: int) -> tuple[Any, Any] | None:
        """Places and outputs of a step, where they are of what is looked at."""
        found, task = self.function, measured_in_view(self._state)
        if found is None or found.task is not task or not 0 <= step < len(found.steps):
            return None
        return found.x, found.steps[step]

    @Slot()
    def refresh(self) -> None:
        state, task, learner = self._state, measured_in_view(self._state), self._state.learner
        self._stop()
        if task is None or learner is None or len(task.scaled.x.names) != 1 or not state.steps:
            return
        turn, count = state.turn, len(state.steps) - 1

        def work(report: Report) -> Function:
            with turn:
                report("", 0.0)
                return _function(learner, task, count)

        self._job = Job(work, self._on_done, self._on_failed, parent=self)

    @Slot()
    def _forget(self) -> None:
        self._stop()
        if self.function is not None and self.function.task is not self._state.task:
            self.function = None
            self.changed.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _on_done(self, function: Function) -> None:
        self._job, self.function = None, function
        self.changed.emit()

    def _on_failed(self, problem: Exception) -> None:
        self._job = None


def _function(learner: Learner, task: MeasuredTask, steps: int) -> Function:
    import torch

    from workbench.core.episode import Batch
    from workbench.gui.kinds.measured.room import room_of

    left, right = room_of(task).x
    x = torch.linspace(left, right, PLACES, dtype=torch.float64)
    episode, scaled = task.episode(), task.scaled
    asked = scaled.x.standard(x[:, None])
    nothing = torch.full((PLACES, len(scaled.y.names)), torch.nan, dtype=episode.support.y.dtype)
    seen = learner.adapt(replace(episode, query=Batch(asked, nothing)), steps)
    outputs = [scaled.y.own(step.query_outputs).numpy() for step in seen]
    return Function(learner, task, x.numpy(), outputs)
