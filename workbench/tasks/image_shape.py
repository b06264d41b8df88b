"""Tasks of images changed in shape: another class, another shot, or a new draw round locked slots.

Every function gives a new task, and raises `BadInput` where there is nothing left to take.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Generator

from workbench.core.errors import BadInput
from workbench.tasks.image_pool import Entries, Entry, Item, TaskClass, identity

if TYPE_CHECKING:
    from workbench.tasks.image_task import ImageTask

LEAST_WAYS = 2


def with_shot(task: ImageTask, way: int, draws: Generator) -> ImageTask:
    """One more support image of a class, which neither set holds yet."""
    free = unused(task, way)
    if not free:
        raise BadInput(
            f"class {way + 1}", "has no other image", "Draw one, or drop a picture onto a slot"
        )
    return _with_row(task, way, (*task.support[way], _drawn(free, draws)))


def without_shot(task: ImageTask, way: int, shot: int) -> ImageTask:
    row = task.support[way]
    if len(row) == 1:
        raise BadInput(
            f"class {way + 1}", "would have no support image", "Remove the whole class instead"
        )
    return _with_row(task, way, (*row[:shot], *row[shot + 1 :]))


def with_class(task: ImageTask, among: Sequence[int], draws: Generator) -> ImageTask:
    """One more class of the split's ``among``, with as many images as the first one has."""
    present = {chosen.class_index for chosen in task.classes}
    shots, queries = len(task.support[0]), len(task.query[0])
    left = [c for c in among if c not in present and task.pool.count(c) >= shots + queries]
    if not left:
        raise BadInput("classes", "this split has no other one", "Choose another split")
    class_index = left[int(torch.randint(len(left), (), generator=draws))]
    turns = any(chosen.rotation for chosen in task.classes)
    turn = int(torch.randint(4, (), generator=draws)) if turns else 0
    order = torch.randperm(task.pool.count(class_index), generator=draws).tolist()
    items = tuple(Item(class_index, place, turn) for place in order[: shots + queries])
    return replace(
        task,
        classes=(*task.classes, TaskClass(class_index, turn)),
        support=(*task.support, items[:shots]),
        query=(*task.query, items[shots:]),
    )


def without_class(task: ImageTask, way: int) -> ImageTask:
    if len(task.classes) <= LEAST_WAYS:
        raise BadInput("classes", "two are the least to tell apart", "Add another one first")
    kept = [place for place in range(len(task.classes)) if place != way]
    return replace(
        task,
        classes=tuple(task.classes[place] for place in kept),
        support=tuple(task.support[place] for place in kept),
        query=tuple(task.query[place] for place in kept),
    )


def redrawn(
    task: ImageTask, fresh: ImageTask, locked: Collection[tuple[int, int]], draws: Generator
) -> ImageTask:
    """A fresh draw in which locked images stay, and so their classes and what these are asked.

    ``fresh`` has as many classes as the task.
    """
    kept = {way for way, _ in locked}
    present = {task.classes[way].class_index for way in kept}
    others = (w for w, c in enumerate(fresh.classes) if c.class_index not in present)
    classes, support, query = [], [], []
    for way in range(len(task.classes)):
        source, at = (task, way) if way in kept else (fresh, next(others))
        classes.append(source.classes[at])
        query.append(source.query[at])
        support.append(_round(task, way, locked, draws) if way in kept else source.support[at])
    return replace(task, classes=tuple(classes), support=tuple(support), query=tuple(query))


def unused(task: ImageTask, way: int) -> tuple[Item, ...]:
    """The images of a class that stand in neither set."""
    taken = {identity(entry) for row in task.support for entry in row}
    return tuple(item for item in task.candidates(way) if identity(item) not in taken)


def _round(
    task: ImageTask, way: int, locked: Collection[tuple[int, int]], draws: Generator
) -> tuple[Entry, ...]:
    """A class's support images, drawn anew where they are not locked."""
    row = list(task.support[way])
    held = {identity(row[shot]) for shot in range(len(row)) if (way, shot) in locked}
    free = [item for item in task.candidates(way) if identity(item) not in held]
    for shot in range(len(row)):
        if (way, shot) not in locked and free:
            row[shot] = free.pop(int(torch.randint(len(free), (), generator=draws)))
    return tuple(row)


def _with_row(task: ImageTask, way: int, row: tuple[Entry, ...]) -> ImageTask:
    rows: Entries = (*task.support[:way], row, *task.support[way + 1 :])
    return replace(task, support=rows)


def _drawn(items: Sequence[Item], draws: Generator) -> Item:
    return items[int(torch.randint(len(items), (), generator=draws))]
