"""Tasks of sentences drawn anew: other support sentences, another class, round locked places."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import torch
from torch import Generator

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Slot
from workbench.tasks.texts.pool import Known, Row
from workbench.tasks.texts.text_draw import Draw, TextDraw


def another_support(task: Draw, draws: Generator) -> Draw:
    """Other sentences of the same classes, as many; the query set stays."""
    bare = replace(task, support=((),) * len(task.classes))
    for way, row in enumerate(task.support):
        bare = bare.with_row(way, _drawn(bare.candidates(way), len(row), draws))
    return bare


def with_class(task: Draw, among: Sequence[int], draws: Generator) -> Draw:
    shots, queries = len(task.support[0]), max(1, len(task.query[0]))
    left = [c for c in among if c not in task.classes]
    order = torch.randperm(len(left), generator=draws).tolist()
    for class_index in (left[place] for place in order):
        wider = _wider(task, class_index)
        free = wider.candidates(len(task.classes))
        if len(free) >= shots + queries:
            drawn = _drawn(free, shots + queries, draws)
            return _filled(wider, len(task.classes), drawn[:shots], drawn[shots:])
    raise BadInput("classes", marked("this split has no other one"), marked("Choose another split"))


def redrawn(task: Draw, fresh: Draw, locked: Collection[Slot], draws: Generator) -> Draw:
    """A fresh draw in which locked sentences stay, and so their classes and what these are asked.

    ``fresh`` has as many classes as the task.
    """
    kept = {way for way, _ in locked}
    others = iter([c for c in fresh.classes if c not in {task.classes[way] for way in kept}])
    ways = range(len(task.classes))
    result = replace(
        task,
        classes=tuple(task.classes[way] if way in kept else next(others) for way in ways),
        support=tuple(
            tuple(e for shot, e in enumerate(task.support[way]) if (way, shot) in locked)
            for way in ways
        ),
        query=tuple(task.query[way] if way in kept else () for way in ways),
    )
    for way in ways:
        if way in kept:
            result = result.with_row(way, _redrawn_row(task, result, way, locked, draws))
            continue
        at = fresh.classes.index(result.classes[way])
        shots, queries = len(fresh.support[at]), len(fresh.query[at])
        drawn = _drawn(result.candidates(way), shots + queries, draws)
        result = _filled(result, way, drawn[:shots], drawn[shots:])
    return result


def _redrawn_row(
    task: TextDraw,
    now: TextDraw,
    way: int,
    locked: Collection[Slot],
    draws: Generator,
) -> Row:
    """A class's support sentences, drawn anew where they are not locked."""
    open_shots = [shot for shot in range(len(task.support[way])) if (way, shot) not in locked]
    row = list(task.support[way])
    for shot, entry in zip(
        open_shots, _drawn(now.candidates(way), len(open_shots), draws), strict=False
    ):
        row[shot] = entry
    return tuple(row)


def _wider(task: Draw, class_index: int) -> Draw:
    classes = (*task.classes, class_index)
    return replace(task, classes=classes, support=(*task.support, ()), query=(*task.query, ()))


def _filled(task: Draw, way: int, support: Row, query: Row) -> Draw:
    filled = task.with_row(way, support)
    return replace(filled, query=(*filled.query[:way], query, *filled.query[way + 1 :]))


def _drawn(free: Sequence[Known], count: int, draws: Generator) -> Row:
    """So many of them in random order; fewer where there are no more."""
    order = torch.randperm(len(free), generator=draws).tolist()[:count]
    return tuple(free[place] for place in order)
