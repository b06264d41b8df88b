"""Where entries of the queue stand: a number each, between those of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.experiments.queue.entry import Entry, State


def order(entry: Entry) -> tuple[Any, ...]:
    """What ended comes first, then what runs, then what waits."""
    group = 0 if entry.ended else 1 if entry.state is State.RUNNING else 2
    return group, entry.place, entry.added, entry.id


def first(entries: Sequence[Entry]) -> float:
    """In front of all that wait."""
    return min((one.place for one in entries if one.pending), default=1.0) - 1.0


def last(entries: Sequence[Entry]) -> float:
    """Behind all others."""
    return max((one.place for one in entries if one.state is not State.DAMAGED), default=0.0) + 1.0


def between(places: Sequence[float], at: int) -> float:
    """A place before the one that stands there now, and behind the one before it."""
    if not places:
        return 0.0
    if at == 0:
        return places[0] - 1.0
    if at == len(places):
        return places[-1] + 1.0
    return (places[at - 1] + places[at]) / 2
