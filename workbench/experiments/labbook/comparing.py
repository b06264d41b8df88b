"""Runs beside each other: what differs in their settings, and in what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import describe
from workbench.core.registry import get
from workbench.core.sealed import read_sealed
from workbench.experiments.labbook import naming
from workbench.experiments.labbook.entry import Entry, known
from workbench.experiments.paired import Difference, difference
from workbench.experiments.scores import read_scores
from workbench.experiments.store import RACE

MOST = 8
"""Runs that are compared at once."""
_AFTER = -1
RACE_BYTES = 2**24


@dataclass(frozen=True)
class Setting:
    """A parameter in every run; None where a run has no such parameter."""

    name: str
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        return any(value != self.values[0] for value in self.values)


@dataclass(frozen=True)
class Pair:
    """A run minus the first one on the tasks of both, or the sentence why there is none."""

    run: Path
    found: Difference | None
    why_not: str = ""


def comparable(entries: Sequence[Entry]) -> list[Entry]:
    """Two to `MOST` runs that can be read; raises `BadInput` otherwise."""
    if not 2 <= len(entries) <= MOST:
        raise BadInput(
            "compare",
            marked("takes two to {0} runs, not {1}").format(MOST, len(entries)),
            marked("Choose others"),
        )
    for entry in entries:
        if entry.run.problem:
            raise BadInput(entry.run.name, marked("is damaged: {0}").format(entry.run.problem))
    return list(entries)


def legends(entries: Sequence[Entry]) -> list[str]:
    """What each is called in one picture: its own name, or only what differs among them."""
    made = naming.legends([known(entry) for entry in entries])
    called = [entry.notes.name or name for entry, name in zip(entries, made, strict=True)]
    return [
        f"{name} ({entry.run.started:%H:%M:%S})" if called.count(name) > 1 else name
        for entry, name in zip(entries, called, strict=True)
    ]


def settings(entries: Sequence[Entry]) -> list[Setting]:
    """Every parameter that one of them has, section by section."""
    order = dict.fromkeys(name for entry in entries for name in entry.values)
    ranked = sorted(order, key=_place)
    return [Setting(name, tuple(e.values.get(name) for e in entries)) for name in ranked]


def _place(name: str) -> tuple[int, bool]:
    section, _, last = name.partition(".")
    return _SECTIONS.index(section), last != "name"


_SECTIONS = ("algorithm", "task", "model", "training")
"""What is looked at first."""


def pairs(entries: Sequence[Entry]) -> list[Pair]:
    """Each of the others against the first; see `experiments.paired`."""
    first, *others = entries
    return [_pair(other, first) for other in others]


def operations(entry: Entry) -> float | None:
    """Floating-point operations of one outer step, where the race of the run has counted them."""
    try:
        rows = read_sealed(entry.path.parent / RACE, RACE_BYTES)["contenders"]
        found = [row["operations"] for row in rows if _ran(row, entry.path.name)]
        return float(found[0]) if found and found[0] else None
    except (BadInput, KeyError, TypeError, ValueError):
        return None


def _ran(row: dict[str, Any], name: str) -> bool:
    return any(seed["run"] == name for seed in row["seeds"])


def _pair(own: Entry, first: Entry) -> Pair:
    try:
        why_not = _unlike(own, first)
        if why_not:
            return Pair(own.path, None, why_not)
        scores = [_scores(entry) for entry in (own, first)]
    except BadInput as error:
        return Pair(own.path, None, f"{Path(error.where).name} {error.problem}")
    assert own.test is not None
    return Pair(own.path, difference(scores[0], scores[1], own.test["name"]))


def _scores(entry: Entry) -> Any:
    assert entry.test is not None and entry.run.config is not None
    seed = entry.run.config.training.seed
    return read_scores(entry.path, entry.test, seed)[:, _AFTER]


def _unlike(own: Entry, first: Entry) -> str:
    """Why two runs have not met the same test tasks, in a sentence; empty where they have."""
    if own.test is None or first.test is None:
        return marked("one of the two has no test")
    if own.test["name"] != first.test["name"]:
        return marked("{0} and {1} are different metrics").format(
            own.test["name"], first.test["name"]
        )
    apart = [name for name in _task_names(own, first) if _apart(name, own, first)]
    if apart:
        return marked("their test tasks differ by {0}").format(", ".join(apart))
    if _data(own) != _data(first):
        return marked("the data is not the same")
    return ""


def _apart(name: str, own: Entry, first: Entry) -> bool:
    return bool(own.values.get(name) != first.values.get(name))


def _task_names(own: Entry, first: Entry) -> list[str]:
    """The parameters that settle the test tasks; where the data lies does not."""
    assert own.run.config is not None
    infos = describe(get("task", own.run.config.task.name).params)
    places = {f"task.{info.name}" for info in infos if info.kind == "path" or info.fetches}
    names = dict.fromkeys([*own.values, *first.values])
    tasks = [name for name in names if name.startswith("task.") and name not in places]
    return [*tasks, "training.seed", "training.test_tasks"]


def _data(entry: Entry) -> str:
    return str((entry.run.result or {}).get("data_fingerprint", ""))
