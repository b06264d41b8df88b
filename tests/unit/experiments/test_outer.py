"""The outer step against torch's optimisers driven by hand."""

from __future__ import annotations

import pytest
import torch

from workbench.experiments.outer import OuterLoop
from workbench.experiments.training_params import TrainingParams

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
    for _ in range(3):
        ours.step(GRADIENT, 0.1)
        for tensor, gradient in zip(theirs, GRADIENT.values(), strict=True):
            tensor.grad = gradient.clone()
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(ours.weights.values(), theirs, strict=True))


def test_the_norm_is_that_of_all_gradients() -> None:
    assert loop().step(GRADIENT, 0.001) == pytest.approx(13.0)


def test_clamp_limits_each_number_and_clip_the_norm() -> None:
    clamped = loop(optimizer="sgd", outer_rate=1, gradient_limit="clamp", gradient_bound=3.5)
    clamped.step(GRADIENT, 1)
    assert clamped.weights["w"].tolist() == [-2.0, 1.5]
    clipped = loop(optimizer="sgd", outer_rate=1, gradient_limit="clip", gradient_bound=6.5)
    clipped.step(GRADIENT, 1)
    assert clipped.weights["w"].tolist() == [-0.5, 0.0]


def test_the_rate_given_is_the_rate_taken() -> None:
    outer = loop(optimizer="sgd", outer_rate=1)
    outer.step(GRADIENT, 0.25)
    assert outer.weights["w"].tolist() == [0.25, -1.0]


def test_a_gradient_that_is_not_finite_moves_nothing() -> None:
    outer = loop()
    norm = outer.step({**GRADIENT, "b": torch.tensor([float("nan")])}, 0.001)
    assert norm != norm
    assert torch.equal(outer.weights["w"], START["w"])


def test_a_restored_loop_goes_on_as_if_nothing_had_happened() -> None:
    first = loop()
    first.step(GRADIENT, 0.001)
    second = loop()
    second.restore(first.copy(), first.state())
    first.step(GRADIENT, 0.001)
    second.step(GRADIENT, 0.001)
    assert all(torch.equal(first.weights[name], second.weights[name]) for name in START)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
def test_what_is_collected_is_set_and_the_optimiser_leaves_it_alone(optimizer: str) -> None:
    params = TrainingParams(optimizer=optimizer, outer_rate=0.1)
    outer = OuterLoop({"trained": torch.ones(2), "mean": torch.full((2,), 5.0)}, params)
    gradient = {"trained": torch.ones(2)}
    for value in (4.0, 3.0):
        outer.step(gradient, 0.1, {"mean": torch.full((2,), value)})
        assert torch.equal(outer.weights["mean"], torch.full((2,), value))
    alone = OuterLoop({"trained": torch.ones(2)}, params)
    for _ in range(2):
        alone.step(gradient, 0.1)
    assert torch.equal(outer.weights["trained"], alone.weights["trained"])
    again = OuterLoop({name: w.clone() for name, w in outer.weights.items()}, params)
    again.restore(outer.copy(), {slot: value.clone() for slot, value in outer.state().items()})
    for loop in (outer, again):
        loop.step(gradient, 0.1, {"mean": torch.zeros(2)})
    assert torch.equal(outer.weights["trained"], again.weights["trained"])


def test_what_is_restored_is_a_copy() -> None:
    """Training on moves no tensor of the checkpoint, which others may go on from."""
    params = TrainingParams()
    first = OuterLoop({"w": torch.ones(2)}, params)
    first.step({"w": torch.ones(2)}, 0.1)
    kept = {name: value.clone() for name, value in first.state().items()}
    given = {name: value.clone() for name, value in kept.items()}
    again = OuterLoop({"w": torch.ones(2)}, params)
    again.restore(first.copy(), given)
    again.step({"w": torch.ones(2)}, 0.1)
    assert given.keys() == kept.keys() and len(kept) == 3
    assert all(torch.equal(given[name], kept[name]) for name in kept)
