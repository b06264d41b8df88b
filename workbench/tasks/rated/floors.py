"""What is reached without learning to learn, on the very same users."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.core.marked import marked
from workbench.core.stars import NDCG, Stars
from workbench.tasks.rated.pool import OVER_ALL, RatedBatch


def floors(
    objective: Stars, overall: float, support: RatedBatch, query: RatedBatch
) -> dict[str, Tensor]:
    """The metric of each of T users, ``[T]``, by what is told: means, and means with a shift.

    The shift is what the user gives above the items' means, as if four ratings more had been
    exactly the mean: it is the stronger floor for few ratings. A ranking knows no shift.
    """
    told = predictions(overall, support, query)
    if objective.judged_by == NDCG:
        told = {name: told[name] for name in (ITEM_MEAN,)}
    return {name: objective.metric(values, query.y) for name, values in told.items()}


GLOBAL_MEAN = marked("mean of all")
USER_MEAN = marked("mean of the user")
ITEM_MEAN = marked("mean of the item")
SHIFTED = marked("item mean + user shift")


def predictions(overall: float, support: RatedBatch, query: RatedBatch) -> dict[str, Tensor]:
    """``[T, Q, 1]`` by what is told."""
    means = query.x[..., :1]
    above = (support.y - support.x[..., :1]).sum(1, keepdim=True)
    shift = above / (support.y.shape[1] + OVER_ALL)
    return {
        SHIFTED: means + shift,
        ITEM_MEAN: means,
        USER_MEAN: support.y.mean(1, keepdim=True).expand_as(means),
        GLOBAL_MEAN: torch.full_like(means, overall),
    }
