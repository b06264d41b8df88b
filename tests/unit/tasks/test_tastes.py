"""Invented ratings: the posterior is exact, so nothing can be expected to beat the bound."""

from __future__ import annotations

import pytest
import torch

from tests.unit.tasks.rated_kit import tastes
from workbench.core.stars import MAE, NDCG
from workbench.tasks.rated.pool import RatedBatch
from workbench.tasks.tastes import BEST, Tastes


@pytest.fixture(scope="module")
def family() -> Tastes:
    return tastes()


def test_the_same_seed_invents_the_same_world(family: Tastes) -> None:
    again, other = tastes(), tastes(taste_seed=1)
    assert again.fingerprint == family.fingerprint != other.fingerprint
    table = family.pool.table
    assert len(table.items) == 400 == len(set(table.items))
    assert set(table.stars.tolist()) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert (torch.bincount(table.user) == 30).all()


def test_the_posterior_is_bayes_rule_counted_out(family: Tastes) -> None:
    """Taste by taste, in plain numbers, from the normal distribution."""
    world, items, stars = family.world, torch.tensor([[3, 7]]), torch.tensor([[5.0, 2.0]])
    found = world.posterior(items, stars, torch.tensor([1]))[0].double()
    normal = torch.distributions.Normal(0.0, 1.0)

    def chance(item: int, rating: float) -> torch.Tensor:
        mean = 3.4 + world.quality[item] + world.tastes @ world.factors[item]
        high = torch.tensor(1.0) if rating == 5 else normal.cdf((rating + 0.5 - mean) / world.noise)
        low = torch.tensor(0.0) if rating == 1 else normal.cdf((rating - 0.5 - mean) / world.noise)
        return (high - low).clamp_min(1e-12)

    age = torch.tensor([0.4 / 3, 0.6, 0.4 / 3, 0.4 / 3]).repeat_interleave(729)
    wanted = world.prior * age * chance(3, 5.0) * chance(7, 2.0)
    torch.testing.assert_close(found, (wanted / wanted.sum()).double(), rtol=2e-3, atol=1e-7)
    assert float(world.prior.sum()) == pytest.approx(1.0)
    torch.testing.assert_close(world.chances.sum(-1), torch.ones(400, 2916))


def test_no_other_answer_can_be_expected_to_do_better(family: Tastes) -> None:
    """For every item, each of the five answers; for rankings, a hundred others."""
    world = family.world
    episodes = family.episodes("test", 5, torch.Generator().manual_seed(0))
    support, query = episodes.support, episodes.query
    assert isinstance(support, RatedBatch) and isinstance(query, RatedBatch)
    posterior = world.posterior(support.items, support.y[..., 0], family.ages[support.user])
    chances = torch.einsum("tm,tqms->tqs", posterior, world.chances[query.items])
    stars = torch.arange(1.0, 6.0)
    errors = torch.stack([(chances * (stars - answer).abs()).sum(-1) for answer in stars], -1)
    told = world.best(posterior, query.items, MAE).long() - 1
    mine = errors.gather(-1, told[..., None]).squeeze(-1)
    torch.testing.assert_close(mine, errors.min(-1).values, rtol=1e-5, atol=1e-6)
    gains = chances @ (torch.exp2(stars - 1) - 1)
    order = world.best(posterior, query.items, NDCG).argsort(dim=-1, descending=True)
    weights = 1 / torch.arange(2.0, 7.0).log2()
    reached = (gains.gather(1, order)[:, :5] * weights).sum(-1)
    for seed in range(100):
        drawn = torch.rand(gains.shape, generator=torch.Generator().manual_seed(seed)).argsort(1)
        assert (reached >= (gains.gather(1, drawn)[:, :5] * weights).sum(-1) - 1e-5).all()


def test_floors_lie_above_the_bound_and_those_of_few_ratings_above_those_of_many(
    family: Tastes,
) -> None:
    episodes = family.episodes("test", 100, torch.Generator().manual_seed(1))
    found = {name: float(value.mean()) for name, value in family.bounds(episodes).items()}
    best = found.pop(BEST)
    assert len(found) == 4 and best < min(found.values()) - 0.15
    more = family.varied(shots=20, queries=10)
    many = more.bounds(more.episodes("test", 100, torch.Generator().manual_seed(1)))
    assert float(many[BEST].mean()) < best - 0.05
