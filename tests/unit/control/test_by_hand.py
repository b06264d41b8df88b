"""Trajectories picked, driven and kept in a scene by a person."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.unit.control.kit import built, config_of
from workbench.core.algorithm import Algorithm
from workbench.core.errors import BadInput
from workbench.core.policy_gradient import ADVANTAGE, WEIGHT
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.rollouts import BY_HAND
from workbench.tasks.control.task import ControlTask


def made(family: str = "navigation", **changes: Any) -> tuple[ControlTask, Algorithm]:
    poser, algorithm = built(config_of(family, **changes))
    assert isinstance(poser, ControlFamily)
    task = poser.draw("test", 5)
    assert isinstance(task, ControlTask)
    return task, algorithm


def met(task: ControlTask, algorithm: Algorithm) -> tuple[Tensor, Tensor]:
    """The support set before any step: ``[n, H, o]`` and ``[n, H, width + 4]``."""
    first = next(iter(algorithm.adapt(algorithm.initial(), task.episode(), 0))).met
    assert first is not None
    return tuple(part.unflatten(0, (4, 8)) for part in (first.support.x, first.support.y))


def test_what_is_left_out_happens_and_is_not_learned_from() -> None:
    task, algorithm = made()
    seen, _ = met(task, algorithm)
    fewer = task.without((0, 1))
    again, judged = met(fewer, algorithm)
    assert torch.equal(seen, again) and fewer.slots == [(0, 0), (0, 2), (0, 3)]
    assert not judged[1, :, WEIGHT].any() and (judged[0, :, WEIGHT] > 1).all()
    counted = judged[[0, 2, 3], :, ADVANTAGE]
    assert counted.mean() == pytest.approx(0, abs=1e-5)
    assert counted.std(correction=0) == pytest.approx(1, abs=1e-4)
    assert fewer.with_item((0, 1), None) == task
    with pytest.raises(BadInput, match="cannot be left out"):
        fewer.without((0, 0)).without((0, 2)).without((0, 3))


def test_other_trajectories_of_the_same_task_are_judged_on_the_same_ones() -> None:
    task, algorithm = made()
    other = task.another_support(torch.Generator().manual_seed(1))
    first, second = (
        next(iter(algorithm.adapt(algorithm.initial(), one.episode(), 0))).met
        for one in (task, other)
    )
    assert first is not None and second is not None
    assert torch.equal(first.query.x, second.query.x)
    assert not torch.equal(first.support.x, second.support.x)


def test_a_driven_trajectory_goes_as_it_was_driven_and_is_imitated() -> None:
    """Alone, it makes its own actions likelier, whatever they earn."""
    task, algorithm = made(algorithm={"name": "maml", "inner_rate": 0.05})
    actions = torch.tensor([[0.08, -0.02]]).repeat(5, 1)
    driven = task.with_item((0, 2), actions)
    for number in (0, 1, 3):
        driven = driven.without((0, number))
    seen, told = met(driven, algorithm)
    steps = torch.arange(1, 6).unsqueeze(1)
    torch.testing.assert_close(seen[2, 1:6], steps * actions[0])
    assert told[2, :5, ADVANTAGE].tolist() == pytest.approx([BY_HAND] * 5)
    assert (told[2, :5, WEIGHT] > 0).all()
    assert not told[2, 5:, WEIGHT].any()  # the policy went on, and nobody is to learn from that
    likely = [
        float(step.support_loss)
        for step in algorithm.adapt(algorithm.initial(), driven.episode(), 4)
    ]
    assert likely == sorted(likely, reverse=True)


def test_the_others_go_on_as_they_went() -> None:
    task, algorithm = made()
    seen, _ = met(task, algorithm)
    again, _ = met(task.with_item((0, 2), torch.zeros(8, 2)), algorithm)
    assert torch.equal(seen[[0, 1, 3]], again[[0, 1, 3]]) and not again[2].any()


@pytest.mark.parametrize("family", ["navigation", "gridworld", "gym"])
def test_a_scene_gives_the_task_back(family: str) -> None:
    task, algorithm = made(family)
    width = task.family.actions.width
    edited = task.with_item((0, 0), torch.ones(3, width)).without((0, 3))
    poser = task.family
    assert isinstance(poser, ControlFamily)
    again = poser.task_from_json(edited.to_json(), "test")
    for one, other in zip(met(edited, algorithm), met(again, algorithm), strict=True):
        assert torch.equal(one, other)
    assert again.title == task.title and again.traits == task.traits


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("navigation", {"truth": [0.6, 0]}, "no place of a goal"),
    ("navigation", {"truth": "there"}, "not made of numbers"),
    ("navigation", {"query_seed": "x"}, "does not say which trajectories"),
    ("navigation", {"left_out": [9]}, "there is no trajectory 10"),
    ("navigation", {"driven": {"0": [[1.0]]}}, "cannot drive it"),
    ("navigation", {"driven": {"one": [[1.0, 1.0]]}}, "no number of a trajectory"),
    ("gridworld", {"driven": {"0": [[4.0]]}}, "none of the four"),
    ("gridworld", {"truth": [0.0] * 30}, "controls or walls"),
    ("gridworld", {"truth": [12.0, 0, 1, 2, 3] + [0.0] * 25}, "no way to cell 12"),
    ("gym", {"truth": [1.0]}, "does not say length, polemass_length"),
]


@pytest.mark.parametrize(("family", "change", "said"), WRONG)
def test_a_scene_that_cannot_be_says_why(family: str, change: dict[str, Any], said: str) -> None:
    task, _ = made(family)
    poser = task.family
    assert isinstance(poser, ControlFamily)
    with pytest.raises(BadInput, match=said):
        poser.task_from_json({**task.to_json(), **change}, "test")


def test_another_goal_keeps_picks_and_drives() -> None:
    task, algorithm = made()
    driven = task.with_item((0, 0), torch.zeros(8, 2)).without((0, 1))
    moved = driven.at(torch.tensor([0.1, 0.2]))
    assert (moved.left_out, moved.driven.keys()) == (driven.left_out, driven.driven.keys())
    assert torch.equal(met(moved, algorithm)[0], met(driven, algorithm)[0])
    assert moved.traits == pytest.approx({"goal, x": 0.1, "goal, y": 0.2})
