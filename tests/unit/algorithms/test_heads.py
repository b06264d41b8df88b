"""Ridge heads and prototype heads against closed forms and independent loops in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call, grad
from torch.nn import functional as F

from tests.unit.algorithms.kit import (
    CURVES,
    F64,
    IMAGES,
    build,
    curves,
    doubled,
    flat,
    images,
    smooth_conv,
    smooth_net,
)
from workbench.algorithms.proto_maml import ProtoMaml
from workbench.algorithms.r2d2 import BIAS, LOG_RIDGE, SCALE, ridge_head
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode

ORDER = torch.tensor([2, 0, 1])


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=F64, generator=torch.Generator().manual_seed(sum(shape)))


def turned(episode: Episode) -> Episode:
    """Class c called ORDER[c]."""
    support, query = episode.support, episode.query
    return Episode(Batch(support.x, ORDER[support.y]), Batch(query.x, ORDER[query.y]))


def features(episode: Episode) -> tuple[Tensor, Tensor]:
    body = nn.Sequential(*list(smooth_conv())[:-1])
    with torch.no_grad():
        return body(episode.support.x), body(episode.query.x)


# --- R2-D2 -----------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [4, 30])
def test_the_ridge_head_is_the_primal_solution(items: int) -> None:
    """By numpy, with fewer and with more items than features."""
    x, y, ridge = drawn(items, 9), drawn(items, 3), 0.7
    a, b = x.numpy(), y.numpy()
    expected = np.linalg.solve(a.T @ a + ridge * np.eye(9), a.T @ b)
    found = ridge_head(x, y, torch.tensor(ridge, dtype=F64))
    np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=1e-11)


def test_the_solution_can_be_differentiated() -> None:
    x, y, ridge = drawn(4, 6), drawn(4, 2), torch.tensor(0.3, dtype=F64)
    given = [tensor.requires_grad_() for tensor in (x, y, ridge)]
    assert torch.autograd.gradcheck(ridge_head, given)
    assert torch.autograd.gradgradcheck(ridge_head, given)


def test_a_system_without_a_solution_gives_no_error() -> None:
    x = torch.ones(3, 2)
    assert not ridge_head(x, torch.ones(3, 1), torch.tensor(0.0)).isfinite().all()
    assert ridge_head(x * float("nan"), torch.ones(3, 1), torch.tensor(1.0)).isnan().all()


def logits_by_hand(episode: Episode, ridge: float, scale: float) -> Tensor:
    support, query = (F.pad(part, (0, 1), value=1.0) for part in features(episode))
    y = F.one_hot(episode.support.y).to(F64)
    primal = support.T @ support + ridge * torch.eye(support.shape[1], dtype=F64)
    return scale * query @ torch.linalg.solve(primal, support.T @ y)


@pytest.mark.parametrize("learned", [True, False])
def test_logits_are_scaled_ridge_regressions_of_one_hot_labels(learned: bool) -> None:
    algorithm = build("r2d2", smooth_conv(), IMAGES, ridge=0.5, scale=3.0, learn_ridge=learned)
    weights, episode = doubled(algorithm.initial()), images()[0]
    assert (LOG_RIDGE in weights) == learned
    (step,) = algorithm.adapt(weights, episode, 5)
    expected = logits_by_hand(episode, 0.5, 3.0).softmax(-1)
    assert torch.allclose(step.query_outputs, expected, rtol=0, atol=1e-7)
    algorithm.close()


def test_values_are_regressed_as_they_are() -> None:
    algorithm = build("r2d2", smooth_net(), CURVES, ridge=0.1)
    weights, episode = doubled(algorithm.initial()), curves()[0]
    assert SCALE not in weights and BIAS not in weights
    body = nn.Sequential(*list(smooth_net())[:-1])
    with torch.no_grad():
        support, query = (
            F.pad(body(part.x), (0, 1), value=1.0) for part in (episode.support, episode.query)
        )
    primal = support.T @ support + weights[LOG_RIDGE].exp() * torch.eye(7, dtype=F64)
    expected = query @ torch.linalg.solve(primal, support.T @ episode.support.y)
    (step,) = algorithm.adapt(weights, episode, 0)
    assert torch.allclose(step.query_outputs, expected, rtol=0, atol=1e-10)
    algorithm.close()


def test_a_strong_ridge_leaves_the_bias_alone() -> None:
    algorithm = build("r2d2", smooth_conv(), IMAGES)
    weights = {**doubled(algorithm.initial()), LOG_RIDGE: torch.tensor(60.0, dtype=F64)}
    weights[BIAS] = torch.tensor(0.7, dtype=F64)
    support, query = features(images()[0])
    outputs = algorithm.outputs(weights, support, images()[0].support.y, query)  # type: ignore[attr-defined]
    assert torch.allclose(outputs, torch.full_like(outputs, 0.7), rtol=0, atol=1e-12)
    algorithm.close()


@pytest.mark.parametrize("name", ["r2d2", "proto_maml"])
def test_other_names_for_the_classes_only_permute_the_outputs(name: str) -> None:
    algorithm = build(name, smooth_conv(), IMAGES)
    weights, episode = doubled(algorithm.initial()), images()[0]
    pairs = zip(
        algorithm.adapt(weights, episode, 3),
        algorithm.adapt(weights, turned(episode), 3),
        strict=True,
    )
    for one, other in pairs:
        assert torch.allclose(one.query_outputs, other.query_outputs[:, ORDER], atol=1e-12)
    algorithm.close()


def test_the_gradient_is_that_of_an_independent_loop_over_tasks() -> None:
    algorithm = build("r2d2", smooth_conv(), IMAGES, ridge=0.5)
    weights, episodes = doubled(algorithm.initial()), images()
    body = nn.Sequential(*list(smooth_conv())[:-1])

    def mean_loss(leaves: Weights) -> Tensor:
        losses = []
        for task in range(len(episodes)):
            support, query = episodes[task].support, episodes[task].query
            own = {n: w for n, w in leaves.items() if not n.startswith("ridge/")}
            x, z = (
                F.pad(functional_call(body, own, (part.x,)), (0, 1), value=1.0)
                for part in (support, query)
            )
            y = F.one_hot(support.y).to(F64)
            primal = x.T @ x + leaves[LOG_RIDGE].exp() * torch.eye(x.shape[1], dtype=F64)
            outputs = leaves[SCALE] * z @ torch.linalg.inv(primal) @ x.T @ y + leaves[BIAS]
            losses.append(F.cross_entropy(outputs, query.y))
        return torch.stack(losses).mean()

    found = algorithm.meta_gradient(weights, episodes, 0)
    expected = grad(mean_loss)(weights)
    assert found.query_loss == pytest.approx(float(mean_loss(weights)), abs=1e-12)
    for name, gradient in expected.items():
        assert torch.allclose(found.gradients[name], gradient, rtol=0, atol=1e-11), name
    assert float(expected[LOG_RIDGE].abs()) > 1e-4
    algorithm.close()


# --- ProtoMAML -------------------------------------------------------------------------------


def proto_maml(**params: Any) -> tuple[ProtoMaml, Weights]:
    algorithm = build("proto_maml", smooth_conv(), IMAGES, **params)
    assert isinstance(algorithm, ProtoMaml)
    return algorithm, doubled(algorithm.initial())


def test_without_steps_it_is_a_prototypical_network() -> None:
    algorithm, weights = proto_maml()
    protonet = build("protonet", smooth_conv(), IMAGES)
    assert weights.keys() == protonet.initial().keys()
    for task in range(2):
        first, *_ = algorithm.adapt(weights, images()[task], 2)
        (other,) = protonet.adapt(weights, images()[task], 0)
        assert torch.allclose(first.query_outputs, other.query_outputs, rtol=0, atol=1e-10)
    one, other = build("proto_maml", smooth_conv(), IMAGES, inner_steps=0), protonet
    gradients = [a.meta_gradient(weights, images(), 0).gradients for a in (one, other)]
    assert torch.allclose(flat(gradients[0]), flat(gradients[1]), rtol=0, atol=1e-10)
    for used in (algorithm, protonet, one):
        used.close()


def loss_by_hand(
    body: nn.Module, weights: Weights, episode: Episode, steps: int, rate: float
) -> Tensor:
    """The query loss after the inner loop, by torch.func on a body and a head kept apart."""
    support, query = episode.support, episode.query

    def loss(fast: Weights, head: Weights, batch: Batch) -> Tensor:
        seen = functional_call(body, fast, (batch.x,))
        return F.cross_entropy(seen @ head["w"].T + head["b"], batch.y)

    seen = functional_call(body, weights, (support.x,))
    means = torch.stack([seen[support.y == way].mean(0) for way in range(3)])
    fast, head = weights, {"w": 2 * means, "b": -(means**2).sum(1)}
    for _ in range(steps):
        slopes = grad(loss, argnums=(0, 1))(fast, head, support)
        fast, head = (
            {name: tensor - rate * slope[name] for name, tensor in moving.items()}
            for moving, slope in zip((fast, head), slopes, strict=True)
        )
    return loss(fast, head, query)


@pytest.mark.parametrize("steps", [1, 3])
def test_the_gradient_passes_through_prototypes_and_steps(steps: int) -> None:
    algorithm, weights = proto_maml(inner_steps=steps, inner_rate=0.2)
    body = nn.Sequential(*list(smooth_conv())[:-1])

    def mean_loss(leaves: Weights) -> Tensor:
        each = [loss_by_hand(body, leaves, images()[task], steps, 0.2) for task in range(2)]
        return torch.stack(each).mean()

    found = algorithm.meta_gradient(weights, images(), 0)
    assert found.query_loss == pytest.approx(float(mean_loss(weights)), abs=1e-12)
    expected = grad(mean_loss)(weights)
    assert torch.allclose(flat(found.gradients), flat(expected), rtol=0, atol=1e-11)
    scores = algorithm.evaluate(weights, images(), steps)
    assert float(scores.query_loss[:, -1].mean()) == pytest.approx(found.query_loss, abs=1e-6)
    algorithm.close()


def test_first_order_keeps_the_way_through_the_prototypes() -> None:
    """With a tiny rate there is no curvature to leave out; with a large one there is."""
    differences = []
    for rate in (1e-9, 0.5):
        found = []
        for first_order in (True, False):
            algorithm, weights = proto_maml(inner_rate=rate, first_order=first_order)
            found.append(flat(algorithm.meta_gradient(weights, images(), 0).gradients))
            algorithm.close()
        differences.append(float((found[0] - found[1]).norm() / found[1].norm()))
    assert differences[0] < 1e-7 < 1e-2 < differences[1]


def test_stacked_tasks_of_a_fully_connected_network_are_the_same_tasks() -> None:
    """Its route takes all tasks in one matrix product."""

    def net() -> nn.Module:
        torch.manual_seed(0)
        layers = nn.Flatten(), nn.Linear(49, 5), nn.Tanh(), nn.Linear(5, 3)
        return nn.Sequential(*layers).to(F64)

    both = [build("proto_maml", net(), IMAGES, strategy=way) for way in ("general", "auto")]
    assert both[0].strategy != both[1].strategy
    weights = doubled(both[0].initial())
    one, other = (algorithm.meta_gradient(weights, images(), 0) for algorithm in both)
    assert torch.allclose(flat(one.gradients), flat(other.gradients), rtol=0, atol=1e-12)
    assert one.query_loss == pytest.approx(other.query_loss, abs=1e-12)
    one_scores, other_scores = (a.evaluate(weights, images(), 2).query_loss for a in both)
    assert torch.allclose(one_scores, other_scores, rtol=0, atol=1e-10)
    for algorithm in both:
        algorithm.close()
