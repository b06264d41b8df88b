"""Invented ratings: users whose taste is one of 2,916, so that the best possible is known."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from torch import Tensor

from workbench.core.episode import Episode
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import Report
from workbench.tasks.rated.family import RatedFamily
from workbench.tasks.rated.params import RatedParams
from workbench.tasks.rated.pool import RatedBatch
from workbench.tasks.rated.table import RatingTable
from workbench.tasks.rated.taste_world import ITEMS, TasteWorld, ratings_of, world_of

BEST = marked("best possible")


class TastesParams(RatedParams):
    name: Literal["tastes"] = "tastes"
    factors: int = param(
        6,
        marked("Numbers of each item from what meta-training users gave it; 0 for none."),
        ge=0,
        le=64,
        advanced=True,
    )
    users: int = param(
        900, marked("Users that are invented."), ge=20, le=20_000, log_scale=True, advanced=True
    )
    each: int = param(
        60, marked("Items that each of them has rated."), ge=2, le=ITEMS, advanced=True
    )
    taste_seed: int = param(0, marked("Settles items, users and ratings."), ge=0, advanced=True)


@register("task", "tastes", title=marked("Tastes"), params=TastesParams)
class Tastes(RatedFamily):
    """Learn the taste of an invented user from a handful of ratings."""

    params: TastesParams

    def table(self, report: Report) -> tuple[RatingTable, tuple[str, ...]]:
        report("Inventing ratings", 0.0)
        params = self.params
        table, self.ages = ratings_of(self.world, params.users, params.each, params.taste_seed)
        return table, ()

    @cached_property
    def world(self) -> TasteWorld:
        return world_of(self.params.taste_seed)

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        """Also what knowing the world would reach; see `TasteWorld.best`."""
        found = super().bounds(episodes)
        support, query = episodes.support, episodes.query
        assert isinstance(support, RatedBatch) and isinstance(query, RatedBatch)
        if not found or (support.user < 0).any():
            return found
        objective = self.objective
        posterior = self.world.posterior(support.items, support.y[..., 0], self.ages[support.user])
        best = self.world.best(posterior, query.items, objective.judged_by)
        reached = objective.metric(best[..., None].to(query.y.dtype), query.y)
        first, *others = found
        return {first: found[first], BEST: reached, **{name: found[name] for name in others}}
