"""The words that carry a prediction, of the sentence that was asked about, at every inner step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.kinds.text.task import text_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from threading import Lock

    from workbench.experiments.insight.words import Carried
    from workbench.experiments.session import Learner
    from workbench.tasks.texts.text_task import TextTask

    Asked = tuple[Learner, TextTask, str, int]


class Carry(QObject):
    """Follows task, learner and number of steps until another sentence is asked about, or none.

    Newer weights of the learner leave what is shown until their own is there.
    """

    changed = Signal()

    def __init__(self, state: LabState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self.text: str | None = None
        self.found: list[Carried] = []
        """By inner step."""
        self.problem = ""
        self._asked: Asked | None = None
        self._job: Job | None = None
        state.taskChanged.connect(self._on_task)
        state.stepsChanged.connect(self.refresh)

    @property
    def computing(self) -> bool:
        return self._job is not None

    def ask(self, text: str | None) -> None:
        if text != self.text:
            self.text = text
            self._forget()
            self.refresh()
            self.changed.emit()

    def effects(self, step: int) -> list[float]:
        """What each word adds to the logit of the class predicted at a step; empty if unknown."""
        if not self.found:
            return []
        seen = self.found[min(step, len(self.found) - 1)]
        values: list[float] = seen.effects[:, seen.way].tolist()
        return values if all(map(math.isfinite, values)) else []

    @property
    def strongest(self) -> float:
        """The largest of all steps, so that steps can be compared."""
        values = (abs(value) for step in range(len(self.found)) for value in self.effects(step))
        return max(values, default=0.0) or 1.0

    @Slot()
    def _on_task(self) -> None:
        self._forget()
        self.changed.emit()

    @Slot()
    def refresh(self) -> None:
        """Compute on a thread what is not known yet."""
        state, task = self._state, text_in_view(self._state)
        learner, text = state.learner, self.text
        if text is None or task is None or learner is None or state.busy or not state.steps:
            return
        asked = (learner, task, text, state.planned)
        if self._asked is not None and _same(self._asked, asked):
            return
        self._cancel()
        self._asked, turn = asked, state.turn

        def work(report: Report) -> list[Carried]:
            return _found(asked, turn, report)

        self._job = Job(work, self._on_done, self._on_failed, parent=self)

    def _forget(self) -> None:
        self._cancel()
        self._asked, self.found, self.problem = None, [], ""

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def _on_done(self, found: list[Carried]) -> None:
        self._job, self.found, self.problem = None, found, ""
        self.changed.emit()

    def _on_failed(self, problem: Exception) -> None:
        self._job, self.found, self.problem = None, [], str(problem) or type(problem).__name__
        self.changed.emit()


def _same(one: Asked, other: Asked) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2:] == other[2:]


def _found(asked: Asked, turn: Lock, report: Report) -> list[Carried]:
    """One step at a time, as the lab adapts: each lends its weights to the learner's module."""
    import torch

    from workbench.experiments.insight.words import words_that_carry

    torch.set_num_threads(1)
    steps = words_that_carry(*asked)
    found: list[Carried] = []
    while True:
        report("", 0.0)
        with turn:
            step = next(steps, None)
        if step is None:
            return found
        found.append(step)
