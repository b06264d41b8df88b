"""A pool out of a table: what a model is told, fitted to the ratings of meta-training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from workbench.tasks.rated.facts import Column, Fitted, fitted
from workbench.tasks.rated.means import item_factors, item_means
from workbench.tasks.rated.pool import RatedPool
from workbench.tasks.rated.table import RatingTable


class Wanted(NamedTuple):
    """Sizes of an input, and the ends of the scale."""

    factors: int
    features: int
    lowest: float
    highest: float


def pool_of(
    table: RatingTable, users: Sequence[int], warm: Tensor, wanted: Wanted
) -> tuple[RatedPool, tuple[str, ...]]:
    """The pool, and which facts tell nothing or found no room.

    ``users`` are those of meta-training, ``warm [items]`` the items that may stand there.
    """
    among = torch.zeros(len(table.users), dtype=torch.bool)
    among[list(users)] = True
    seen = (among[table.user] & warm[table.item]).nonzero().squeeze(1)
    means = item_means(table, seen)
    factors = item_factors(table, seen, means, wanted.factors)
    items = fitted(table.item_facts, sorted(set(table.item[seen].tolist())))
    people = fitted(table.user_facts, users)
    kept = _kept(items, people, wanted.features)
    items, people = (
        Fitted(tuple(c for c in f.columns if c in kept), f.left_out) for f in (items, people)
    )
    names = [f"factor {n + 1}" for n in range(wanted.factors)]
    names += [" ".join((c.name, c.kind)).strip() for f in (items, people) for c in f.columns]
    pool = RatedPool(
        table,
        wanted.lowest,
        wanted.highest,
        means,
        float(table.stars[seen].mean()),
        torch.cat([factors, items.rows(table.item_facts, len(table.items))], 1),
        people.rows(table.user_facts, len(table.users)),
        1 + wanted.factors + wanted.features,
        warm,
        tuple(names),
    )
    return pool, (*items.left_out, *people.left_out)


def _kept(items: Fitted, users: Fitted, most: int) -> set[Column]:
    """Those of either that tell something of the largest share."""
    shares = [
        (column.weight / max(1, max(c.weight for c in part.columns)), column)
        for part in (items, users)
        for column in part.columns
    ]
    return {column for _, column in sorted(shares, key=lambda pair: -pair[0])[:most]}
