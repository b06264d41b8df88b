"""The built-in functions of one input, against formulas written out here."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.tasks.functions import FUNCTIONS
from workbench.tasks.sinusoid import CurveTask, Sinusoid

PLACES = [-4.5, -1.0, 0.0, 0.7, 4.9]
FORMULAS = {
    "sine": ((2.0, 0.5), lambda x: 2 * math.sin(x - 0.5)),
    "linear": ((2.0, -1.0), lambda x: 2 * x - 1),
    "quadratic": ((0.3, -0.5, 1.0), lambda x: 0.3 * x**2 - 0.5 * x + 1),
    "step": ((-2.0, 1.5, 0.7), lambda x: 1.5 if x >= 0.7 else -2.0),
    "harmonic": (
        (2.0, 0.5, 1.0, 0.25),
        lambda x: 2 * math.sin(x - 0.5) + math.sin(2 * x - 0.25),
    ),
    "mixture": ((2.0, 0.5, 3.0, 1.0, 0.7), lambda x: 3 * x + 1),
}


def family_of(name: str, **sizes: int) -> Sinusoid:
    made = prepared(tiny_config(task={"function": name, **sizes}))
    assert isinstance(made, Sinusoid)
    return made


def test_every_function_is_tried_here() -> None:
    assert FORMULAS.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_are_those_of_the_formula(name: str) -> None:
    numbers, formula = FORMULAS[name]
    x = torch.tensor(PLACES, dtype=torch.float64)
    values = FUNCTIONS[name].value(numbers, x)
    assert values.tolist() == pytest.approx([formula(place) for place in PLACES])
    assert FUNCTIONS[name].written(numbers)


def test_a_mixture_is_a_sine_below_a_half() -> None:
    x = torch.tensor([1.0])
    assert float(FUNCTIONS["mixture"].value((2.0, 0.5, 3.0, 1.0, 0.4), x)) == pytest.approx(
        2 * math.sin(0.5)
    )
    family = family_of("mixture")
    kinds = [family.draw("train", seed).numbers[-1] >= 0.5 for seed in range(200)]
    assert 70 < sum(kinds) < 130


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tasks_lie_on_their_curve_and_within_its_height(name: str) -> None:
    family = family_of(name, shots=20)
    for seed in range(20):
        task = family.draw("val", seed)
        torch.testing.assert_close(task.support_y, task.truth(task.support_x))
        assert task.truth(task.query_x).abs().max() <= FUNCTIONS[name].height
        for number, value in zip(task.function.numbers, task.numbers, strict=True):
            assert number.low <= value <= number.high
        assert list(task.traits) == [number.name for number in task.function.numbers]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_scene_brings_the_curve_back(name: str) -> None:
    family = family_of(name)
    task = family.draw("test", 4)
    again = family.task_from_json(task.to_json(), "test")
    assert (again.function, again.numbers) == (task.function, task.numbers)
    moved = again.bent(*again.numbers[:-1], again.numbers[-1] / 2)
    torch.testing.assert_close(moved.support_y, moved.truth(moved.support_x))
    assert pickle.loads(pickle.dumps(task)).function is copy.deepcopy(task).function
    with pytest.raises(BadInput):
        family.task_from_json({**task.to_json(), "function": "tangent"}, "test")


def test_numbers_that_are_not_all_there_are_named() -> None:
    family = family_of("linear")
    values = {**family.draw("test", 0).to_json(), "numbers": [1.0]}
    with pytest.raises(BadInput, match="does not say slope, intercept"):
        family.task_from_json(values, "test")
    with pytest.raises(BadInput, match="does not say amplitude, phase"):
        family.task_from_json({**values, "function": "sine", "amplitude": 1.0}, "test")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_least_squares_of_the_right_family_is_exact_and_floors_are_not(name: str) -> None:
    family = family_of(name, shots=8)
    episodes = family.episodes("test", 30, torch.Generator().manual_seed(0))
    bounds = {label: float(value.mean()) for label, value in family.bounds(episodes).items()}
    if name in ("linear", "quadratic"):
        assert bounds["ridge on the support"] < bounds["mean of the support"]
    if name == "step":
        assert "the right family" not in bounds
    else:
        assert bounds["the right family"] < 1e-6 < bounds["mean of the support"]
    if name == "linear":
        assert bounds["ridge on the support"] < 0.1


def test_the_sine_is_drawn_as_it_always_was() -> None:
    """Frozen numbers: presets, checkpoints and results of the sinusoid stay bit for bit."""
    task = family_of("sine").draw("train", 7)
    assert isinstance(task, CurveTask)
    assert task.to_json().keys() == {"amplitude", "phase", "support_x", "support_y", "query_x"}
    amplitude, phase = task.numbers
    expected = amplitude * torch.sin(task.support_x - phase)
    assert torch.equal(task.support_y, expected)
