"""Works through the queue: one entry after another, as a generator that one thread consumes.

A failure ends its entry and nothing else. The command line and the window read the same items.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.core.events import Event, Finished, PartFailed, Reason
from workbench.core.marked import marked
from workbench.core.task import TaskFamily
from workbench.experiments.divergence import unattended
from workbench.experiments.queue.admission import recorded_as
from workbench.experiments.queue.entry import Entry, State
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.turn import Begun, race_of, study_of, training_of
from workbench.experiments.queue.work import MoreOfRun, NewRun, RaceOfMany, SearchOfMany
from workbench.experiments.race import Leg, Race
from workbench.experiments.search.beside import beside
from workbench.experiments.search.searcher import Searcher
from workbench.experiments.search.trial import State as Trialled
from workbench.experiments.sentences import sentence
from workbench.experiments.session import build_family
from workbench.experiments.trainer import Training

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taken:
    """The turn of an entry has come."""

    entry: Entry


@dataclass(frozen=True)
class Ended:
    """The turn of an entry is over, as its state says."""

    entry: Entry


Item = Taken | Begun | Ended | Event
"""`Taken`, then (`Begun`, then its events)*, then `Ended`; and so on."""


class Stopped(Exception):
    """Asked to stop while the data of an entry was prepared."""


@dataclass(frozen=True)
class Outcome:
    state: State
    path: Path | None
    told: str = ""


Turn = Generator[Item, None, Outcome]


class Worker:
    """``request_stop`` and ``last`` may be called and set from any thread."""

    def __init__(self, queue: ExperimentQueue) -> None:
        self.last = False
        """Whether to end after the entry that is worked on."""
        self._queue = queue
        self._stop = threading.Event()
        self._running: Training | Race | Searcher | None = None
        self._path: Path | None = None
        """Where the entry that is worked on stands."""

    def items(self) -> Iterator[Item]:
        """Until nothing waits, or it is asked to end.

        Raises `BadInput`, before anything, where somebody else works through the queue.
        """
        with self._queue.worked_through():
            while not self._stop.is_set() and (entry := self._queue.take_next()) is not None:
                yield from self._worked(entry)
                if self.last:
                    return

    def request_stop(self) -> None:
        """Ask for an orderly end: what runs keeps a checkpoint, and is first again."""
        self._stop.set()
        if self._running is not None:
            self._running.request_stop()

    def _worked(self, entry: Entry) -> Iterator[Item]:
        self._path = entry.path
        yield Taken(entry)
        try:
            outcome = yield from self._turn(entry)
        except Stopped:
            outcome = Outcome(State.STOPPED, self._path)
        except Exception as error:
            log.exception("entry %s of the queue failed", entry.id)
            outcome = Outcome(State.FAILED, self._path, sentence(error))
        self._running = None
        yield Ended(self._queue.settle(entry, outcome.state, outcome.path, outcome.told))

    def _turn(self, entry: Entry) -> Turn:
        """Everything is checked once more: data may be gone, a model file another one."""
        assert entry.work is not None
        work = recorded_as(entry.work)
        family = build_family(work.config)
        family.prepare(self._go_on_preparing)
        if isinstance(work, RaceOfMany):
            return (yield from self._race(entry, work, family))
        if isinstance(work, SearchOfMany):
            return (yield from self._search(entry, work, family))
        return (yield from self._train(entry, work, family))

    def _train(self, entry: Entry, work: NewRun | MoreOfRun, family: TaskFamily) -> Turn:
        begun = training_of(entry, work, family)
        training = begun.training
        self._hold(training)
        self._locate(entry, training.run.path)
        yield begun
        last = Finished(Reason.FAILED)
        for event in training.events():
            if isinstance(event, Finished):
                last = event
            yield unattended(event)
        return Outcome(_state(last.reason), training.run.path, last.error)

    def _race(self, entry: Entry, work: RaceOfMany, family: TaskFamily) -> Turn:
        race = race_of(entry, work, family)
        self._hold(race)
        self._locate(entry, race.folder)
        training: Training | None = None
        trains: Leg | None = None
        faults = 0
        for leg, event in race.events():
            if race.running is not None and race.running is not training:
                training, trains = race.running, leg
                yield Begun(training, _titled(leg))
            if isinstance(event, Finished) and event.error:
                faults += 1
                yield PartFailed(event.iteration, f"{_titled(leg)}: {event.error}")
            if leg is trains:
                yield unattended(event, PartFailed)
        return _raced(race, faults)

    def _search(self, entry: Entry, work: SearchOfMany, family: TaskFamily) -> Turn:
        searcher = Searcher(study_of(entry, work, family), family)
        self._hold(searcher)
        self._locate(entry, searcher.study.folder)
        with beside(searcher.study, lambda: searcher.stopped):
            yield from _trials(searcher)
        return _searched(searcher, self._stop.is_set())

    def _hold(self, running: Training | Race | Searcher) -> None:
        self._running = running
        if self._stop.is_set():  # asked for while it was made
            running.request_stop()

    def _locate(self, entry: Entry, path: Path) -> None:
        self._path = path
        self._queue.locate(entry, path)

    def _go_on_preparing(self, message: str, share: float) -> None:
        if self._stop.is_set():
            raise Stopped


def _state(reason: Reason) -> State:
    if reason is Reason.COMPLETED:
        return State.DONE
    return State.STOPPED if reason is Reason.STOPPED else State.FAILED


def _raced(race: Race, faults: int) -> Outcome:
    """A race is done when every leg had its turn, however each of them ended."""
    if race.stopped:
        return Outcome(State.STOPPED, race.folder)
    if race.unwritten:
        return Outcome(State.FAILED, race.folder, race.unwritten)
    told = marked("{0} of {1} runs failed or diverged").format(faults, len(race.legs))
    return Outcome(State.DONE, race.folder, told if faults else "")


def _trials(searcher: Searcher) -> Iterator[Item]:
    """Those that this process does, each as a training of its own."""
    training: Training | None = None
    trains = -1
    for trial, event in searcher.events():
        if searcher.running is not None and searcher.running is not training:
            training, trains = searcher.running, trial.number
            yield Begun(training, marked("trial {0}").format(trial.number))
        if isinstance(event, Finished) and event.error:
            told = marked("trial {0}: {1}").format(trial.number, event.error)
            yield PartFailed(event.iteration, told)
        if trial.number == trains:
            yield event


def _searched(searcher: Searcher, asked: bool) -> Outcome:
    """A study whose time is over has had its turn, however many trials it has by then."""
    study = searcher.study
    if asked and not study.is_over():
        return Outcome(State.STOPPED, study.folder)
    found = study.counts()
    faults = found[Trialled.FAILED] + found[Trialled.DIVERGED]
    told = marked("{0} of {1} trials failed or diverged").format(faults, found.total())
    return Outcome(State.DONE, study.folder, told if faults else "")


def _titled(leg: Leg) -> str:
    return marked("{0}, seed {1}").format(leg.contender.title, leg.seed)
