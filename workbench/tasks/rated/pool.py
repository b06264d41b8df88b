"""Ratings with what a model is told of users and items."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from workbench.core.episode import Batch
from workbench.tasks.rated.table import RatingTable

OVER_ALL = 4.0
"""Ratings without any shift that a user is taken to have beside those of the support set."""


@dataclass(frozen=True)
class RatedBatch(Batch):
    """Rated items ``x [n, d]``, ``y [n, 1]`` of one user; which they are is known to the family."""

    items: Tensor
    """``[n]``"""
    user: Tensor
    """``[]``; -1 for nobody of the table."""


@dataclass(frozen=True, eq=False)
class RatedPool:
    """A table with the inputs of its users and items, fitted to meta-training alone.

    An input is the item's mean rating, the item's factors and facts, and the user's facts.
    """

    table: RatingTable
    lowest: float
    highest: float
    means: Tensor
    """``[items]``"""
    overall: float
    """The mean of all meta-training ratings."""
    of_items: Tensor
    """``[items, a]``"""
    of_users: Tensor
    """``[users, b]``"""
    width: int
    """Of an input; what facts leave of it is zero."""
    warm: Tensor
    """``[items]``, whether an item may stand in meta-training tasks."""
    columns: tuple[str, ...] = ()
    """What the numbers of ``of_items`` and ``of_users`` are called."""

    def batch(self, user: int, items: Tensor, stars: Tensor) -> RatedBatch:
        """Of one user, -1 for nobody: ``items [n]`` and ``stars [n]``."""
        return self.batches(torch.tensor([user]), items[None], stars[None])[0]

    def batches(self, users: Tensor, items: Tensor, stars: Tensor) -> RatedBatch:
        """Of users ``[T]``: ``items [T, n]`` and ``stars [T, n]``."""
        told = torch.zeros(*items.shape, self.width)
        told[..., 0] = self.means[items]
        first, last = 1 + self.of_items.shape[1], self.of_users.shape[1]
        told[..., 1:first] = self.of_items[items]
        told[..., first : first + last] = self._with_nobody[users][:, None]
        return RatedBatch(told, stars[..., None], items, users)

    @cached_property
    def by_fame(self) -> tuple[int, ...]:
        """All items, those with the most ratings first."""
        counts = torch.bincount(self.table.item, minlength=len(self.table.items))
        return tuple(counts.argsort(descending=True, stable=True).tolist())

    @cached_property
    def places(self) -> dict[str, int]:
        """Items by their names in lower case; of equal names the better known one."""
        names = self.table.items
        return {names[at].casefold(): at for at in reversed(self.by_fame)}

    @cached_property
    def _with_nobody(self) -> Tensor:
        return torch.cat([self.of_users, torch.zeros(1, self.of_users.shape[1])])
