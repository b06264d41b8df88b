"""The one object in which panels meet; what they need of it are its parts.

Everything is called on the GUI thread. The parts say themselves what happens to them:
`draft.changed`, `data.changed`, `in_view.changed`, `history.told`, `learners.changed` and so on.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.state import remembered
from workbench.gui.state.data import Data
from workbench.gui.state.draft import Draft
from workbench.gui.state.forecasting import Forecasting
from workbench.gui.state.history import History
from workbench.gui.state.learners import Learners
from workbench.gui.state.loading import load_catalog, warm_up
from workbench.gui.state.queueing import Queueing
from workbench.gui.state.recordings import Recordings
from workbench.gui.state.run_list import RunList
from workbench.gui.state.shared import Shared
from workbench.gui.state.task_in_view import TaskInView
from workbench.gui.state.training import TrainingControl
from workbench.gui.state.troubles import Troubles
from workbench.gui.state.waiting import Waiting
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.catalog import Preset
    from workbench.experiments.config import ExperimentConfig

WARM_UP_MS = 600
"""After the first learner is there: its first adaptation is not to wait for imports."""


class Workspace(QObject):
    """The parts, and what takes several of them: to train, to go on, to open a run."""

    catalogReady = Signal()
    preparing = Signal(str, float)
    """Something is waited for: what, and how much of it is done; no text when it is there."""
    stepInnerRequested = Signal()
    warmedUp = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ready = False
        self.presets: tuple[Preset, ...] = ()
        self.troubles = Troubles(self)
        self.draft = Draft(self)
        self.data = Data(self.draft, self.troubles, self)
        self.in_view = TaskInView(self.draft.undo, self)
        self.training = TrainingControl(self.troubles, self)
        self.history = History(self)
        self.run_list = RunList(self.troubles, self)
        self._connect()
        shared = Shared(
            self.draft,
            self.data,
            self.in_view,
            self.training,
            self.history,
            self.run_list,
            self.troubles,
        )
        self.learners = Learners(shared, self)
        self.waiting = Waiting(shared, self)
        self.queue = Queueing(shared, self)
        self.forecast = Forecasting(shared, self)
        self._recordings = Recordings(shared, self)
        self._job: Job | None = None
        self._warm = False
        self._connect_parts()

    def _connect(self) -> None:
        """Before the parts that listen to the same: a task is there when a learner is asked for."""
        self.draft.changed.connect(self._end_corrected)
        self.data.changed.connect(self._draw_task)
        self.data.progress.connect(self.preparing)
        self.in_view.changed.connect(self._on_task)
        self.in_view.refused.connect(self._on_refused_task)
        self.training.eventsArrived.connect(self.history.tell)
        self.training.stateChanged.connect(self.history.restart_clock)
        self.training.started.connect(self._on_started)
        self.training.ended.connect(self.run_list.reload)

    def _connect_parts(self) -> None:
        self.catalogReady.connect(self.waiting.interrupted.begin)
        self.catalogReady.connect(self.queue.begin)
        self.learners.progress.connect(self.preparing)
        self.learners.changed.connect(self._warm_up_soon)
        self._recordings.damaged.connect(self.waiting.ask_to_pass_over)
        self.waiting.recoverWanted.connect(self.continue_run)
        self.waiting.takeUpWanted.connect(self.take_up)

    # --- the catalog -------------------------------------------------------------------------

    def load(self) -> None:
        """Import torch and every part on a thread; `catalogReady` says when they are there."""
        if self._job is None:
            self._job = Job(
                load_catalog, self._catalog_loaded, self.troubles.said.emit, parent=self
            )

    def _catalog_loaded(self, presets: tuple[Preset, ...]) -> None:
        from workbench.experiments.catalog import DEFAULT_PRESET

        self.presets = presets
        self.ready = True
        names = [preset.name for preset in presets]
        self.draft.load(presets, DEFAULT_PRESET if DEFAULT_PRESET in names else names[0])
        remembered.bring_back(self.draft, self.in_view, self.troubles)
        self.catalogReady.emit()
        self.run_list.reload()

    @Slot()
    def _warm_up_soon(self) -> None:
        if not self._warm:
            self._warm = True
            QTimer.singleShot(WARM_UP_MS, self, self._warm_up)

    @Slot()
    def _warm_up(self) -> None:
        self._job = Job(warm_up, self._on_warm, self.troubles.said.emit, parent=self)

    def _on_warm(self, nothing: None) -> None:
        self.warmedUp.emit()

    # --- what the parts say ------------------------------------------------------------------

    @Slot()
    def _end_corrected(self) -> None:
        """Troubles of settings that are no longer so."""
        self.troubles.end("remembered")
        said = self.troubles.of("draft")
        if isinstance(said, BadInput) and said.where not in {p.where for p in self.draft.problems}:
            self.troubles.end("draft")

    @Slot()
    def _draw_task(self) -> None:
        self.in_view.take_from(self.data.family)

    @Slot()
    def _on_task(self) -> None:
        if self.in_view.task is not None:
            self.troubles.end("task")

    @Slot(object)
    def _on_refused_task(self, problem: object) -> None:
        self.troubles.say("task", problem)

    @Slot()
    def _on_started(self) -> None:
        self.troubles.end("training")
        self.history.begin(self.training.config)
        self.run_list.reload()

    # --- the training ------------------------------------------------------------------------

    def start(self) -> None:
        """Train the draft, as soon as its data is there; a run that is going on goes on."""
        if not self.training.busy and self._is_valid():
            self.data.when_ready(self._start_now)

    def start_again(self, config: ExperimentConfig) -> None:
        """Train once more, in a new run, what a run was to train that kept nothing."""
        self.draft.use_config(config)
        self.start()

    def start_from(self, weights: Path) -> None:
        """Train the draft from the weights of a file, matched by name and shape."""
        if not self.training.busy and self._is_valid():
            self.data.when_ready(partial(self._begin, paused=False, weights=weights))

    def resume(self) -> None:
        """Go on from a pause, unless the form has other settings: those it would ignore."""
        if self._is_changed():
            self.waiting.ask_about_changes()
        elif self.waiting.question is not None and self.training.state == "PAUSED":
            self.waiting.answer(self.waiting.question.choices[0])
        else:
            self.training.resume()

    def step_outer(self) -> None:
        """One outer step; where no run is going on, a new one that then pauses."""
        if self.training.busy and self._is_changed():
            self.waiting.ask_about_changes()
        elif self.training.busy:
            self.training.step()
        elif self._is_valid():
            self.data.when_ready(self._start_paused)

    def continue_run(self, path: Path, iterations: int | None = None) -> None:
        """Go on with a recorded run where its newest checkpoint stands, up to that iteration."""
        self._recordings.go_on(Path(path), iterations)

    @Slot(object)
    def take_up(self, path: Path) -> None:
        """Watch and drive a run that a process of its own trains."""
        self._recordings.take_up(Path(path))

    def open_run(self, path: Path) -> None:
        """Use a recorded run's best weights in the lab, and show its curves."""
        self.troubles.end("learner")
        self.learners.open_run(Path(path))
        self._recordings.show(Path(path))

    def _is_valid(self) -> bool:
        """Whether the draft can be trained; if not, what to correct is said."""
        self.draft.recheck()
        if self.draft.config is None:
            self.troubles.say("draft", self.draft.problems[0])
        return self.draft.config is not None

    def _is_changed(self) -> bool:
        """Whether the form is not what the run that is paused was started with.

        What comes from the queue was not started with the form.
        """
        training = self.training
        paused = training.state in ("PAUSED", "PAUSING") and training.config is not None
        return paused and not training.lined_up and self.draft.config != training.config

    def _start_now(self, family: TaskFamily) -> None:
        self._begin(family, paused=False)

    def _start_paused(self, family: TaskFamily) -> None:
        self._begin(family, paused=True)
        if self.training.busy:
            self.training.step()

    def _begin(self, family: TaskFamily, paused: bool, weights: Path | None = None) -> None:
        from workbench.experiments.foreign import recorded

        if self.draft.config is None:
            return
        try:
            config = recorded(self.draft.config)
        except BadInput as problem:
            self.troubles.say("training", problem)
            return
        self.training.start(config, family, paused, weights)

    # --- the end -----------------------------------------------------------------------------

    def shut_down(self, seconds: float = 10.0) -> bool:
        """Stop and keep the training, end the threads; whether all ended in time."""
        self.draft.undo.blockSignals(True)
        self.data.close()
        self.forecast.close()
        self.learners.close()
        self._recordings.close()
        self.waiting.close()
        self.queue.close()
        self.run_list.close()
        return self.training.shut_down(seconds)
