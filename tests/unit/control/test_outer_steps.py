"""Trust region and clipped surrogate: what they promise is held, on real trajectories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.tiny import tiny_config
from tests.unit.control.kit import built, config_of
from workbench.core.actions import CategoricalActions
from workbench.core.algorithm import Evidence, MetaGradient, Weights
from workbench.core.errors import BadInput
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.seeds import generator
from workbench.engine.gather import flat, split
from workbench.experiments import trust_region
from workbench.experiments.outer import OuterLoop
from workbench.experiments.training_params import TrainingParams


def met(family: str = "navigation", **algorithm: Any) -> tuple[Weights, MetaGradient, Evidence]:
    task, method = built(config_of(family, algorithm=algorithm))
    weights = method.initial()
    episodes = method.draw(task, 5, generator(0, "train", 0))
    found = method.meta_gradient(weights, episodes, 0, 0)
    assert found.evidence is not None
    return weights, found, found.evidence


CASES = [
    ("navigation", {"name": "maml", "inner_rate": 0.3, "inner_steps": 2}),
    ("gridworld", {"name": "meta_sgd"}),
    ("navigation", {"name": "fomaml", "inner_rate": 0.3}),
    ("gridworld", {"name": "rl2", "width": 8}),
]


@pytest.mark.parametrize(("family", "algorithm"), CASES)
def test_the_surrogate_has_the_gradient_of_the_outer_loss(
    family: str, algorithm: dict[str, Any]
) -> None:
    weights, found, evidence = met(family, **algorithm)
    again = evidence.gradient(weights, 0.2)
    for name, gradient in found.gradients.items():
        torch.testing.assert_close(again[name], gradient, rtol=1e-3, atol=1e-6)
    assert evidence.value(weights)[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("family", "algorithm"), CASES)
@pytest.mark.parametrize("bound", [0.01, 0.1])
def test_the_constraint_is_held_and_the_loss_falls(
    family: str, algorithm: dict[str, Any], bound: float
) -> None:
    weights, found, evidence = met(family, **algorithm)
    outer = OuterLoop(weights, TrainingParams(optimizer="trpo", max_kl=bound))
    before, _ = evidence.value(outer.weights)
    outer.step(found.gradients, 0.5, None, evidence)
    after, far = evidence.value(outer.weights)
    assert after < before and bound / 100 < far <= bound


def test_products_are_those_with_the_hessian_of_the_divergence() -> None:
    """Second differences of the divergence along a direction."""
    weights, _, evidence = met(inner_rate=0.3, inner_steps=1)
    product = evidence.curvature(weights)
    along = torch.randn(flat(weights, weights).shape, generator=generator(4))
    along = along / along.norm()

    def far(step: float) -> float:
        moved = split(step * along, weights)
        return evidence.value({name: w + moved[name] for name, w in weights.items()})[1]

    step = 0.05
    curved = (far(step) - 2 * far(0.0) + far(-step)) / step**2
    assert float(along @ product(along)) == pytest.approx(curved, rel=0.05)


def test_conjugate_gradients_solve_a_positive_definite_system() -> None:
    square = torch.randn(6, 6, generator=generator(1)).double()
    square = square @ square.T + torch.eye(6)
    wanted = torch.randn(6, generator=generator(2)).double()
    found = trust_region.conjugate_gradients(lambda vector: square @ vector, wanted)
    torch.testing.assert_close(found, torch.linalg.solve(square, wanted), rtol=1e-4, atol=1e-4)


class Uphill:
    """Whatever is tried is worse."""

    def __init__(self) -> None:
        self.asked = 0

    def value(self, weights: Weights) -> tuple[float, float]:
        self.asked += 1
        return float(self.asked), 0.0

    def gradient(self, weights: Weights, clip: float) -> Weights:
        raise AssertionError

    def curvature(self, weights: Weights) -> Callable[[Tensor], Tensor]:
        return lambda vector: vector


def test_where_no_step_helps_none_is_taken() -> None:
    start = {"w": torch.ones(3)}
    outer = OuterLoop(start, TrainingParams(optimizer="trpo"))
    outer.step({"w": torch.ones(3)}, 1.0, None, Uphill())
    assert torch.equal(outer.weights["w"], start["w"])


def test_one_epoch_of_the_clipped_surrogate_is_adam_and_more_go_farther() -> None:
    weights, found, evidence = met(inner_rate=0.3)
    plain, once, thrice = (
        OuterLoop(weights, TrainingParams(optimizer=name, epochs=epochs))
        for name, epochs in (("adam", 1), ("clipped", 1), ("clipped", 3))
    )
    for outer in (plain, once, thrice):
        outer.step(found.gradients, 0.01, None, evidence)
    assert all(torch.equal(plain.weights[name], once.weights[name]) for name in weights)
    assert evidence.value(thrice.weights)[0] < evidence.value(once.weights)[0]


def test_what_is_clipped_has_no_slope() -> None:
    """A gain followed beyond the clip has none, a loss that was made worse still has."""
    judge = PolicyGradient(CategoricalActions(2), 1)
    old, far = torch.zeros(1, 2), torch.tensor([[1.0, 0.0]], requires_grad=True)
    for gain, slope in ((1.0, False), (-1.0, True)):
        taken = torch.tensor([[0.0, gain, 1.0, 1.0, 0.0]])
        loss = judge.surrogate(far, taken, old, 0.2)
        (found,) = torch.autograd.grad(loss, far)
        assert bool(found.any()) == slope
        free = judge.surrogate(far.detach(), taken, old)
        assert float(free) == pytest.approx(-1.4621 * gain, abs=1e-3)


@pytest.mark.parametrize("name", ["trpo", "clipped"])
def test_who_has_no_evidence_is_told_so(name: str) -> None:
    outer = OuterLoop({"w": torch.ones(2)}, TrainingParams(optimizer=name))
    with pytest.raises(BadInput, match="can be judged again"):
        outer.step({"w": torch.ones(2)}, 0.1)


def test_it_is_said_before_a_start_where_an_optimizer_does_not_fit() -> None:
    with pytest.raises(BadInput, match=r"training.optimizer: trpo needs an outer loss"):
        config_of(algorithm={"name": "reptile"}, training={"optimizer": "trpo"})
    with pytest.raises(BadInput, match=r"training.optimizer: clipped is for policies"):
        tiny_config(training={"optimizer": "clipped"})
