"""The world that invented ratings come from, and the exact posterior of a user's taste in it.

A taste is one of four clusters and, for each of six factors, a leaning against it, none, or for it:
4 x 3^6 tastes in all, so that what can be known of a user after some ratings is a finite sum. What
is rated is 3.4 plus the quality of the item, plus taste times factors, plus noise, rounded to one
to five stars.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from workbench.core.metric import Metric
from workbench.core.seeds import generator
from workbench.core.stars import NDCG
from workbench.tasks.rated.table import Facts, RatingTable, table_of

ITEMS, FACTORS, CLUSTERS, STARS = 400, 6, 4, 5
MIDDLE, QUALITY, NOISE = 3.4, 0.45, 0.6
CLUSTER_SPREAD, LEANING = 0.3, 0.5
LEANS = ((-1.0, 0.25), (0.0, 0.5), (1.0, 0.25))
"""Against a factor, neither, for it: and how often."""
TOLD = 0.6
"""How often the age of a user is the one that goes with the cluster."""
AGES = ("teens", "twenties", "forties", "sixties")
KINDS = ("action", "romance", "comedy", "mystery", "nature", "music")


@dataclass(frozen=True, eq=False)
class TasteWorld:
    """Items and tastes of a seed."""

    factors: Tensor
    """``[items, 6]``"""
    quality: Tensor
    """``[items]``"""
    tastes: Tensor
    """``[tastes, 6]``, cluster by cluster."""
    prior: Tensor
    """``[tastes]``, how often each is."""
    noise: float = NOISE

    @cached_property
    def chances(self) -> Tensor:
        """``[items, tastes, stars]``: of every rating by every taste."""
        means = MIDDLE + self.quality[:, None] + self.factors @ self.tastes.T
        edges = torch.arange(1, STARS) + 0.5
        below = torch.special.ndtr((edges - means[:, :, None]) / self.noise)
        padded = torch.nn.functional.pad(below, (1, 0))
        ends = torch.nn.functional.pad(padded, (0, 1), value=1.0)
        return ends.diff(dim=-1).clamp_min(1e-12)

    def posterior(self, items: Tensor, stars: Tensor, age: Tensor) -> Tensor:
        """``[T, tastes]`` after ratings ``[T, K]`` of users whose age is known, ``[T]``."""
        places = (stars.round().long() - 1).clamp(0, STARS - 1)
        seen = self.chances[items].gather(
            -1, places[:, :, None, None].expand(-1, -1, len(self.tastes), 1)
        )
        told = self._age_chances[:, age].T.log()
        return (seen.squeeze(-1).log().sum(1) + self.prior.log() + told).softmax(-1)

    def best(self, posterior: Tensor, items: Tensor, metric: Metric) -> Tensor:
        """``[T, Q]``: what to say of items ``[T, Q]`` so that the metric is best to be expected.

        The median for the absolute error; for a ranking the expected gain.
        """
        chances = torch.einsum("tm,tqms->tqs", posterior, self.chances[items])
        if metric == NDCG:
            return chances @ (torch.exp2(torch.arange(STARS, dtype=chances.dtype)) - 1)
        return 1.0 + (chances.cumsum(-1) < 0.5).sum(-1)

    @cached_property
    def _age_chances(self) -> Tensor:
        """``[tastes, ages]``"""
        of_cluster = torch.full((CLUSTERS, CLUSTERS), (1 - TOLD) / (CLUSTERS - 1))
        of_cluster.fill_diagonal_(TOLD)
        return of_cluster.repeat_interleave(len(self.tastes) // CLUSTERS, 0)


def world_of(seed: int) -> TasteWorld:
    draws = generator(seed, "tastes", "world")
    factors = torch.randn(ITEMS, FACTORS, generator=draws)
    quality = QUALITY * torch.randn(ITEMS, generator=draws)
    centres = CLUSTER_SPREAD * torch.randn(CLUSTERS, FACTORS, generator=draws)
    leans = torch.tensor(list(itertools.product(*[[lean for lean, _ in LEANS]] * FACTORS)))
    chances = torch.tensor(list(itertools.product(*[[often for _, often in LEANS]] * FACTORS)))
    tastes = (centres[:, None] + LEANING * leans).flatten(0, 1)
    return TasteWorld(factors, quality, tastes, chances.prod(1).repeat(CLUSTERS) / CLUSTERS)


def ratings_of(world: TasteWorld, users: int, each: int, seed: int) -> tuple[RatingTable, Tensor]:
    """Ratings of so many users, ``each`` items by each, and the ages of the users ``[users]``."""
    draws = generator(seed, "tastes", "users")
    taste = torch.multinomial(world.prior, users, replacement=True, generator=draws)
    cluster = taste // (len(world.tastes) // CLUSTERS)
    lied = torch.rand(users, generator=draws) >= TOLD
    other = torch.randint(1, CLUSTERS, (users,), generator=draws)
    age = torch.where(lied, (cluster + other) % CLUSTERS, cluster)
    item = torch.rand(users, ITEMS, generator=draws).argsort(1)[:, :each]
    means = MIDDLE + world.quality[item] + (world.factors[item] * world.tastes[taste, None]).sum(-1)
    noise = world.noise * torch.randn(means.shape, generator=draws)
    stars = (means + noise).round().clamp(1, STARS)
    rows = [
        (user, int(i), float(s))
        for user, (of, given) in enumerate(zip(item.tolist(), stars.tolist(), strict=True))
        for i, s in zip(of, given, strict=True)
    ]
    names = tuple(f"{number}" for number in range(1, users + 1))
    table = table_of(names, _titles(seed), rows)
    ages = Facts({"age": tuple((AGES[a],) for a in age.tolist())})
    held = (table.user, table.item, table.stars)
    return RatingTable(names, table.items, *held, ages, _item_facts(world, seed)), age


def _item_facts(world: TasteWorld, seed: int) -> Facts:
    """The two factors that an item has most of, and a decade that says nothing."""
    strongest = world.factors.abs().argsort(1, descending=True)[:, :2].tolist()
    signs = (world.factors > 0).tolist()
    kinds = tuple(
        tuple(f"{'' if sign[at] else 'anti-'}{KINDS[at]}" for at in two)
        for two, sign in zip(strongest, signs, strict=True)
    )
    decades = torch.randint(4, (ITEMS,), generator=generator(seed, "tastes", "decades"))
    return Facts({"kind": kinds, "decade": tuple((f"{1980 + 10 * d}s",) for d in decades.tolist())})


_FIRST = (
    *("Amber", "Silent", "Crimson", "Hollow", "Distant", "Paper", "Winter", "Golden", "Broken"),
    *("Velvet", "Quiet", "Iron", "Salt", "Second", "Wild", "Glass", "Last", "Blue", "Lost", "Tall"),
)
_SECOND = (
    *("Harbour", "Orchard", "Lantern", "Mirror", "River", "Station", "Garden", "Signal", "Letter"),
    *("Summer", "Voyage", "Shadow", "Bridge", "Island", "Circus", "Meadow", "Engine", "Window"),
    *("Parade", "Tide"),
)


def _titles(seed: int) -> tuple[str, ...]:
    names = [f"{one} {other}" for one in _FIRST for other in _SECOND]
    order = torch.randperm(len(names), generator=generator(seed, "tastes", "titles")).tolist()
    return tuple(names[place] for place in order)
