"""Works on a study: one trial after another, each an ordinary run in the study's folder.

Several processes may work on one study at a time, on this machine or on others.
"""

from __future__ import annotations

import logging
import math
import shutil
import threading
import time
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.core.events import Event, Finished, PartFailed, Reason
from workbench.core.marked import marked
from workbench.core.task import TaskFamily, unheard
from workbench.experiments import budget
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.divergence import unattended
from workbench.experiments.foreign import with_data
from workbench.experiments.search import seat as seats
from workbench.experiments.search.choosing import next_trial, settle_dead
from workbench.experiments.search.judging import Judged
from workbench.experiments.search.samplers import sampler_of, suggested
from workbench.experiments.search.seat import Seat
from workbench.experiments.search.study import Study
from workbench.experiments.search.trial import ENDED, RUN, STOPPED_AT, TOLD, State, Trial
from workbench.experiments.sentences import sentence
from workbench.experiments.session import build_family
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training

if TYPE_CHECKING:
    import optuna

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0
"""A database is told that often, at most, that the trial is alive."""


class Searcher:
    """``request_stop`` may be called from any thread; a trial that is stopped goes on later."""

    def __init__(self, study: Study, family: TaskFamily) -> None:
        """``family`` is prepared; the plan's seconds after the first trial it stops by itself."""
        self.study = study
        self._family = family
        self._stop = threading.Event()
        self._running: Training | None = None
        self._beaten = 0.0

    @property
    def running(self) -> Training | None:
        """Of the newest trial; its events are those that come."""
        return self._running

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def request_stop(self) -> None:
        """Ask for an orderly end: the trial that runs keeps a checkpoint, to be gone on with."""
        self._stop.set()
        if self._running is not None:
            self._running.request_stop()

    def events(self) -> Iterator[tuple[Trial, Event]]:
        """Until the study has its trials, the time is over, or it is asked to stop.

        A trial that fails ends as failed; the others run all the same.
        """
        with seats.taken(self.study.folder) as seat:
            self.study.found.sampler = sampler_of(self.study.plan, self._draws(seat))
            seconds = self.study.plan.seconds
            until = time.monotonic() + seconds if seconds else math.inf
            while not self._stop.is_set() and time.monotonic() < until:
                trial = next_trial(self.study, seat)
                if trial is None:
                    break
                yield from self._done(trial, until)
            settle_dead(self.study)

    def _draws(self, seat: Seat) -> str:
        """What its draws are seeded by: of a process alone how far the study is, else itself."""
        return str(len(self.study.trials())) if seat.alone else seat.name

    def _done(self, trial: optuna.Trial, until: float) -> Iterator[tuple[Trial, Event]]:
        try:
            for event in self._run(trial):
                if time.monotonic() >= until:
                    self.request_stop()
                self._beat(trial)
                yield self._shown(trial), event
        except Exception as error:
            log.exception("trial %d could not run", trial.number)
            self._fail(trial, sentence(error))
            yield (
                self._shown(trial),
                Finished(Reason.FAILED, 0, sentence(error), traceback.format_exc()),
            )

    def _run(self, trial: optuna.Trial) -> Iterator[Event]:
        plan = self.study.plan
        config = plan.experiment(suggested(trial, plan))
        for problem in budget.problems(config):
            raise problem
        training = self._running = self._training(trial, config)
        if self._stop.is_set():  # asked for while the run was made
            training.request_stop()
        judged = Judged(trial, config.training.select_by, self.study.maximised)
        for event in training.events():
            if judged.should_end(event):
                training.request_stop()
            if isinstance(event, Finished):
                self._settle(trial, event, judged)
            yield unattended(event, PartFailed)

    def _training(self, trial: optuna.Trial, config: ExperimentConfig) -> Training:
        """A new run, or the trial's own from its newest checkpoint on."""
        family = self._family_of(config)
        name = f"trial-{trial.number:04}"
        path = self.study.folder / name
        trial.set_user_attr(RUN, name)
        if path.is_dir() and Run(path).iterations():
            run = Run(path)
            return Training(config, family, run, resume=run.load_checkpoint())
        if path.is_dir():  # stopped before its first checkpoint
            shutil.rmtree(path)
        return Training(config, family, Run.create(with_data(config, family), path))

    def _family_of(self, config: ExperimentConfig) -> TaskFamily:
        """The data of a trial; the shared one unless the search changes the task."""
        if config.task == self._family.params:
            return self._family
        family = build_family(config)
        family.prepare(unheard)
        return family

    def _settle(self, trial: optuna.Trial, last: Finished, judged: Judged) -> None:
        from optuna.trial import TrialState

        if last.reason is Reason.FAILED:
            self._fail(trial, last.error)
        elif judged.pruned:
            self.study.found.tell(trial, state=TrialState.PRUNED)
        elif last.reason is Reason.STOPPED:
            trial.set_user_attr(STOPPED_AT, time.time())
            trial.set_user_attr(ENDED, State.STOPPED)
        elif last.reason is Reason.DIVERGED or judged.best is None:
            trial.set_user_attr(ENDED, State.DIVERGED)
            trial.set_user_attr(TOLD, last.error or _NO_NUMBER)
            self.study.found.tell(trial, state=TrialState.PRUNED)
        else:
            self.study.found.tell(trial, judged.best)

    def _fail(self, trial: optuna.Trial, told: str) -> None:
        from optuna.trial import TrialState

        trial.set_user_attr(TOLD, told)
        self.study.found.tell(trial, state=TrialState.FAIL, skip_if_finished=True)

    def _shown(self, trial: optuna.Trial) -> Trial:
        return Trial.of(trial.storage.get_trial(trial._trial_id))

    def _beat(self, trial: optuna.Trial) -> None:
        from optuna.storages import BaseStorage, RDBStorage

        store: BaseStorage = trial.storage
        if isinstance(store, RDBStorage) and time.monotonic() - self._beaten > BEAT_SECONDS:
            store.record_heartbeat(trial._trial_id)
            self._beaten = time.monotonic()


_NO_NUMBER = marked("No validation gave a number")
