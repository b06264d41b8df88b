"""Tasks of images changed in shape: another class, another shot, or a new draw round locked slots.

Every function gives a new task, and raises `BadInput` where there is nothing left to take.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

import torch
from torch import Generator

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Slot
from workbench.tasks.image_draw import ImageDraw
from workbench.tasks.image_pool import Entries, Entry, Item, TaskClass, identity

Draw = TypeVar("Draw", bound=ImageDraw)


def with_shot(task: Draw, way: int, draws: Generator) -> Draw:
    """One more support image of a class, which neither set holds yet."""
    free = unused(task, way)
    if not free:
        raise BadInput(
            f"class {way + 1}",
            marked("has no other image"),
            marked("Draw one, or drop a picture onto a slot"),
        )
    return _with_row(task, way, (*task.support[way], _drawn(free, draws)))


def without_shot(task: Draw, way: int, shot: int) -> Draw:
    row = task.support[way]
    if len(row) == 1:
        raise BadInput(
            f"class {way + 1}",
            marked("would have no support image"),
            marked("Remove the whole class instead"),
        )
    return _with_row(task, way, (*row[:shot], *row[shot + 1 :]))


def with_class(task: Draw, among: Sequence[int], draws: Generator) -> Draw:
    """One more class of the split's ``among``, with as many images as the first one has."""
    present = {chosen.class_index for chosen in task.classes}
    shots, queries, taken = len(task.support[0]), len(task.query[0]), _identities(task)
    left = [c for c in among if c not in present and len(_free(task, c, taken)) >= shots + queries]
    if not left:
        raise BadInput(
            "classes", marked("this split has no other one"), marked("Choose another split")
        )
    class_index = left[int(torch.randint(len(left), (), generator=draws))]
    turns = any(chosen.rotation for chosen in task.classes)
    turn = int(torch.randint(4, (), generator=draws)) if turns else 0
    chosen = TaskClass(class_index, turn)
    items = _items(task, chosen, shots + queries, taken, draws)
    return replace(
        task,
        classes=(*task.classes, chosen),
        support=(*task.support, items[:shots]),
        query=(*task.query, items[shots:]),
    )


def redrawn(task: Draw, fresh: Draw, locked: Collection[Slot], draws: Generator) -> Draw:
    """A fresh draw in which locked images stay, and so their classes and what these are asked.

    ``fresh`` has as many classes as the task.
    """
    kept = {way for way, _ in locked}
    present = {task.classes[way].class_index for way in kept}
    taken = {identity(task.support[way][shot]) for way, shot in locked}
    taken |= {identity(entry) for way in kept for entry in task.query[way]}
    others = (w for w, c in enumerate(fresh.classes) if c.class_index not in present)
    classes, support, query = [], [], []
    for way in range(len(task.classes)):
        at = way if way in kept else next(others)
        classes.append((task if way in kept else fresh).classes[at])
        if way in kept:
            support.append(_redrawn_row(task, way, locked, taken, draws))
            query.append(task.query[way])
        else:
            rows = _fresh_rows(fresh, at, taken, draws)
            support.append(rows[0])
            query.append(rows[1])
        taken |= {identity(entry) for entry in (*support[-1], *query[-1])}
    return replace(task, classes=tuple(classes), support=tuple(support), query=tuple(query))


def unused(task: ImageDraw, way: int) -> tuple[Item, ...]:
    """The images of a class that stand in neither set."""
    taken = _identities(task)
    return tuple(item for item in task.candidates(way) if identity(item) not in taken)


def _redrawn_row(
    task: ImageDraw,
    way: int,
    locked: Collection[Slot],
    taken: Collection[object],
    draws: Generator,
) -> tuple[Entry, ...]:
    """A class's support images, drawn anew where they are not locked."""
    row = list(task.support[way])
    free = [item for item in task.candidates(way) if identity(item) not in taken]
    for shot in range(len(row)):
        if (way, shot) not in locked and free:
            row[shot] = free.pop(int(torch.randint(len(free), (), generator=draws)))
    return tuple(row)


def _fresh_rows(
    fresh: ImageDraw, way: int, taken: Collection[object], draws: Generator
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Support and query row of a fresh class, other items where a locked slot holds one of them.

    A locked slot can hold an image of any class, put there by hand.
    """
    support, query = fresh.support[way], fresh.query[way]
    if not any(identity(entry) in taken for entry in (*support, *query)):
        return support, query
    items = _items(fresh, fresh.classes[way], len(support) + len(query), taken, draws)
    return items[: len(support)], items[len(support) :]


def _items(
    task: ImageDraw, chosen: TaskClass, count: int, taken: Collection[object], draws: Generator
) -> tuple[Item, ...]:
    """Images of a class that stand nowhere in the task; fewer where it has no more."""
    free = _free(task, chosen.class_index, taken)
    order = torch.randperm(len(free), generator=draws).tolist()[:count]
    return tuple(Item(chosen.class_index, free[place], chosen.rotation) for place in order)


def _free(task: ImageDraw, class_index: int, taken: Collection[object]) -> list[int]:
    """The places in a class of the images that are not taken."""
    return [i for i in range(task.pool.count(class_index)) if (class_index, i) not in taken]


def _identities(task: ImageDraw) -> set[object]:
    return {identity(e) for rows in (task.support, task.query) for row in rows for e in row}


def _with_row(task: Draw, way: int, row: tuple[Entry, ...]) -> Draw:
    rows: Entries = (*task.support[:way], row, *task.support[way + 1 :])
    return replace(task, support=rows)


def _drawn(items: Sequence[Item], draws: Generator) -> Item:
    return items[int(torch.randint(len(items), (), generator=draws))]
