"""What the lab shows: the adapted steps of the task in view and the step that is looked at."""

from __future__ import annotations

import math
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.lab.adaptation import Adaptation, Request
from workbench.gui.lab.new_head import Fit
from workbench.gui.lab.preview import Preview, recorded
from workbench.gui.lab.source import LearnerSource
from workbench.gui.lab.walk import Walk
from workbench.gui.threads.turns import Turns

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.core.episode import Episode
    from workbench.core.task import ProblemSpec, Task, TaskFamily
    from workbench.experiments.session import Learner
    from workbench.gui.state.task_in_view import Locked
    from workbench.gui.state.workspace import Workspace

DRAG_INTERVAL_MS = 30
"""While a point is dragged, adaptations start at most this often, so that each can end."""
SHOW_INTERVAL_MS = 80
"""A long adaptation is drawn as it goes, but not more often than this."""


class LabState(Walk):
    """Re-adapts by itself whenever the task, the learner or the number of steps changes.

    Signals, beside those of a walk: `taskChanged` (other support or query), `completed` (the last
    step came), `adaptationFailed`, and `failed` with whatever the user should be told.
    """

    taskChanged = Signal()
    completed = Signal()
    failed = Signal(object)
    adaptationFailed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._steps: list[AdaptStep] = []
        self.task: Task | None = None
        self.episode: Episode | None = None
        self.spec: ProblemSpec | None = None
        self.bounds: dict[str, float] = {}
        """What the query metric is measured by, by what it is called; see `TaskFamily.bounds`."""
        self.learner: Learner | None = None
        self.base: Learner | None = None
        """The learner before it was given a head for the task in view."""
        self.preview: Preview | None = None if workspace.ready else recorded()
        """Shown until the first live adaptation is whole."""
        self._arrived: list[AdaptStep] = []
        self._held = False
        self._dirty = False
        self._active = False
        self.fit = Fit(self)
        self.turns = Turns(self)
        """Who draws much at every change of the steps connects by way of it."""
        self._since_start = QElapsedTimer()
        self._since_shown = QElapsedTimer()
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.readapt)
        self._adaptation = Adaptation(self)
        self._source = LearnerSource(workspace, self)
        self._connect()
        self._on_task()

    def _connect(self) -> None:
        self._adaptation.arrived.connect(self._on_steps)
        self._adaptation.finished.connect(self._on_finished)
        self._adaptation.failed.connect(self._on_failed)
        self.fit.changed.connect(self._on_fit)
        self.fit.failed.connect(self.failed)
        self.workspace.in_view.changed.connect(self._on_task)
        self.workspace.learners.changed.connect(self._on_learner)
        self.workspace.stepInnerRequested.connect(self.step_inner)

    # --- what is looked at -------------------------------------------------------------------

    @property
    def steps(self) -> list[AdaptStep]:
        return self._steps

    @property
    def stepwise(self) -> bool:
        return self.learner is None or self.learner.algorithm.has_steps

    @property
    def usual(self) -> int:
        """What the algorithm is tested with; before there is one, what the preview shows."""
        learner = self.learner or self.base
        return learner.algorithm.test_steps if learner else max(len(self.steps) - 1, 1)

    @property
    def busy(self) -> bool:
        """Whether what is shown will yet be replaced: by an adaptation that is due or goes on."""
        return self.preview is not None or self._adaptation.busy or self._later.isActive()

    @property
    def turn(self) -> Lock:
        """To be held while one computes with `learner`: its module is lent to one at a time."""
        return self._adaptation.turn

    def set_planned(self, steps: int) -> None:
        before = self.planned
        super().set_planned(steps)
        if self.planned != before:
            self.readapt()

    @property
    def choice(self) -> str:
        """Whose weights are asked for; see `LearnerSource`."""
        return self._source.choice

    def learner_of(self, choice: str) -> Learner | None:
        """Whose weights these would be."""
        return self._source.of(choice)

    def choose(self, choice: str) -> None:
        if choice != self._source.choice:
            self._source.choice = choice
            self._start(hold=True)

    # --- what is edited ----------------------------------------------------------------------

    @property
    def edited(self) -> bool:
        """Whether the task was changed by hand since it was drawn."""
        return self.workspace.in_view.edited

    def edit(self, task: Task, kind: str = "", locked: Locked | None = None) -> None:
        """Show a task changed by hand; see `TaskInView.edit`. What is refused, `failed` says."""
        try:
            self.workspace.in_view.edit(task, kind, locked)
        except BadInput as problem:
            self.failed.emit(problem)

    # --- adapting ----------------------------------------------------------------------------

    def set_active(self, active: bool) -> None:
        """A lab nobody sees does not compute; it catches up when it is shown."""
        self._active = active
        if not active and self._adaptation.busy:
            self._adaptation.cancel()
            self._dirty = True
        if active and self._dirty:
            self.readapt()

    @Slot()
    def readapt(self) -> None:
        """Adapt the learner to the task anew; the old curve goes when step 0 comes."""
        self._start(hold=False)

    def _start(self, hold: bool) -> None:
        self._later.stop()
        self._adaptation.cancel()
        self._dirty = not self._active
        if not self._active:
            return
        self._refresh_learner()
        self._arrived, self._held = [], (hold or self.preview is not None) and bool(self.steps)
        if self.learner is None or self.task is None:
            if self.preview is None:
                self._clear()
            return
        self._since_start.start()
        self._since_shown.start()
        self._adaptation.start(Request(self.learner, self.task, self.planned))

    def _refresh_learner(self) -> None:
        before, family = self.planned, self.workspace.data.family
        self.base = self.learner = self._source.current()
        if family is not None and self.task is not None:
            self.fit.want(self.base, family, self.task)
            self.learner = self.fit.learner
        if self.planned != before:
            self.plannedChanged.emit()

    @Slot()
    def _on_task(self) -> None:
        family = self.workspace.data.family
        if family is None and self.preview is not None:
            self._show_preview(self.preview)
            return
        self.task = self.workspace.in_view.task if family is not None else None
        before, self.spec = self.spec, None
        if family is not None:
            self.spec = family.fitting(self.task).spec if self.task is not None else family.spec
        self.episode = self.task.episode() if self.task is not None else None
        self.bounds = {} if family is None else _bounds(family, self.episode)
        preview = self.preview
        if preview is not None and not preview.is_like(self.task, self.spec, self.episode):
            self.preview = None
        if self.preview is None and not (self.edited and self.spec == before):
            if not self.edited and self.spec != before:
                self._start_over()
            self._clear()
        self.taskChanged.emit()
        self._readapt_soon()

    def _show_preview(self, preview: Preview) -> None:
        self.task, self.spec, self.episode = preview.task, preview.spec, preview.episode
        self._steps = preview.steps
        self.taskChanged.emit()
        self.stepsChanged.emit()

    def _readapt_soon(self) -> None:
        """At once, unless one was started a moment ago, as while a point is dragged."""
        waited = self._since_start.elapsed() if self._since_start.isValid() else DRAG_INTERVAL_MS
        if waited >= DRAG_INTERVAL_MS:
            self.readapt()
        elif not self._later.isActive():
            self._later.start(DRAG_INTERVAL_MS - waited)

    @Slot()
    def _on_learner(self) -> None:
        """New weights, same task: keep the old curve on the screen until the new one is whole.

        What is going on may end first, so that fast training cannot starve the lab.
        """
        if self._adaptation.busy:
            self._dirty = self._dirty or self._source.current() is not self.base
        else:
            self._start(hold=True)

    @Slot()
    def _on_fit(self) -> None:
        """A learner with another head is ready, which what is going on may not have."""
        if self._adaptation.busy:
            self._dirty = True
        else:
            self._start(hold=True)

    @Slot(list)
    def _on_steps(self, steps: list[AdaptStep]) -> None:
        self._arrived += steps
        if not self._held and self._since_shown.elapsed() >= SHOW_INTERVAL_MS:
            self._show()

    def _show(self, spread: bool = False) -> None:
        """Draw what has come so far; drawing costs more than an inner step of a small model.

        ``spread`` over some turns, where nobody waits for it.
        """
        self._steps = list(self._arrived)
        self._since_shown.restart()
        self.turns.spread = spread
        self.stepsChanged.emit()
        self.turns.spread = False

    @Slot()
    def _on_finished(self) -> None:
        live, self._held, self.preview = self._held, False, None
        self._show(spread=live)
        self.completed.emit()
        if self._dirty:
            self._start(hold=True)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._clear()
        if self._dirty:
            self._start(hold=False)
        else:
            self.adaptationFailed.emit(error)
            self.failed.emit(error)

    def _clear(self) -> None:
        """Drop the shown steps and whatever still computes them."""
        self._adaptation.cancel()
        self.preview = None
        self._steps, self._arrived, self._held = [], [], False
        self.stepsChanged.emit()


def _bounds(family: TaskFamily, episode: Episode | None) -> dict[str, float]:
    from workbench.core.episode import stack

    found = {} if episode is None else family.bounds(stack([episode]))
    values = {name: float(value) for name, value in found.items()}
    return {name: value for name, value in values.items() if math.isfinite(value)}
