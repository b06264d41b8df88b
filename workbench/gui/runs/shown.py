"""Which runs the table shows, in which order, under which columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.gui.runs import columns
from workbench.gui.runs.columns import Column
from workbench.gui.state import settings

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

KEY = "runs/table"


@dataclass(frozen=True)
class Look:
    """What is remembered of the table between starts."""

    every: bool = False
    """Columns for all parameters, not only for those that differ among the runs shown."""
    hidden: frozenset[str] = frozenset({"iterations"})
    """Keys of columns."""
    sort: str = "started"
    descending: bool = True
    widths: tuple[tuple[str, int], ...] = ()
    """Of columns that somebody has drawn wider or narrower."""


def remembered() -> Look:
    """As it was left; as it is at first where that is damaged."""
    kept = settings.json_of(KEY)
    try:
        widths = tuple((str(key), int(width)) for key, width in kept["widths"])
        hidden = frozenset(str(key) for key in kept["hidden"])
        return Look(
            bool(kept["every"]), hidden, str(kept["sort"]), bool(kept["descending"]), widths
        )
    except (KeyError, TypeError, ValueError):
        return Look()


def remember(look: Look) -> None:
    told = {"every": look.every, "hidden": sorted(look.hidden), "widths": look.widths}
    settings.remember_json(KEY, {**told, "sort": look.sort, "descending": look.descending})


def columns_for(entries: Sequence[Entry], every: bool) -> tuple[Column, ...]:
    """Those there are for these runs, hidden ones among them."""
    return (*columns.fixed(), *map(columns.parameter, _names(entries, every)), *columns.last())


def visible(found: Sequence[Column], look: Look) -> tuple[Column, ...]:
    return tuple(column for column in found if column.key not in look.hidden)


def arranged(entries: Sequence[Entry], found: Sequence[Column], look: Look) -> list[Entry]:
    """Sorted by the column that is looked at; runs that have nothing there stand last."""
    by = next((column for column in found if column.key == look.sort), None)
    if by is None:
        return list(entries)
    keyed: list[tuple[Any, Entry]] = [(by.order(entry), entry) for entry in entries]
    there = [pair for pair in keyed if pair[0] is not None]
    there.sort(key=lambda pair: pair[0], reverse=look.descending)
    return [entry for _, entry in there] + [entry for key, entry in keyed if key is None]


def _names(entries: Sequence[Entry], every: bool) -> list[str]:
    """Of parameters; those of the parts' names first."""
    from workbench.experiments.labbook import fields

    values = [entry.values for entry in entries if entry.values]
    if every:
        names = list(dict.fromkeys(name for run in values for name in run))
    else:
        names = fields.differing(values)
    return sorted(names, key=lambda name: (not name.endswith(".name"), _RANK[name.split(".")[0]]))


_RANK = {"algorithm": 0, "task": 1, "training": 2, "model": 3}
