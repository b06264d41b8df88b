"""One learner of the comparison with what it says about the task in view, step by step."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from workbench.core.user_code import Untrusted
from workbench.gui.lab.adaptation import Adaptation, Request
from workbench.gui.lab.compare.choices import Choice, build
from workbench.gui.lab.state import SHOW_INTERVAL_MS, LabState
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.core.task import ProblemSpec, Task, TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner


class Column(QObject):
    """`place` settles its colour and its mark, and stays its own while others come and go."""

    changed = Signal()

    def __init__(self, place: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.choice: Choice | None = None
        self.learner: Learner | None = None
        self.steps: list[AdaptStep] = []
        self.problem = ""

    @property
    def config(self) -> ExperimentConfig | None:
        if self.learner is not None:
            return self.learner.config
        return None if self.choice is None else self.choice.config

    @property
    def stepwise(self) -> bool:
        if self.learner is not None:
            return self.learner.algorithm.has_steps
        return self.config is not None and self.config.takes_steps

    def at(self, cursor: int) -> AdaptStep | None:
        """A column with fewer steps stays at its last."""
        return self.steps[min(cursor, len(self.steps) - 1)] if self.steps else None


class OwnColumn(Column):
    """The lab's own learner: its numbers are the lab's, nothing is computed twice."""

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(0, parent)
        self._state = state
        state.stepsChanged.connect(self._on_steps)
        state.adaptationFailed.connect(self._on_failed)
        self._on_steps()

    @Slot()
    def _on_steps(self) -> None:
        self.learner, self.steps = self._state.learner, self._state.steps
        misfit = self._state.fit.misfit is not None
        self.problem = self.tr("Its head is for another number of classes") if misfit else ""
        self.changed.emit()

    @property
    def stepwise(self) -> bool:
        return self._state.stepwise

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.problem = str(error) or type(error).__name__
        self.changed.emit()


class AddedColumn(Column):
    """Builds its learner on a thread, then adapts it whenever it is told to.

    `rested` comes when it may be given something to compute: after building, and after adapting.
    """

    rested = Signal()
    untrusted = Signal(object)

    def __init__(self, place: int, choice: Choice, parent: QObject | None = None) -> None:
        super().__init__(place, parent)
        self.choice: Choice = choice
        self.shown_at = 0.0
        """On the monotonic clock: who has waited longest computes first."""
        self._spec: ProblemSpec | None = None
        self._build: Job | None = None
        self._given: tuple[Task, int] | None = None
        self._arrived: list[AdaptStep] = []
        self._since_shown = QElapsedTimer()
        self._adaptation = Adaptation(self)
        self._adaptation.arrived.connect(self._on_arrived)
        self._adaptation.finished.connect(self._on_finished)
        self._adaptation.failed.connect(self._on_failed)

    @property
    def computing(self) -> bool:
        return self._adaptation.busy

    def prepare(self, family: TaskFamily) -> None:
        """Build the learner, unless it was tried for tasks of this shape."""
        if self._spec == family.spec:
            return
        self.close()
        self.learner, self._spec = None, family.spec
        self.forget()
        work = partial(build, self.choice, family)
        self._build = Job(work, self._on_built, self._on_unbuilt, parent=self)

    def _on_built(self, learner: Learner) -> None:
        self._build, self.learner = None, learner
        self.changed.emit()
        self.rested.emit()

    def _on_unbuilt(self, error: Exception) -> None:
        self._build = None
        self._show_problem(error)
        if isinstance(error, Untrusted):
            self.untrusted.emit(error)

    def retry(self) -> None:
        """Try again what could not be built."""
        self._spec = None
        self.rested.emit()

    def due(self, task: Task, steps: int) -> bool:
        """Whether something else is to be computed than what is shown or on its way."""
        if self.learner is None:
            return False
        return (
            self._given is None or self._given[0] is not task or self._given[1] != self._own(steps)
        )

    def _own(self, steps: int) -> int:
        """A closed form takes none, whatever the others take."""
        return steps if self.stepwise else 0

    def start(self, task: Task, steps: int) -> None:
        assert self.learner is not None
        self._given, self._arrived, self.problem = (task, self._own(steps)), [], ""
        self._since_shown.start()
        self._adaptation.start(Request(self.learner, task, self._own(steps)))

    def stop(self) -> None:
        """Drop what is on its way."""
        if self.computing:
            self._adaptation.cancel()
            self._given = None

    def forget(self) -> None:
        """Nothing is known about the task in view."""
        self.stop()
        self.steps, self._given = [], None
        self.problem = self.problem if self.learner is None else ""
        self.changed.emit()

    def close(self) -> None:
        self.stop()
        if self._build is not None:
            self._build.cancel()
        self._build = None

    @Slot(list)
    def _on_arrived(self, steps: list[AdaptStep]) -> None:
        self._arrived += steps
        if self._since_shown.elapsed() >= SHOW_INTERVAL_MS:
            self._show()

    def _show(self) -> None:
        self.steps = list(self._arrived)
        self.shown_at = time.monotonic()
        self._since_shown.restart()
        self.changed.emit()

    @Slot()
    def _on_finished(self) -> None:
        self._show()
        self.rested.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._show_problem(error)
        self.rested.emit()

    def _show_problem(self, error: Exception) -> None:
        self.steps, self.problem = [], str(error) or type(error).__name__
        self.changed.emit()
