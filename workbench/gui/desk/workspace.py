"""The one object in which panels meet: the draft, its data, the running training, the learner."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.desk import remembered
from workbench.gui.desk.draft import Draft
from workbench.gui.desk.family import FamilyKeeper
from workbench.gui.desk.history import History
from workbench.gui.desk.learners import Learners
from workbench.gui.desk.recordings import Recordings
from workbench.gui.desk.run_list import RunList
from workbench.gui.desk.task_in_view import TaskInView
from workbench.gui.desk.training import IDLE, TrainingControl
from workbench.gui.desk.troubles import Troubles
from workbench.gui.desk.waiting import Waiting
from workbench.gui.loading import load_catalog, warm_up
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from PySide6.QtGui import QUndoStack

    from workbench.core.task import Task, TaskFamily
    from workbench.experiments.catalog import Preset
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner

log = logging.getLogger(__name__)
WARM_UP_MS = 600
"""After the first learner is there: its first adaptation is not to wait for imports."""


class Workspace(QObject):
    """See the signals for what can happen; everything is called on the GUI thread."""

    catalogReady = Signal()
    draftChanged = Signal()
    familyChanged = Signal()
    preparing = Signal(str, float)
    taskChanged = Signal()
    eventsArrived = Signal(list)
    stateChanged = Signal()
    learnerChanged = Signal()
    runsChanged = Signal()
    trouble = Signal(object)
    troubleOver = Signal(object)
    untrusted = Signal(object, object, object)
    """A refused model file; what to do again after a yes; what to do after a no."""
    stepInnerRequested = Signal()
    runStarted = Signal()
    warmedUp = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ready = False
        self.presets: tuple[Preset, ...] = ()
        self.troubles = Troubles(self)
        self.draft = Draft(self)
        self.in_view = TaskInView(self.draft.undo, self)
        self.history = History()
        self._family = FamilyKeeper(self)
        self.training = TrainingControl(self)
        self.learners = Learners(self)
        self._job: Job | None = None
        self._recordings = Recordings(self)
        self.run_list = RunList(self)
        self.waiting = Waiting(self)
        self._wish: Callable[[TaskFamily], None] | None = None
        self._warm = False
        self._failing: Any = None
        """The task settings whose data could not be prepared."""
        self._connect()

    def _connect(self) -> None:
        self.troubles.said.connect(self.trouble)
        self.troubles.over.connect(self.troubleOver)
        self.draft.changed.connect(self._on_draft)
        self._family.changed.connect(self._on_family)
        self._family.progress.connect(self.preparing)
        self._family.failed.connect(self._on_no_family)
        self.in_view.changed.connect(self.taskChanged)
        self.in_view.changed.connect(self._on_task)
        self.in_view.refused.connect(partial(self.troubles.say, "task"))
        self.training.eventsArrived.connect(self.tell)
        self.training.stateChanged.connect(self._on_state)
        self.training.started.connect(self._on_started)
        self.training.ended.connect(self.runsChanged)
        self.training.trouble.connect(partial(self.troubles.say, "training"))
        self.learners.changed.connect(self.learnerChanged)
        self.learners.changed.connect(self._warm_up_soon)
        self.learners.trouble.connect(partial(self.troubles.say, "learner"))
        self.learners.refused.connect(self.draft.refuse)

    # --- the catalog -------------------------------------------------------------------------

    def load(self) -> None:
        """Import torch and every part on a thread; `catalogReady` says when they are there."""
        if self._job is None:
            self._job = Job(load_catalog, self._catalog_loaded, self.trouble.emit, parent=self)

    def _catalog_loaded(self, presets: tuple[Preset, ...]) -> None:
        from workbench.experiments.catalog import DEFAULT_PRESET

        self.presets = presets
        self.ready = True
        names = [preset.name for preset in presets]
        self.draft.load(presets, DEFAULT_PRESET if DEFAULT_PRESET in names else names[0])
        remembered.bring_back(self)
        self.catalogReady.emit()
        self.runsChanged.emit()

    @Slot()
    def _warm_up_soon(self) -> None:
        if not self._warm:
            self._warm = True
            QTimer.singleShot(WARM_UP_MS, self, self._warm_up)

    @Slot()
    def _warm_up(self) -> None:
        self._job = Job(warm_up, self._on_warm, self.trouble.emit, parent=self)

    def _on_warm(self, nothing: None) -> None:
        self.warmedUp.emit()

    # --- the draft ---------------------------------------------------------------------------

    @property
    def config(self) -> ExperimentConfig | None:
        return self.draft.config

    @property
    def problems(self) -> tuple[BadInput, ...]:
        return self.draft.problems

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        return self.draft.values

    @property
    def undo(self) -> QUndoStack:
        return self.draft.undo

    def use_preset(self, name: str) -> None:
        self.draft.use_preset(name)

    def set_value(self, section: str, field: str, value: Any) -> None:
        self.draft.set_value(section, field, value)

    def choose(self, section: str, name: str) -> None:
        self.draft.choose(section, name)

    @Slot()
    def _on_draft(self) -> None:
        self._end_corrected()
        self._family.want(self.config)
        self.learners.fresh()
        self.draftChanged.emit()

    def _say_what_to_correct(self) -> None:
        self.troubles.say("draft", self.problems[0])

    def _end_corrected(self) -> None:
        """Troubles of the draft, and of data that is wanted no more."""
        self.troubles.end("remembered")
        said = self.troubles.of("draft")
        if isinstance(said, BadInput) and said.where not in {p.where for p in self.problems}:
            self.troubles.end("draft")
        if self.config is None or self.config.task != self._failing:
            self.troubles.end("data")

    # --- the data and the task in view -------------------------------------------------------

    @property
    def family(self) -> TaskFamily | None:
        return self._family.family

    @property
    def task(self) -> Task | None:
        """Sampled, or changed by hand; see `in_view`."""
        return self.in_view.task

    @Slot()
    def _on_family(self) -> None:
        if self.family is not None:
            self.troubles.end("data")
            self.learners.fresh()
        self.in_view.take_from(self.family)
        self.familyChanged.emit()
        self.learnerChanged.emit()
        self._grant_wish()

    @Slot()
    def _on_task(self) -> None:
        if self.task is not None:
            self.troubles.end("task")

    # --- the training ------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """READY, RUNNING, PAUSING, PAUSED, STOPPING or FINISHED; IDLE before the first run."""
        return self.training.state

    @property
    def busy(self) -> bool:
        return self.training.busy

    def start(self) -> None:
        """Train the draft, as soon as its data is there; a run that is going on goes on."""
        self.draft.recheck()
        if self.config is None:
            self._say_what_to_correct()
        elif not self.busy:
            self.when_ready(self._start_now)

    def _start_now(self, family: TaskFamily) -> None:
        self._begin(family, paused=False)

    def _start_paused(self, family: TaskFamily) -> None:
        self._begin(family, paused=True)
        if self.busy:
            self.training.step()

    def _begin(self, family: TaskFamily, paused: bool) -> None:
        from workbench.experiments.foreign import recorded

        if self.config is None:
            return
        try:
            config = recorded(self.config)
        except BadInput as problem:
            self.trouble.emit(problem)
            return
        self.training.start(config, family, paused)

    def when_ready(self, action: Callable[[TaskFamily], None]) -> None:
        """Do it now, or once the draft's data is prepared; a newer wish replaces an older one.

        Data that could not be prepared is tried again, and says again what it lacks.
        """
        self._wish = action
        self._family.want(self.config)
        self._grant_wish()

    @Slot(object)
    def _on_no_family(self, problem: Exception) -> None:
        self._wish = None
        self._failing = None if self.config is None else self.config.task
        self.troubles.say("data", problem)

    def _grant_wish(self) -> None:
        wish, family, config = self._wish, self.family, self.config
        if wish is None or family is None or config is None or family.params != config.task:
            return
        self._wish = None
        wish(family)

    def pause(self) -> None:
        self.training.pause()

    def resume(self) -> None:
        """Go on from a pause, unless the form has other settings: those it would ignore."""
        if self._is_changed():
            self.waiting.ask_about_changes()
        elif self.waiting.question is not None and self.state == "PAUSED":
            self.waiting.answer(self.waiting.question.choices[0])
        else:
            self.training.resume()

    def resume_unchanged(self) -> None:
        """Go on from a pause; the form takes the run's settings back."""
        if self.training.config is not None and self._is_changed():
            self.draft.use_config(self.training.config)
        self.training.resume()

    def _is_changed(self) -> bool:
        """Whether the form is not what the run that is paused was started with."""
        paused = self.state in ("PAUSED", "PAUSING") and self.training.config is not None
        return paused and self.config != self.training.config

    def step_outer(self) -> None:
        """One outer step; where no run is going on, a new one that then pauses."""
        if self.busy and self._is_changed():
            self.waiting.ask_about_changes()
            return
        if self.busy:
            self.training.step()
            return
        self.draft.recheck()
        if self.config is None:
            self._say_what_to_correct()
        else:
            self.when_ready(self._start_paused)

    def stop(self) -> None:
        self.training.stop()

    def continue_run(self, path: Path) -> None:
        """Go on with a recorded run where its newest checkpoint stands."""
        self._recordings.go_on(Path(path))

    @Slot()
    def _on_started(self) -> None:
        self.troubles.end("training")
        self.history.begin(self.training.config)
        self.runStarted.emit()
        self.runsChanged.emit()

    @Slot(list)
    def tell(self, events: list[Any]) -> None:
        """Events of a run, as they come or all at once from its record."""
        self.history.take(events)
        self.eventsArrived.emit(events)

    @Slot()
    def _on_state(self) -> None:
        self.history.restart_clock()
        self.stateChanged.emit()

    # --- the learner -------------------------------------------------------------------------

    def learner(self) -> Learner | None:
        """The live weights while training, else the opened run, else fresh weights."""
        return self.learners.current()

    def open_run(self, path: Path) -> None:
        """Use a recorded run's best weights in the lab, and show its curves."""
        self.troubles.end("learner")
        self.learners.open_run(Path(path))
        self._recordings.show(Path(path))

    def shut_down(self, seconds: float = 10.0) -> bool:
        """Stop and keep the training, end the threads; whether all ended in time."""
        self.undo.blockSignals(True)
        self._family.close()
        self.learners.close()
        self._recordings.close()
        self.waiting.close()
        self.run_list.close()
        return self.training.shut_down(seconds)


__all__ = ["IDLE", "Workspace"]
