"""One user: rated items to learn from, others to be judged on; editing them by hand."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Generator

from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.files import plain
from workbench.core.marked import marked
from workbench.core.task import Slot, Task
from workbench.tasks.rated import support_files
from workbench.tasks.rated.pool import RatedBatch, RatedPool

NOBODY = -1
ASKED = 40
"""Items whose rating by a new person is predicted: those that most people know."""
SUPPORT = marked("Rated items")


class Rating(NamedTuple):
    item: int
    stars: float
    """NaN where nobody knows."""


Ratings = tuple[Rating, ...]


@dataclass(frozen=True, eq=False)
class RatedTask(Task):
    """A user of the table, or a person who is in none: whose answers nobody knows."""

    pool: RatedPool
    user: int
    """`NOBODY` for a person of one's own."""
    support: Ratings
    query: Ratings

    @property
    def title(self) -> str:
        if self.yours:
            return marked("{0} ratings of your own").format(len(self.support))
        return marked("User {0}: {1} ratings").format(
            self.pool.table.users[self.user], len(self.support)
        )

    @property
    def known(self) -> bool:
        return not any(math.isnan(rating.stars) for rating in self.query)

    @property
    def yours(self) -> bool:
        """Whether it is a person of one's own, of whom the table knows nothing."""
        return self.user == NOBODY

    @property
    def slots(self) -> set[Slot]:
        return {(0, place) for place in range(len(self.support))}

    def name(self, item: int) -> str:
        return self.pool.table.items[item]

    def given(self, item: int) -> float | None:
        """What the user of the table gave an item; None where that is not known."""
        if self.yours:
            return None
        items, stars = self.pool.table.rated(self.user)
        found = stars[items == item]
        return float(found[0]) if len(found) else None

    def mean(self, item: int) -> float:
        """What an item is given by users of meta-training."""
        return float(self.pool.means[item])

    def episode(self) -> Episode:
        return Episode(self._batch(self.support), self._batch(self.query))

    def with_item(self, slot: Slot, item: Rating | tuple[int, float]) -> RatedTask:
        """The task with another support item, or other stars, at a place."""
        rating, at = self._allowed(*item), slot[-1]
        others = [other.item for place, other in enumerate(self.support) if place != at]
        if rating.item in others:
            raise self._twice(rating.item)
        held = (*self.support[:at], rating, *self.support[at + 1 :])
        return replace(self, support=held, query=self._asked(rating.item))

    def with_stars(self, place: int, stars: float) -> RatedTask:
        return self.with_item((0, place), (self.support[place].item, stars))

    def with_added(self, item: int, stars: float) -> RatedTask:
        """One more rating, behind the others; what was asked of that item is asked no more."""
        if item in (rating.item for rating in self.support):
            raise self._twice(item)
        rating = self._allowed(item, stars)
        return replace(self, support=(*self.support, rating), query=self._asked(item))

    def without(self, slot: Slot) -> RatedTask:
        if len(self.support) == 1:
            raise BadInput(
                SUPPORT,
                marked("the last one cannot be removed, there would be nothing to adapt to"),
                marked("Add another one first"),
            )
        at = slot[-1]
        return replace(self, support=(*self.support[:at], *self.support[at + 1 :]))

    def moved(self, place: int, to: int) -> RatedTask:
        """The same ratings in another order."""
        held = list(self.support)
        held.insert(to, held.pop(place))
        return replace(self, support=tuple(held))

    def yourself(self, ratings: Sequence[Rating]) -> RatedTask:
        """A person of whom nothing but these ratings is known, asked about what most people know.

        Raises `BadInput` for ratings that cannot be, or for none.
        """
        if not ratings:
            raise BadInput(
                SUPPORT,
                marked("there is none, so nothing to adapt to"),
                marked("Rate one item first"),
            )
        rated = {rating.item for rating in ratings}
        others = [item for item in self.pool.by_fame if item not in rated][:ASKED]
        asked = tuple(Rating(item, math.nan) for item in others)
        empty = replace(self, user=NOBODY, support=(), query=asked)
        for item, stars in ratings:
            empty = empty.with_added(item, stars)
        return empty

    def another_support(self, draws: Generator) -> RatedTask:
        """Other items of the same user; one's own stay, there are no others to draw."""
        return self.redrawn(self, (), draws)

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> RatedTask:
        """The user stays with the locked ratings and what is asked."""
        if self.yours:
            return self
        held = {place for _, place in locked}
        kept = {self.support[place].item for place in held}
        among = kept | {rating.item for rating in self.query}
        items, stars = self.pool.table.rated(self.user)
        free = [
            Rating(item, star)
            for item, star in zip(items.tolist(), stars.tolist(), strict=True)
            if item not in among and self.drawable(item)
        ]
        order = [free[place] for place in torch.randperm(len(free), generator=draws).tolist()]
        before = {rating.item for rating in self.support}
        drawn = iter(sorted(order, key=lambda rating: rating.item in before))
        support = (
            rating if place in held else next(drawn, rating)
            for place, rating in enumerate(self.support)
        )
        return replace(self, support=tuple({r.item: r for r in support}.values()))

    def drawable(self, item: int) -> bool:
        """Whether a support set may be drawn with it: not where it is kept out of training."""
        return bool(self.pool.warm[item])

    def with_support_files(self, files: Sequence[Path]) -> RatedTask:
        """A person of one's own, from CSV files of ``item,rating`` rows."""
        found = [row for file in files for row in support_files.read(file, self.pool)]
        return self.yourself([Rating(*row) for row in found])

    def to_json(self) -> dict[str, Any]:
        rows = {name: [list(r) for r in getattr(self, name)] for name in ("support", "query")}
        rows["query"] = [[i, None if math.isnan(s) else s] for i, s in rows["query"]]
        return {"user": None if self.user == NOBODY else self.user, **plain(rows)}

    def _batch(self, ratings: Ratings) -> RatedBatch:
        items = torch.tensor([rating.item for rating in ratings], dtype=torch.long)
        stars = torch.tensor([rating.stars for rating in ratings], dtype=torch.float32)
        return self.pool.batch(self.user, items, stars)

    def _asked(self, told: int) -> Ratings:
        """The query set without an item that is now told; it must not become empty."""
        left = tuple(rating for rating in self.query if rating.item != told)
        if not left:
            raise BadInput(
                SUPPORT,
                marked("{0} is the last item that is asked about").format(self.name(told)),
                marked("Rate another one"),
            )
        return left

    def _allowed(self, item: int, stars: float) -> Rating:
        low, high = self.pool.lowest, self.pool.highest
        if not low <= stars <= high:
            raise BadInput(
                SUPPORT,
                marked("{0:g} stars are not on the scale").format(stars),
                marked("Give {0:g} to {1:g}").format(low, high),
            )
        return Rating(item, float(stars))

    def _twice(self, item: int) -> BadInput:
        return BadInput(
            SUPPORT,
            marked("{0} is rated already").format(self.name(item)),
            marked("Change its stars"),
        )
