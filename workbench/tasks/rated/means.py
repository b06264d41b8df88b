"""What meta-training ratings say of each item: its mean, and its place among the tastes."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.core.seeds import generator
from workbench.tasks.rated.table import RatingTable

CAUTION = 5.0
"""Ratings at the mean of all that each item is taken to have beside its own."""
HELD = 3.0
"""How strongly factors are held to zero, in ratings."""
ROUNDS = 12
CHUNK = 200_000
"""Ratings looked at together."""


def item_means(table: RatingTable, among: Tensor) -> Tensor:
    """``[items]``; of an item that none of ``among [n]`` rates, the mean of all ratings."""
    item, stars = table.item[among], table.stars[among]
    overall = stars.mean()
    count = torch.bincount(item, minlength=len(table.items))
    above = torch.zeros(len(table.items)).index_add_(0, item, stars - overall)
    return overall + above / (count + CAUTION)


def item_factors(table: RatingTable, among: Tensor, means: Tensor, factors: int) -> Tensor:
    """``[items, factors]``, of unit spread over the ratings; zeros for items that nobody rates.

    Alternating least squares on what users give above the means: Y. Zhou et al., "Large-Scale
    Parallel Collaborative Filtering for the Netflix Prize", AAIM 2008, with a shift for each user.
    """
    if not factors:
        return torch.zeros(len(table.items), 0)
    user, item = table.user[among], table.item[among]
    above = (table.stars[among] - means[item]).double()
    draws = generator(0, "factors")
    of_items = torch.randn(len(table.items), factors, generator=draws, dtype=torch.float64) / 10
    for _ in range(ROUNDS):
        with_shift = torch.cat([of_items, torch.ones(len(of_items), 1, dtype=torch.float64)], 1)
        of_users = _solved(with_shift[item], above, user, len(table.users))
        rest = above - of_users[user, -1]
        of_items = _solved(of_users[user, :-1], rest, item, len(table.items))
    spread = of_items[item].square().mean(0).sqrt().clamp_min(1e-9)
    return (of_items / spread).float()


def _solved(x: Tensor, y: Tensor, owner: Tensor, owners: int) -> Tensor:
    """``[owners, d]``: for each owner of rows ``x [n, d]``, the ridge regression of ``y [n]``."""
    size = x.shape[1]
    squares = torch.zeros(owners, size, size, dtype=x.dtype)
    for start in range(0, len(x), CHUNK):
        rows = x[start : start + CHUNK]
        squares.index_add_(0, owner[start : start + CHUNK], rows[:, :, None] * rows[:, None, :])
    products = torch.zeros(owners, size, dtype=x.dtype).index_add_(0, owner, x * y[:, None])
    found: Tensor = torch.linalg.solve(squares + HELD * torch.eye(size, dtype=x.dtype), products)
    return found
