"""Who rated what, and what is known of either beside that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor


@dataclass(frozen=True)
class Facts:
    """Columns of a table about users or items; a cell holds the words of it, perhaps none."""

    columns: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """By the name of the column: of each user or item its words."""


@dataclass(frozen=True, eq=False)
class RatingTable:
    """Ratings sorted by user; names and facts of users and items by their numbers."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    """As a person calls them, such as titles."""
    user: Tensor
    """``[n]``, whole numbers that never fall."""
    item: Tensor
    """``[n]``, whole numbers; of one user none stands twice."""
    stars: Tensor
    """``[n]``"""
    user_facts: Facts = Facts()
    item_facts: Facts = Facts()

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the ratings of each user begin, and at last where they end."""
        counts = torch.bincount(self.user, minlength=len(self.users))
        return (0, *counts.cumsum(0).tolist())

    def rated(self, user: int, of: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """What a user has rated: the items ``[r]`` and the stars ``[r]``.

        ``of [items]`` says which items count.
        """
        rows = slice(self.starts[user], self.starts[user + 1])
        items, stars = self.item[rows], self.stars[rows]
        return (items, stars) if of is None else (items[of[items]], stars[of[items]])


def table_of(
    users: Sequence[str], items: Sequence[str], ratings: Sequence[tuple[int, int, float]]
) -> RatingTable:
    """A table of ``(user, item, stars)``, in any order."""
    held = sorted(ratings)
    user, item, stars = (list(part) for part in zip(*held, strict=True)) if held else ([], [], [])
    return RatingTable(
        tuple(users),
        tuple(items),
        torch.tensor(user, dtype=torch.long),
        torch.tensor(item, dtype=torch.long),
        torch.tensor(stars, dtype=torch.float32),
    )
