"""A race: algorithms on the same data, model, seeds and budget, measured on the same test tasks.

A contender is an ordinary run in a directory of its own below the race's folder. What stands there
is the truth: a folder given again goes on where it stopped, and the table is read from the runs.
"""

from __future__ import annotations

import csv
import io
import logging
import shutil
import threading
import traceback
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.events import Event, Finished, Reason
from workbench.core.files import sweep, write_atomically
from workbench.core.marked import marked
from workbench.core.sealed import write_sealed
from workbench.core.task import TaskFamily, unheard
from workbench.experiments import race_pairs, race_table
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.contenders import Contender, line_up
from workbench.experiments.foreign import with_data
from workbench.experiments.race_terms import Terms
from workbench.experiments.sentences import sentence
from workbench.experiments.session import build_family
from workbench.experiments.store import RACE, Run, default_root
from workbench.experiments.trainer import Training

log = logging.getLogger(__name__)
EQUAL_ITERATIONS = Terms()


@dataclass(frozen=True, eq=False)
class Leg:
    """One contender with one seed: a run."""

    contender: Contender
    config: ExperimentConfig
    path: Path

    @property
    def seed(self) -> int:
        return self.config.training.seed

    @property
    def result(self) -> dict[str, Any] | None:
        """What the run came to; nothing before its end."""
        return Run(self.path).result()

    @property
    def settled(self) -> bool:
        """Whether running it again would give nothing new."""
        result = self.result
        return result is not None and result["reason"] in (Reason.COMPLETED, Reason.DIVERGED)


class Race:
    """Runs its legs one after the other; ``request_stop`` may be called from any thread."""

    def __init__(
        self,
        base: ExperimentConfig,
        contenders: Sequence[Contender],
        seeds: Sequence[int],
        family: TaskFamily,
        folder: Path,
        terms: Terms = EQUAL_ITERATIONS,
    ) -> None:
        self.base = base
        self.terms = terms
        self.contenders = terms.fair(contenders, base, family)
        self.seeds = tuple(seeds)
        self.folder = folder
        self.legs = tuple(self._lined_up())
        """Seed after seed, so that a race stopped early has compared everybody."""
        self.unwritten = ""
        """Why ``race.json`` or ``race.csv`` is not of the newest state; empty when they are."""
        self._family = family
        self._of_seed: TaskFamily | None = None
        self._faults: dict[Leg, str] = {}
        self._stop = threading.Event()
        self._running: Training | None = None

    @classmethod
    def open(
        cls,
        base: ExperimentConfig,
        algorithms: Sequence[str],
        seeds: Sequence[int],
        family: TaskFamily,
        folder: Path | None = None,
        terms: Terms = EQUAL_ITERATIONS,
    ) -> Race:
        """Line up in a new folder, or in one that holds this very race.

        ``family`` is prepared. Raises `BadInput` when nobody can race, or the folder is another's.
        """
        terms.check(base)
        contenders = line_up(base, algorithms, family)
        race = cls(base, contenders, seeds, family, folder or _fresh_folder(base), terms)
        race._claim()
        race.write()
        return race

    @property
    def running(self) -> Training | None:
        """Of the newest leg that was not settled; its events are those that come."""
        return self._running

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop before every leg was settled."""
        return self._stop.is_set() and not all(
            leg in self._faults or leg.settled for leg in self.legs
        )

    def events(self, only: Collection[str] = ()) -> Iterator[tuple[Leg, Event]]:
        """Run every leg that is not settled, or those of the algorithms named alone.

        A leg that raises ends as failed; the others run all the same.
        """
        for leg in self.legs:
            if only and leg.contender.algorithm not in only:
                continue
            try:
                if self._stop.is_set():
                    return
                yield from ((leg, event) for event in self._run(leg))
            except Exception as error:
                log.exception("%s could not race", leg.path.name)
                self._faults[leg] = sentence(error)
                yield leg, Finished(Reason.FAILED, 0, self._faults[leg], traceback.format_exc())
            self._write_if_possible()

    def _run(self, leg: Leg) -> Iterator[Event]:
        if leg in self._faults:
            yield Finished(Reason.FAILED, 0, self._faults[leg])
        elif not leg.settled:
            running = self._running = self._training(leg)
            if self._stop.is_set():  # asked for while the run was made
                running.request_stop()
            yield from running.events()

    def request_stop(self) -> None:
        """Ask for an orderly end; what is finished stays, and the run going on is kept."""
        self._stop.set()
        if self._running is not None:
            self._running.request_stop()

    def result(self) -> dict[str, Any]:
        """What ``race.json`` keeps: the terms of the race and a row for each contender."""
        rows = [self._row(contender) for contender in self.contenders]
        race_pairs.compare(rows, self.folder, self._family.spec.metric)
        return {
            "race": str(self.folder.resolve()),
            "config": self.base.to_json(),
            "budget": self.terms.budget(self.base),
            "seeds": list(self.seeds),
            "split_by_seed": self.terms.split_by_seed,
            "split": "test",
            "tasks": self.base.training.test_tasks,
            "metric": self._family.spec.metric,
            "chance": self._family.spec.chance,
            "contenders": rows,
        }

    def write(self) -> None:
        """``race.json`` and ``race.csv`` from what the runs have come to."""
        result = self.result()
        write_sealed(self.folder / RACE, result)
        text = io.StringIO()
        csv.writer(text).writerows(race_table.lines(result))
        write_atomically(self.folder / "race.csv", text.getvalue().encode())

    def _write_if_possible(self) -> None:
        """What the runs have come to is safe in their own folders, and can be written later."""
        try:
            self.write()
            self.unwritten = ""
        except OSError as error:
            log.exception("the race is not written")
            self.unwritten = sentence(error)

    def _lined_up(self) -> Iterator[Leg]:
        for seed in self.seeds:
            for contender in self.contenders:
                if contender.config is not None:
                    config = self.terms.of_seed(contender.config, seed)
                    path = self.folder / f"{contender.algorithm}-seed{seed}"
                    yield Leg(contender, config, path)

    def _row(self, contender: Contender) -> dict[str, Any]:
        own = [leg for leg in self.legs if leg.contender is contender]
        finished = [(leg.seed, leg.path.name, found) for leg in own if (found := self._of(leg))]
        faults = [(leg.seed, self._faults[leg]) for leg in own if leg in self._faults]
        return {
            "algorithm": contender.algorithm,
            "title": contender.title,
            "own": contender.own,
            "parameters": contender.parameters,
            "operations": contender.operations,
            **race_table.summary(contender.problem, finished, faults),
        }

    def _of(self, leg: Leg) -> dict[str, Any] | None:
        """The leg's result; one that is damaged, or of no known form, is its contender's fault."""
        try:
            return None if leg in self._faults else leg.result
        except BadInput as error:
            self._faults[leg] = sentence(error)
            return None

    def _training(self, leg: Leg) -> Training:
        """A new run, or one that goes on from its newest checkpoint."""
        family = self._family_of(leg)
        if not leg.path.is_dir():
            return Training(leg.config, family, Run.create(with_data(leg.config, family), leg.path))
        run = Run(leg.path)
        if not any((leg.path / "checkpoints").glob("*.safetensors")):
            shutil.rmtree(leg.path)
            return self._training(leg)
        return Training(leg.config, family, run, resume=run.load_checkpoint())

    def _family_of(self, leg: Leg) -> TaskFamily:
        """The data as this seed splits it; the shared one where all split it alike."""
        if leg.config.task == self.base.task:
            return self._family
        if self._of_seed is None or self._of_seed.params != leg.config.task:
            self._of_seed = build_family(leg.config)
            self._of_seed.prepare(unheard)
        return self._of_seed

    def _claim(self) -> None:
        """Make the folder; raises `BadInput` when something else stands there."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep(self.folder)
            taken = any(self.folder.iterdir()) and not (self.folder / RACE).is_file()
        except OSError as error:
            raise BadInput(
                str(self.folder),
                marked("cannot be written ({0})").format(error.strerror),
                marked("Choose another"),
            ) from error
        if taken:
            raise BadInput(
                str(self.folder),
                marked("is not empty"),
                marked("Choose a new directory for the race"),
            )
        for leg in self.legs:
            if leg.path.is_dir() and self._has_other_settings(leg):
                raise BadInput(
                    str(leg.path),
                    marked("was run with other settings"),
                    marked(
                        "Choose a new directory, or the settings that this race was started with"
                    ),
                )

    def _has_other_settings(self, leg: Leg) -> bool:
        """Of a leg that stands there already; one that cannot be read is its contender's fault."""
        try:
            return Run(leg.path).config() != leg.config
        except BadInput as error:
            self._faults[leg] = sentence(error)
            return False


def _fresh_folder(base: ExperimentConfig) -> Path:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    return default_root() / f"{stamp}-race-{base.task.name}-{uuid.uuid4().hex[:4]}"
