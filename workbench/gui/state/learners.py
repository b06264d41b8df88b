"""Which learner the lab looks at: the live one, an opened run's best, the bundled one, or fresh
weights."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.user_code import Untrusted
from workbench.gui.state.bundled import Bundled, suits
from workbench.gui.state.shared import Shared
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec, TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner

log = logging.getLogger(__name__)
REFRESH_MS = 1000


class Learners(QObject):
    """Learners are built and read on threads when the draft, the data or the user asks for others.

    `changed` comes when one is there or gone; `progress` while one is waited for.
    """

    changed = Signal()
    progress = Signal(str, float)
    freshChosen = Signal()

    def __init__(self, shared: Shared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft, self._data = shared.draft, shared.data
        self._training, self._troubles = shared.training, shared.troubles
        self._live: Learner | None = None
        self._opened: Learner | None = None
        self._fresh: Learner | None = None
        self._fresh_spec: ProblemSpec | None = None
        self._fresh_for: tuple[ExperimentConfig, TaskFamily] | None = None
        self._build: Job | None = None
        self._live_spec: ProblemSpec | None = None
        self._opened_spec: ProblemSpec | None = None
        self._job: Job | None = None
        self._snapshot: Job | None = None
        self._asked_again = False
        self._waits = False
        """Something was said of what is waited for."""
        self._nothing_chosen = True
        """No run was opened or started and no weights asked for: the bundled run may show."""
        self._bundled = Bundled(self)
        self._bundled.changed.connect(self.changed)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._draft.changed.connect(self._want)
        self._data.changed.connect(self._on_data)
        self._training.started.connect(self._on_started)
        self._training.stateChanged.connect(self._on_state)

    @property
    def current(self) -> Learner | None:
        """The live or opened learner, else the bundled one or fresh weights, as the draft asks.

        None while it is still being found out whether there is a bundled one to show.
        """
        usable = self._usable()
        if usable is not None or not self._nothing_chosen:
            return usable or self.fresh
        if self._bundled.pending:
            return None
        bundled = self.bundled
        fits = bundled is not None and suits(bundled, self._draft.config)
        return bundled if fits else self.fresh

    @property
    def bundled(self) -> Learner | None:
        """The example that comes with the program, if it can take the tasks in view."""
        return self._bundled.learner if self._data.family is not None else None

    @property
    def fresh(self) -> Learner | None:
        """Freshly initialised weights, if they can take the tasks in view.

        Those of a changed draft are there when `changed` comes; until then it is the last ones.
        """
        family = self._data.family
        return self._fresh if family is not None and self._fresh_spec == family.spec else None

    @Slot()
    def _on_data(self) -> None:
        self._want()
        self.changed.emit()

    @Slot()
    def _want(self) -> None:
        """Have the learners ready that the draft and its data may ask for."""
        config, family = self._draft.config, self._data.family
        if family is None:
            return
        self._bundled.want(family)
        if config is not None and family.is_of(config.task):
            self._make_fresh(config, family)

    def open_run(self, path: Path) -> None:
        """Use a run's best checkpoint, read on a thread."""
        self._stop_reading()
        at_hand = self._data.family

        def work(report: Report) -> tuple[Learner, ProblemSpec]:
            return read_learner(path, at_hand, report)

        self._job = Job(
            work, self._on_opened, partial(self._on_unopened, path), self._say, parent=self
        )

    def _on_unopened(self, path: Path, error: Exception) -> None:
        self._say_no_more()
        declined = partial(self._troubles.say, "learner", error)
        if isinstance(error, Untrusted):
            self._troubles.untrusted.emit(error, partial(self.open_run, path), declined)
        else:
            declined()

    def use_fresh(self) -> None:
        """Forget runs: look at the weights that the draft starts from."""
        self._live = self._opened = None
        self._nothing_chosen = False
        self.freshChosen.emit()
        self.changed.emit()

    def close(self) -> None:
        self._bundled.close()
        self._stop_reading()
        if self._build is not None:
            self._build.cancel()

    def _stop_reading(self) -> None:
        self._timer.stop()
        for job in (self._job, self._snapshot):
            if job is not None:
                job.cancel()
        self._job = self._snapshot = None

    @Slot()
    def refresh(self) -> None:
        """Take the newest weights of the running training, on a thread.

        One at a time; what is asked for meanwhile is taken right after, so that the last weights
        of a run are never missed.
        """
        if self._snapshot is not None and self._snapshot.active:
            self._asked_again = True
            return
        training = self._training

        def work(report: Report) -> Learner | None:
            return training.snapshot()

        trouble = partial(self._troubles.say, "learner")
        self._snapshot = Job(work, self._on_snapshot, trouble, parent=self)

    def _on_snapshot(self, newest: Learner | None) -> None:
        """Two snapshots of one iteration are the same; a late one of another run is dropped."""
        self._snapshot = None
        if self._asked_again:
            self._asked_again = False
            self.refresh()
        if newest is None or newest.config is not self._training.config:
            return
        if self._live is None or self._live.iteration != newest.iteration:
            self._live, self._live_spec = newest, self._training.spec
            self.changed.emit()

    @Slot()
    def _on_started(self) -> None:
        self._live = self._opened = None
        self._nothing_chosen = False
        self._timer.start()

    @Slot()
    def _on_state(self) -> None:
        if self._training.state in ("PAUSED", "FINISHED"):
            self.refresh()
        if self._training.state == "FINISHED":
            self._timer.stop()

    def _on_opened(self, opened: tuple[Learner, ProblemSpec]) -> None:
        self._say_no_more()
        self._live = None
        self._nothing_chosen = False
        learner, self._opened_spec = opened
        self._opened = learner.lent()
        self._draft.use_config(self._opened.config)
        self.changed.emit()
        if learner.warnings:
            warned = "; ".join(learner.warnings)
            self._troubles.say("learner", Finding(f"{learner.label}: {warned}"))

    def _say(self, message: str, fraction: float) -> None:
        """What is waited for."""
        self._waits = bool(message)
        self.progress.emit(message, fraction)

    def _say_no_more(self) -> None:
        if self._waits:
            self._say("", 1.0)

    def _usable(self) -> Learner | None:
        """The live or opened learner, if it can take the tasks in view."""
        family = self._data.family
        if family is None:
            return None
        if self._live is not None and self._live_spec == family.spec:
            return self._live
        return self._opened if self._opened_spec == family.spec else None

    def _make_fresh(self, config: ExperimentConfig, family: TaskFamily) -> None:
        """Building a model takes longer than a frame, so a thread does it, once a draft."""
        if self._fresh_for == (config, family):
            return
        if self._build is not None:
            self._build.cancel()
            self._say_no_more()
        self._fresh_for = (config, family)

        def work(report: Report) -> tuple[Learner, ProblemSpec]:
            from workbench.experiments.session import untrained

            return untrained(config, family), family.spec

        self._build = Job(work, self._on_fresh, self._on_refused, self._say, self)

    def _on_fresh(self, made: tuple[Learner, ProblemSpec]) -> None:
        self._say_no_more()
        learner, self._fresh_spec = made
        self._fresh = learner.lent()
        self.changed.emit()

    def _on_refused(self, error: Exception) -> None:
        self._say_no_more()
        assert self._fresh_for is not None
        (config, _), self._fresh_for = self._fresh_for, None
        if isinstance(error, BadInput):
            self._draft.refuse(config, error)
        else:
            self._troubles.say("learner", error)


def read_learner(
    path: Path, at_hand: TaskFamily | None, report: Report, iteration: int | None = None
) -> tuple[Learner, ProblemSpec]:
    """The learner of a run: of its checkpoint of an iteration, or else the best on validation.

    Its data is prepared, since some methods build on it, unless it is the data at hand; nothing
    is fetched for it. Raises `Untrusted` for a file that the user has not trusted.
    """
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.foreign import opened
    from workbench.experiments.session import build_family, learner_of
    from workbench.experiments.store import open_run

    kept = open_run(path).load_checkpoint(iteration)
    config = opened(ExperimentConfig.from_json(kept.config))
    if changed := config.changed():
        log.warning("%s", changed)
    if at_hand is not None and at_hand.is_of(config.task):
        family = at_hand
    else:
        family = build_family(config)
        family.prepare(report)
    learner = learner_of(kept, family, newest=iteration is not None)
    return replace(learner, label=path.name, origin=path), family.spec
