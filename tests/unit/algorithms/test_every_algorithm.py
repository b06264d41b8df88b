"""What holds for every algorithm that is registered: gradients, symmetries, floors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from tests.unit.algorithms.kit import PROBLEMS, build, doubled, flat
from workbench.core.algorithm import Algorithm, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.registry import get, names

Case = tuple[Algorithm, Weights, Episode]

CASES = [
    (name, problem)
    for name in names("algorithm")
    for problem, (_, spec, _) in PROBLEMS.items()
    if not get("algorithm", name).build.unfit(spec)
]
APPROXIMATE = {"fomaml", "imaml", "reptile"}
"""Their outer gradient is not that of the query loss they report, by design."""


@pytest.fixture(params=CASES, ids=[f"{name}-{problem}" for name, problem in CASES])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    name, problem = request.param
    model, spec, episodes = PROBLEMS[problem]
    algorithm = build(name, model(), spec)
    yield algorithm, doubled(algorithm.initial()), episodes()
    algorithm.close()


def reordered(episodes: Episode, support: Tensor, query: Tensor) -> Episode:
    s, q = episodes.support, episodes.query
    return Episode(Batch(s.x[:, support], s.y[:, support]), Batch(q.x[:, query], q.y[:, query]))


def test_the_gradient_agrees_with_finite_differences(
    case: Case, request: pytest.FixtureRequest
) -> None:
    """Along one random direction through all meta-parameters."""
    algorithm, weights, episodes = case
    name = request.node.callspec.params["case"][0]
    if not algorithm.trains or name in APPROXIMATE:
        pytest.skip("nothing is trained, or the gradient is not that of the reported loss")
    draws = torch.Generator().manual_seed(5)
    along = {n: torch.randn(w.shape, dtype=w.dtype, generator=draws) for n, w in weights.items()}
    found = algorithm.meta_gradient(weights, episodes, 0, 10**9).gradients
    slope = float(flat(found) @ flat(along))
    step, losses = 1e-6, []
    for sign in (1, -1):
        moved = {n: w + sign * step * along[n] for n, w in weights.items()}
        losses.append(trained_loss(algorithm, moved, episodes, name))
    assert slope == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-5, abs=1e-7)
    assert abs(slope) > 1e-4


def trained_loss(algorithm: Algorithm, weights: Weights, episodes: Episode, name: str) -> float:
    return algorithm.meta_gradient(weights, episodes, 0, 10**9).query_loss


def test_the_order_of_items_and_tasks_does_not_matter(
    case: Case, request: pytest.FixtureRequest
) -> None:
    algorithm, weights, episodes = case
    if request.node.callspec.params["case"][0] == "reptile":
        pytest.skip("Reptile trains on mini-batches in a random order")
    items = torch.randperm(episodes.support.y.shape[1], generator=torch.Generator().manual_seed(0))
    asked = torch.randperm(episodes.query.y.shape[1], generator=torch.Generator().manual_seed(1))
    shuffled = reordered(episodes, items, asked)
    one, other = (algorithm.evaluate(weights, e, 2).query_loss for e in (episodes, shuffled))
    assert torch.allclose(one, other, rtol=0, atol=1e-10)
    back = torch.tensor([*reversed(range(len(episodes)))])
    turned = Episode(
        Batch(episodes.support.x[back], episodes.support.y[back]),
        Batch(episodes.query.x[back], episodes.query.y[back]),
    )
    assert torch.allclose(
        one, algorithm.evaluate(weights, turned, 2).query_loss.flip(0), rtol=0, atol=1e-10
    )


def test_duplicate_tasks_leave_the_mean_gradient(
    case: Case, request: pytest.FixtureRequest
) -> None:
    algorithm, weights, episodes = case
    if not algorithm.trains or request.node.callspec.params["case"][0] == "reptile":
        pytest.skip("nothing is trained, or every task draws mini-batches of its own")
    s, q = episodes.support, episodes.query
    twice = Episode(
        Batch(s.x.repeat_interleave(2, 0), s.y.repeat_interleave(2, 0)),
        Batch(q.x.repeat_interleave(2, 0), q.y.repeat_interleave(2, 0)),
    )
    one, other = (algorithm.meta_gradient(weights, e, 0).gradients for e in (episodes, twice))
    assert torch.allclose(flat(one), flat(other), rtol=0, atol=1e-10)


def test_nothing_that_is_done_changes_the_meta_parameters(case: Case) -> None:
    algorithm, weights, episodes = case
    kept = {name: weight.clone() for name, weight in weights.items()}
    list(algorithm.adapt(weights, episodes[0], 3))
    algorithm.evaluate(weights, episodes, 3)
    if algorithm.trains:
        algorithm.meta_gradient(weights, episodes, 0)
    assert all(torch.equal(kept[name], weights[name]) for name in weights)
    assert not any(weight.requires_grad for weight in weights.values())


def test_what_is_watched_is_what_is_measured(case: Case) -> None:
    algorithm, weights, episodes = case
    scores = algorithm.evaluate(weights, episodes, 2)
    watched = list(algorithm.adapt(weights, episodes[1], 2))
    assert len(watched) == scores.metric.shape[1]
    for step in watched:
        assert step.query_loss == pytest.approx(float(scores.query_loss[1, step.step]), abs=1e-6)
        assert step.query_metric == pytest.approx(float(scores.metric[1, step.step]), abs=1e-6)


def test_alone_a_prediction_does_not_depend_on_the_other_query_items(
    request: pytest.FixtureRequest,
) -> None:
    for name, problem in CASES:
        if problem != "images":
            continue
        model, spec, episodes = PROBLEMS[problem]
        algorithm = build(name, model(), spec, alone=True)
        assert not algorithm.transductive, name
        weights, episode = doubled(algorithm.initial()), episodes()[0]
        fewer = Episode(episode.support, Batch(episode.query.x[:2], episode.query.y[:2]))
        all_steps, some_steps = (list(algorithm.adapt(weights, e, 2)) for e in (episode, fewer))
        for one, other in zip(all_steps, some_steps, strict=True):
            assert torch.allclose(one.query_outputs[:2], other.query_outputs, rtol=0, atol=1e-10), (
                name
            )
        algorithm.close()


def test_every_algorithm_says_in_a_sentence_what_it_cannot_learn() -> None:
    refused = {
        name: get("algorithm", name).build.unfit(PROBLEMS["curves"][1])
        for name in names("algorithm")
    }
    assert {name for name, reason in refused.items() if reason} == {
        "proto_maml",
        "protonet",
        "relation",
        "joint",
        "rl2",
        "template_matching",
    }
    of_policies = {refused.pop(name) for name in ("joint", "rl2")}
    assert all("policies" in reason for reason in of_policies)
    assert all("this task has none" in reason for reason in refused.values() if reason)
