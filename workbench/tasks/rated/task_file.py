"""A task of ratings as it stands in a scene: read back strictly, whoever wrote it."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import Field

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.tasks.rated.pool import RatedPool
from workbench.tasks.rated.rated_task import NOBODY, RatedTask, Rating, Ratings

Whole = Annotated[int, Field(ge=0, le=2**31)]
Pair = Annotated[list[Whole | float | None], Field(min_length=2, max_length=2, fail_fast=True)]
Pairs = Annotated[list[Pair], Field(min_length=1, max_length=10_000, fail_fast=True)]


class TaskFile(Strict):
    user: Whole | None
    support: Pairs
    query: Pairs


def opened(values: Any, pool: RatedPool, among: Collection[int], split: str) -> RatedTask:
    """The task in a pool, its user ``among`` those of the split; raises `BadInput`."""
    held = strictly(TaskFile, values, "task")
    if held.user is not None and held.user not in among:
        raise BadInput("task.user", marked("is no user of the {0} split").format(split))
    support, query = (_ratings(n, getattr(held, n), pool) for n in ("support", "query"))
    seen = dict[int, str]()
    for name, ratings in (("support", support), ("query", query)):
        for at, rating in enumerate(ratings):
            where = f"task.{name}[{at}]"
            first = seen.setdefault(rating.item, where)
            if first != where:
                raise BadInput(where, marked("the same item as {0}").format(first))
    if any(math.isnan(rating.stars) for rating in support):
        raise BadInput("task.support", marked("holds an item without a rating"))
    return RatedTask(pool, NOBODY if held.user is None else held.user, support, query)


def _ratings(name: str, rows: list[list[Any]], pool: RatedPool) -> Ratings:
    return tuple(_rating(f"task.{name}[{at}]", row, pool) for at, row in enumerate(rows))


def _rating(where: str, row: list[Any], pool: RatedPool) -> Rating:
    item, stars = row
    if not isinstance(item, int) or item >= len(pool.table.items):
        raise BadInput(where, marked("there is no item {0}").format(item))
    if stars is not None and not pool.lowest <= stars <= pool.highest:
        problem = marked("{0:g} stars are not on the scale").format(stars)
        raise BadInput(where, problem)
    return Rating(item, math.nan if stars is None else float(stars))
