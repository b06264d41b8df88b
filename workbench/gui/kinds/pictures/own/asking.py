"""What the learner in view says of one's own pictures, after the inner steps looked at.

Each is predicted beside the support set alone (`experiments.predicting`), so that neither the query
set nor another picture changes what it is taken for. A thread asks a learner of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.pictures.own.held import Held, Own, OwnPictures
from workbench.gui.lab.state import LabState
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.core.task import TaskFamily
    from workbench.experiments.session import Learner


class _Of(NamedTuple):
    """Whom a prediction is of: the learner, and the task whose support set it adapted to."""

    learner: Learner
    task: Any

    def is_of(self, other: _Of) -> bool:
        return self.learner is other.learner and self.task is other.task


class _Said(NamedTuple):
    """``chances`` holds a probability for each class; empty where nothing could be said."""

    of: _Of
    chances: list[float]


class Asking(QObject):
    """Follows task, learner and step; what an older learner said stands until the newer one has."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, state: LabState, pictures: OwnPictures, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._pictures = state, pictures
        self._said: dict[tuple[int, Tensor], _Said] = {}
        """By step and pixels."""
        self._job: Job | None = None
        for signal in (state.stepsChanged, state.cursorChanged, pictures.changed):
            signal.connect(self.refresh)

    @property
    def asked(self) -> Held:
        """The pictures that the learner in view can be asked about."""
        return self._pictures.fitting(getattr(self._state.task, "style", None))

    def chances(self, own: Own) -> list[float]:
        """At the step looked at; empty while nothing is known."""
        return self._at(self._state.cursor, own)

    def before(self, own: Own) -> list[float]:
        """At step 0."""
        return self._at(0, own)

    def _at(self, step: int, own: Own) -> list[float]:
        said, spec = self._said.get((step, own.pixels)), self._state.spec
        fits = said is not None and spec is not None and len(said.chances) == spec.outputs
        return said.chances if said is not None and fits else []

    @Slot()
    def refresh(self) -> None:
        """Ask for what is missing; one thing at a time, and what is looked at first."""
        if not self._state.steps:
            self._said.clear()
        if self._job is None:
            self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        state, family = self._state, self._state.workspace.data.family
        learner, task = state.learner, state.task
        if state.busy or not state.steps or learner is None or task is None or family is None:
            return
        of = _Of(learner, task)
        for step in self._steps():
            missing = [own.pixels for own in self.asked if not self._known(step, own, of)]
            if missing:
                self._job = Job(
                    partial(_asked, of, family, step, missing),
                    partial(self._keep, of, step, missing),
                    partial(self._on_failed, of, step, missing),
                    parent=self,
                )
                return

    def _steps(self) -> list[int]:
        """The one looked at, that before adapting, and those that may be looked at next."""
        cursor, last = self._state.cursor, len(self._state.steps) - 1
        return [step for step in (cursor, 0, cursor + 1, cursor - 1) if 0 <= step <= last]

    def _known(self, step: int, own: Own, of: _Of) -> bool:
        said = self._said.get((step, own.pixels))
        return said is not None and said.of.is_of(of)

    def _on_failed(self, of: _Of, step: int, asked: list[Tensor], problem: Exception) -> None:
        self._keep(of, step, asked, [[] for _ in asked])
        if not isinstance(problem, BadInput) or step == self._state.cursor:
            self.failed.emit(problem)

    def _keep(self, of: _Of, step: int, asked: list[Tensor], found: list[list[float]]) -> None:
        self._job = None
        if self._state.steps and of.task is self._state.task:
            for pixels, chances in zip(asked, found, strict=True):
                self._said[step, pixels] = _Said(of, chances)
        self.refresh()


def _asked(
    of: _Of, family: TaskFamily, step: int, pixels: list[Tensor], report: Report
) -> list[list[float]]:
    import torch

    from workbench.experiments.predicting.answers import Answers
    from workbench.experiments.predicting.predictor import beside

    task = of.task
    support, fitting = task.episode().support, family.fitting(task)
    with beside(
        of.learner, Answers.classes(task.class_titles), support, step, fitting
    ) as predictor:
        report("", 0.0)
        return [chances.tolist() for chances in predictor.probabilities(torch.stack(pixels))]
