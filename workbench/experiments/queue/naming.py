"""What entries of the queue are called: as their runs will be in the lab book, by what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workbench.core.errors import printable
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.labbook import fields, naming
from workbench.experiments.queue.entry import Entry
from workbench.experiments.queue.work import MoreOfRun, NewRun, RaceOfMany, SearchOfMany, titles
from workbench.experiments.search.plan import Plan


def names_of(entries: Sequence[Entry]) -> list[str]:
    """One for each; a damaged entry is called by its file."""
    runs = [at for at, one in enumerate(entries) if isinstance(one.work, NewRun | MoreOfRun)]
    told = naming.default_names([_known(entries[at]) for at in runs])
    names = dict(zip(runs, told, strict=True))
    return [names.get(at) or _other(one) for at, one in enumerate(entries)]


def length_of(config: ExperimentConfig) -> str:
    """``500 iterations``, or ``60 s`` where seconds settle it."""
    training = config.training
    if training.seconds:
        return f"{training.seconds:g} s"
    return f"{training.iterations:,} iterations"


def kind_of(entry: Entry) -> str:
    """``run``, ``run, goes on``, ``race of 3, 2 seeds`` or ``search, 60 trials``."""
    work = entry.work
    if isinstance(work, SearchOfMany):
        count = work.plan.count
        trials = "1 trial" if count == 1 else f"{count} trials"
        return f"search, {trials}" if count else "search"
    if isinstance(work, RaceOfMany):
        seeds = "1 seed" if len(work.seeds) == 1 else f"{len(work.seeds)} seeds"
        return f"race of {len(work.algorithms)}, {seeds}"
    return "run, goes on" if isinstance(work, MoreOfRun) else "run"


def searched(plan: Plan) -> str:
    """``search of inner rate, inner steps``"""
    fields = (one.field.rpartition(".")[2].replace("_", " ") for one in plan.space)
    return f"search of {', '.join(fields)}"


def _known(entry: Entry) -> naming.Known:
    assert entry.work is not None
    when = f"{datetime.fromtimestamp(entry.added):%Y-%m-%d %H:%M:%S}"
    return entry.work.config, fields.values_of(entry.work.config), when


def _other(entry: Entry) -> str:
    """A race by the names of those who race, in place of the shared algorithm's; a search by what
    it searches.
    """
    work = entry.work
    if isinstance(work, SearchOfMany):
        return naming.JOIN.join([searched(work.plan), naming.base_name(work.config)])
    if not isinstance(work, RaceOfMany):
        return printable(entry.id)
    base = naming.base_name(work.config).split(naming.JOIN)
    return naming.JOIN.join([", ".join(titles(work)), base[1]])
