"""An entry whose turn has come: its training, race or study, from where it stands by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.core.events import Event
from workbench.core.task import TaskFamily
from workbench.experiments.beginning import begun
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.continuing import to_go_on
from workbench.experiments.queue.entry import Entry
from workbench.experiments.queue.work import MoreOfRun, NewRun, RaceOfMany, SearchOfMany
from workbench.experiments.race import Race
from workbench.experiments.replay import Recorded
from workbench.experiments.search.study import Study
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training


@dataclass(frozen=True)
class Begun:
    """A training whose events come next; ``title`` is its part in a race or a study, else empty."""

    training: Training
    title: str = ""
    before: Sequence[Event] = field(default=(), repr=False)
    """What led to the checkpoint that it goes on from."""


def training_of(entry: Entry, work: NewRun | MoreOfRun, family: TaskFamily) -> Begun:
    """In its run, if that has a checkpoint; else in a new one. The family is prepared.

    Raises `BadInput`, and then no run is left.
    """
    path = work.run if isinstance(work, MoreOfRun) else entry.path
    if path is not None and (isinstance(work, MoreOfRun) or _has_checkpoint(path)):
        return _gone_on(to_go_on(path), work.config, family)
    weights = work.weights if isinstance(work, NewRun) else None
    return Begun(begun(work.config, family, weights=weights))


def race_of(entry: Entry, work: RaceOfMany, family: TaskFamily) -> Race:
    """In its folder, if there is one; what is finished there is not run again."""
    return Race.open(work.config, work.algorithms, work.seeds, family, entry.path, work.terms)


def study_of(entry: Entry, work: SearchOfMany, family: TaskFamily) -> Study:
    """In its folder, if there is one; the plan that stands there is what counts."""
    return Study.create(work.plan, family) if entry.path is None else Study.open(entry.path)


def _gone_on(found: Recorded, config: ExperimentConfig, family: TaskFamily) -> Begun:
    found.run.claim()
    training = Training(config, family, found.run, resume=found.checkpoint)
    return Begun(training, before=found.events)


def _has_checkpoint(path: Path) -> bool:
    return path.is_dir() and bool(Run(path).iterations())
