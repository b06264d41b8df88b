"""The tasks of an evaluation once more: seed, split and place settle each of them.

An evaluation draws whole episodes, `evaluation.CHUNK` at once; here the tasks themselves are drawn
from the same numbers. That both are the same is looked at, since a family may draw them otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import torch

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Report, Split, Task, TaskFamily, unheard
from workbench.experiments.evaluation import CHUNK, draws_of

log = logging.getLogger(__name__)


def all_tasks(
    family: TaskFamily, split: Split, tasks: int, seed: int, report: Report
) -> tuple[Task, ...]:
    """Every task of an evaluation, in its order; ``family`` is prepared.

    Raises `BadInput` where they are not those that an evaluation meets.
    """
    found: list[Task] = []
    for start in range(0, tasks, CHUNK):
        report(marked("Drawing tasks: {0:,} of {1:,}").format(start, tasks), start / tasks)
        found += _chunk(family, split, tasks, seed, start)
    if tasks:
        _check(family, split, tasks, seed, 0, found[0])
    return tuple(found)


def one_task(family: TaskFamily, split: Split, tasks: int, seed: int, index: int) -> Task:
    """The task at a place of an evaluation of ``tasks`` tasks; see `all_tasks`."""
    start = index - index % CHUNK
    task = _chunk(family, split, tasks, seed, start)[index - start]
    _check(family, split, tasks, seed, index, task)
    return task


def described(family: TaskFamily, split: Split, tasks: int, seed: int) -> dict[str, Any]:
    """What a record says of the tasks beside their scores: which data, and their classes.

    Classes are numbers into a list of names, a line for each task. Tasks of a continuum have none,
    and those of a family that draws them otherwise one by one are not known.
    """
    told: dict[str, Any] = {"fingerprint": family.fingerprint}
    names = [info.name for info in family.class_list(split)]
    try:
        drawn = all_tasks(family, split, tasks, seed, unheard) if names else ()
    except BadInput as problem:
        log.info("the classes of the tasks are not kept: %s", problem)
        return told
    places = {name: place for place, name in enumerate(names)}
    if drawn and all(task.class_names and places.keys() >= {*task.class_names} for task in drawn):
        of = [" ".join(str(places[name]) for name in task.class_names) for task in drawn]
        told["classes"] = {"names": names, "of": of}
    return told


def _chunk(family: TaskFamily, split: Split, tasks: int, seed: int, start: int) -> Sequence[Task]:
    draws = draws_of(seed, split, start)
    return [family.sample(split, draws) for _ in range(min(CHUNK, tasks - start))]


def _check(family: TaskFamily, split: Split, tasks: int, seed: int, index: int, task: Task) -> None:
    start = index - index % CHUNK
    met = family.episodes(split, min(CHUNK, tasks - start), draws_of(seed, split, start))
    if not _same(met[index - start], task.episode()):
        raise BadInput(
            marked("Tasks"),
            marked("this family draws several tasks at once otherwise than one by one"),
            marked("Their curves are those that were measured; the tasks cannot be shown"),
        )


def _same(one: Episode, other: Episode) -> bool:
    return _equal(one.support, other.support) and _equal(one.query, other.query)


def _equal(one: Batch, other: Batch) -> bool:
    """To the roundings of a float: a curve may be computed in another order."""
    pairs = ((one.x, other.x), (one.y, other.y))
    return all(a.shape == b.shape and torch.allclose(a, b, 1e-4, 1e-5) for a, b in pairs)
