"""Which columns of a table are the id, the inputs, the outputs and the split."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

IDS = ("task", "id", "curve", "series", "group", "subject", "patient", "unit", "sample", "run")
SPLITS = ("split", "set", "subset", "partition", "meta_split")
_INPUT = re.compile(r"^(x|in|inputs?|t|time|u)([ _.-]?\d+)?$")
_OUTPUT = re.compile(r"^(y|z|out|outputs?|targets?|values?|v)([ _.-]?\d+)?$")
_WHOLE = re.compile(r"[ _.-]*(id|nr|no|name|number)$")


class Columns(NamedTuple):
    """Names of columns; empty where the table has none."""

    id: str
    x: tuple[str, ...]
    y: tuple[str, ...]
    split: str


def recognised(names: Sequence[str], numeric: Collection[str], given: Columns) -> Columns:
    """The columns that ``given`` names, and for what it leaves empty those that look like it.

    Ids and splits are known by their names, else the first column is the id. Inputs and outputs
    are those called x or y (with a number behind), else the other columns of numbers, of which the
    last one is the output.
    """
    named = {given.id, given.split, *given.x, *given.y}
    free = [name for name in names if name not in named]
    split = given.split or next((n for n in free if _bare(n) in SPLITS), "")
    free = [name for name in free if name != split]
    own = given.id or next((n for n in free if _stem(n) in IDS), next(iter(free), ""))
    free = [name for name in free if name != own]
    y = given.y or _called(free, _OUTPUT.match)
    x = given.x or _called([name for name in free if name not in y], _INPUT.match)
    free = [name for name in free if name in numeric]
    if not y:
        others = [name for name in free if name not in x]
        y = tuple(others) if x and others else tuple(free[-1:])
    if not x:
        x = tuple(name for name in free if name not in y)
    return Columns(own, x, y, split)


def _called(names: Sequence[str], fits: Callable[[str], object]) -> tuple[str, ...]:
    return tuple(name for name in names if fits(_bare(name)))


def _bare(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _stem(name: str) -> str:
    """``task_id`` is a task, and ``ID`` an id."""
    bare = _bare(name)
    return _WHOLE.sub("", bare) or bare
