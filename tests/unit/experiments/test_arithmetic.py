"""Arithmetic of an outer step against counts by hand."""

from __future__ import annotations

import pytest

from tests.tiny import prepared, tiny_config
from workbench.experiments.arithmetic import in_words, operations

LAYERS = ((1, 8), (8, 8), (8, 1))
"""Inputs and outputs of the tiny network: a product of n x i and i x o takes 2 n i o operations."""
POINTS, TASKS = 5, 3


def forward(points: int) -> int:
    return sum(2 * points * i * o for i, o in LAYERS)


def backward(points: int) -> int:
    """A product for the weights of each layer, and one for its inputs but those of the first."""
    return forward(points) + sum(2 * points * i * o for i, o in LAYERS[1:])


def counted(**algorithm: object) -> float:
    config = tiny_config(algorithm=algorithm)
    return operations(config, prepared(config))


@pytest.mark.parametrize("steps", [1, 3])
def test_first_order_maml_goes_forwards_and_back_once_a_step(steps: int) -> None:
    one = forward(POINTS) + backward(POINTS)
    assert counted(name="fomaml", inner_steps=steps) == TASKS * (steps + 1) * one


def test_the_second_order_costs_more_and_grows_with_the_steps() -> None:
    first, second = (counted(name=name, inner_steps=1) for name in ("fomaml", "maml"))
    assert 1.4 * first < second < 2.5 * first
    assert counted(name="maml", inner_steps=3) - second > 2 * (second - first)


def test_convolutions_are_counted_by_hand() -> None:
    """Four 3x3 convolutions with stride 2 on 28 x 28, a mean, and a head of 3 classes."""
    task = {"name": "glyphs", "ways": 3, "shots": 1, "queries": 2}
    config = tiny_config(
        task=task,
        model={"name": "conv4", "filters": 4, "downsample": "stride"},
        algorithm={"name": "fomaml", "inner_steps": 1},
    )
    sides, channels = (14, 7, 4, 2), (1, 4, 4, 4)
    maps = [2 * side**2 * 9 * c * 4 for side, c in zip(sides, channels, strict=True)]
    one = 3 * (sum(maps) + 2 * 4 * 3) - maps[0]  # nobody asks for the gradient of the image
    assert operations(config, prepared(config)) == TASKS * (3 + 6) * one


def test_what_does_not_train_costs_nothing() -> None:
    assert counted(name="nearest_neighbour") == 0 and counted(name="random_init") == 0


def test_a_bigger_meta_batch_costs_as_much_more() -> None:
    small, large = (
        operations(config, prepared(config))
        for config in (tiny_config(training={"meta_batch": n}) for n in (2, 6))
    )
    assert large == 3 * small


@pytest.mark.parametrize(
    ("count", "text"), [(0, ""), (12, "12 FLOP"), (3.3e11, "330 GFLOP"), (1.5e15, "1.5 PFLOP")]
)
def test_words(count: float, text: str) -> None:
    assert in_words(count) == text
