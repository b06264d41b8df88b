"""Support trajectories under the hand: others drawn, one by one or all, and read again."""

from __future__ import annotations

import json

import pytest
import torch

from workbench.core.errors import BadInput
from workbench.tasks.control.rollouts import Lived
from workbench.tasks.control.task import ControlTask
from workbench.tasks.navigation import Navigation, NavigationParams


@pytest.fixture
def task() -> ControlTask:
    return Navigation(NavigationParams(shots=4, queries=3, horizon=6)).draw("val", 1)


def still(seen: torch.Tensor) -> torch.Tensor:
    """A policy that stays where it is but for what it does by chance."""
    return torch.zeros(*seen.shape[:-1], 4)


def lived(task: ControlTask, step: int = 0) -> tuple[Lived, Lived]:
    met = task.episode().met(still, step)
    return met.support.lived, met.query.lived  # type: ignore[attr-defined]


def test_one_is_drawn_anew_and_all_others_stay(task: ControlTask) -> None:
    before, after = (lived(one)[0].actions for one in (task, task.drawn_anew((0, 2))))
    assert torch.equal(before[[0, 1, 3]], after[[0, 1, 3]])
    assert not torch.equal(before[2], after[2])
    again = lived(task.drawn_anew((0, 2)).drawn_anew((0, 2)))[0].actions
    assert not torch.equal(again[2], after[2])


def test_other_trajectories_are_judged_on_the_same_ones(task: ControlTask) -> None:
    other = task.another_support(torch.Generator().manual_seed(3))
    (support, query), (others, asked) = lived(task), lived(other)
    assert not torch.equal(support.actions, others.actions)
    assert torch.equal(query.actions, asked.actions)


def test_what_was_met_knows_its_trajectories(task: ControlTask) -> None:
    met = task.episode().met(still).support
    seen = met.lived.observations  # type: ignore[attr-defined]
    assert seen.shape == (4, 7, 2)
    assert torch.equal(seen[:, :-1].flatten(0, 1), met.x)


def test_a_scene_has_them_as_they_were(task: ControlTask) -> None:
    picked = task.another_support(torch.Generator().manual_seed(3)).drawn_anew((0, 1))
    picked = picked.without((0, 3)).with_item((0, 0), torch.full((2, 2), 0.05))
    values = json.loads(json.dumps(picked.to_json()))
    again = task.family.task_from_json(values, "val")  # type: ignore[attr-defined]
    assert again.to_json() == picked.to_json()
    assert torch.equal(lived(again)[0].actions, lived(picked)[0].actions)


@pytest.mark.parametrize(
    "wrong", [{"anew": {"9": 1}}, {"anew": {"0": 0}}, {"anew": [1]}, {"support_seed": "x"}]
)
def test_a_scene_that_cannot_be_is_refused(task: ControlTask, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        task.family.task_from_json({**task.to_json(), **wrong}, "val")  # type: ignore[attr-defined]


def test_an_action_by_hand_is_followed_no_farther_than_one_deviation(task: ControlTask) -> None:
    driven = task.with_item((0, 1), torch.full((2, 2), 5.0))
    seen = lived(driven)[0]
    assert torch.equal(seen.actions[1, :2], torch.full((2, 2), 5.0))
    assert torch.equal(seen.followed[1, :2], torch.ones(2, 2))  # exp(0) from the mean 0
    assert torch.equal(seen.followed[[0, 2, 3]], seen.actions[[0, 2, 3]])
    assert torch.equal(driven.episode().met(still).support.y[6:8, :2], torch.ones(2, 2))
