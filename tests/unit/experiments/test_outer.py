"""The outer step against torch's optimisers driven by hand."""

from __future__ import annotations

import pytest
import torch

from workbench.experiments.config import TrainingParams
from workbench.experiments.outer import OuterLoop

START = {"w": torch.tensor([1.0, -2.0]), "b": torch.tensor([0.5])}
GRADIENT = {"w": torch.tensor([3.0, -4.0]), "b": torch.tensor([12.0])}


def loop(**params: object) -> OuterLoop:
    return OuterLoop(START, TrainingParams(**params))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "rmsprop"])
def test_it_is_torchs_own_optimizer(name: str) -> None:
    ours = loop(optimizer=name, outer_rate=0.1)
    theirs = [tensor.clone() for tensor in START.values()]
    classes = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop"}
    optimizer = getattr(torch.optim, classes[name])(theirs, lr=0.1)
    for iteration in range(3):
        ours.step(GRADIENT, iteration)
        for tensor, gradient in zip(theirs, GRADIENT.values(), strict=True):
            tensor.grad = gradient.clone()
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(ours.weights.values(), theirs, strict=True))


def test_the_norm_is_that_of_all_gradients() -> None:
    assert loop().step(GRADIENT, 0) == pytest.approx(13.0)


def test_clamp_limits_each_number_and_clip_the_norm() -> None:
    clamped = loop(optimizer="sgd", outer_rate=1, gradient_limit="clamp", gradient_bound=3.5)
    clamped.step(GRADIENT, 0)
    assert clamped.weights["w"].tolist() == [-2.0, 1.5]
    clipped = loop(optimizer="sgd", outer_rate=1, gradient_limit="clip", gradient_bound=6.5)
    clipped.step(GRADIENT, 0)
    assert clipped.weights["w"].tolist() == [-0.5, 0.0]


def test_the_cosine_ends_near_zero() -> None:
    outer = loop(schedule="cosine", iterations=10, outer_rate=1)
    rates = [outer.rate(iteration) for iteration in range(10)]
    assert rates[0] == 1 and rates[5] == pytest.approx(0.5) and 0 < rates[9] < 0.03


def test_a_gradient_that_is_not_finite_moves_nothing() -> None:
    outer = loop()
    norm = outer.step({**GRADIENT, "b": torch.tensor([float("nan")])}, 0)
    assert norm != norm
    assert torch.equal(outer.weights["w"], START["w"])


def test_a_restored_loop_goes_on_as_if_nothing_had_happened() -> None:
    first = loop()
    first.step(GRADIENT, 0)
    second = loop()
    second.restore(first.copy(), first.state())
    first.step(GRADIENT, 1)
    second.step(GRADIENT, 1)
    assert all(torch.equal(first.weights[name], second.weights[name]) for name in START)
