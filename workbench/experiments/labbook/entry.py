"""One line of the lab book: a stored run, what is said of it, and how it learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.registry import KINDS
from workbench.experiments.labbook import fields, naming
from workbench.experiments.labbook.fields import Values
from workbench.experiments.labbook.learned import Learned, read_learned
from workbench.experiments.labbook.notes import NOTHING_SAID, Notes, read_notes
from workbench.experiments.runs import RunSummary


@dataclass(frozen=True)
class Entry:
    """``default`` is what it is called as long as nobody has named it."""

    run: RunSummary
    default: str
    notes: Notes = NOTHING_SAID
    problem: str = ""
    """What is wrong with its notes; with the run itself, `RunSummary.problem`."""
    learned: Learned | None = None
    """Not yet read where there is none."""
    values: Values = field(default_factory=dict, repr=False)
    """Of its configuration, by dotted name; empty for a damaged run."""

    @property
    def path(self) -> Path:
        return self.run.path

    @property
    def title(self) -> str:
        return self.notes.name or self.default

    @cached_property
    def text(self) -> str:
        """All that is said of it and what it was, without upper case: to look for words in."""
        names = (str(self.values.get(f"{part}.name", "")) for part in KINDS)
        told = (self.title, self.notes.note, *self.notes.tags, self.run.name, *names)
        return "\n".join(told).casefold()

    @property
    def test(self) -> dict[str, Any] | None:
        """What it came to on the test tasks, as ``metrics``."""
        return self._measured("test")

    @property
    def validation(self) -> dict[str, Any] | None:
        """The best validation, as ``metrics``."""
        if self.learned is not None and self.learned.best is not None:
            return self.learned.best
        return self._measured("val")

    @property
    def best_iteration(self) -> int:
        """Of the best validation; 0 where it is not known."""
        if self.learned is not None and self.learned.best_iteration:
            return self.learned.best_iteration
        return int((self.run.result or {}).get("best_iteration", 0))

    @property
    def iterations(self) -> int:
        """Outer steps done, as far as is known."""
        told = 0 if self.learned is None else self.learned.iterations
        done = int((self.run.result or {}).get("iterations", 0))
        return max(done, self.run.iteration, told)

    @property
    def seconds(self) -> float:
        """Of training, pauses and evaluations not counted; 0 where not known."""
        told = 0.0 if self.learned is None else self.learned.seconds
        return max(float((self.run.result or {}).get("seconds", 0.0)), told)

    def _measured(self, split: str) -> dict[str, Any] | None:
        metrics = (self.run.result or {}).get("metrics")
        return metrics if metrics and metrics["split"] == split else None


def entries_of(runs: Sequence[RunSummary]) -> list[Entry]:
    """The runs with their notes and names, in the order given; how they learned is not read."""
    made = [_entry(run) for run in runs]
    sound = [place for place, entry in enumerate(made) if entry.values]
    named = naming.default_names([known(made[place]) for place in sound])
    names = dict(zip(sound, named, strict=True))
    return [replace(one, default=names.get(at, one.default)) for at, one in enumerate(made)]


def known(entry: Entry) -> naming.Known:
    """What a name is made of."""
    assert entry.run.config is not None
    when = "" if entry.run.started is None else f"{entry.run.started:%Y-%m-%d %H:%M:%S}"
    return entry.run.config, entry.values, when


def with_learned(entry: Entry) -> Entry:
    """The same with how it learned, read from the disk; of a damaged run nothing is."""
    return entry if entry.run.problem else replace(entry, learned=read_learned(entry.path))


def _entry(run: RunSummary) -> Entry:
    try:
        notes, problem = read_notes(run.path), ""
    except BadInput as error:
        notes, problem = NOTHING_SAID, f"{error.where}: {error.problem}"
    values = {} if run.config is None else fields.values_of(run.config)
    return Entry(run, run.name, notes, problem, values=values)
