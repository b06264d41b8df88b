"""The four states of MeLU: known or new users, asked about known or new items.

H. Lee et al., KDD 2019. Differs from the authors' code: there support and query set are both of the
state's items, of users with 13 to 100 ratings, and all but ten are support; here what a user is
known by are always items of meta-training, K of them, and the state says what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from workbench.core.task import Split
from workbench.tasks.rated.params import State
from workbench.tasks.rated.table import RatingTable

KNOWN_USERS: tuple[State, ...] = ("new_items", "known_both")
NEW_ITEMS: tuple[State, ...] = ("new_items", "new_both")


@dataclass(frozen=True, eq=False)
class Asking:
    """Which items of a user are learned from, and which are asked about."""

    seen: Tensor
    """``[items]``"""
    asked: Tensor
    """``[items]``, the same or none of them."""
    shots: int
    queries: int

    @property
    def apart(self) -> bool:
        """Whether the two sets are of different items."""
        return not bool((self.seen & self.asked).any())

    def users(self, table: RatingTable, among: tuple[int, ...]) -> list[int]:
        """Those who have rated enough."""
        seen, asked = (_counts(table, part) for part in (self.seen, self.asked))
        enough = (seen >= self.shots + (0 if self.apart else self.queries)) & (
            asked >= self.queries
        )
        return [user for user in among if enough[user]]

    def drawn(self, table: RatingTable, user: int, draws: Generator) -> tuple[Tensor, Tensor]:
        """Items ``[K + Q]`` with stars, those of the support set first."""
        items, stars = table.rated(user, self.asked)
        order = torch.randperm(len(items), generator=draws)
        if not self.apart:
            taken = order[: self.shots + self.queries]
            return items[taken], stars[taken]
        known, given = table.rated(user, self.seen)
        first = torch.randperm(len(known), generator=draws)[: self.shots]
        last = order[: self.queries]
        return torch.cat([known[first], items[last]]), torch.cat([given[first], stars[last]])


def asking(state: State, split: Split, cold: Tensor, shots: int, queries: int) -> Asking:
    """``cold [items]`` are kept out of meta-training, which asks about the others."""
    new = split != "train" and state in NEW_ITEMS
    return Asking(~cold, cold if new else ~cold, shots, queries)


def users_of(state: State, split: Split) -> Split:
    """The split whose users stand for one: known users are those of meta-training."""
    return "train" if state in KNOWN_USERS else split


def _counts(table: RatingTable, of: Tensor) -> Tensor:
    """``[users]``, how many of these items each has rated."""
    return torch.bincount(table.user[of[table.item]], minlength=len(table.users))
