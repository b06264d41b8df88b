"""What acting at random earns, where nothing better is known; and environments are made once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
import torch

from tests.tiny import prepared
from tests.unit.control.kit import config_of
from workbench.core.actions import CategoricalActions, GaussianActions
from workbench.core.seeds import generator
from workbench.tasks.control import floor
from workbench.tasks.control.seen_once import seen_of_registered
from workbench.tasks.half_cheetah import HalfCheetah, HalfCheetahParams

NAME = "Counted-v0"


class Counted(gymnasium.Env[Any, Any]):
    """Earns its bonus and what is done, for three steps."""

    observation_space = gymnasium.spaces.Box(-1, 1, (2,))
    action_space = gymnasium.spaces.Box(-1, 1, (1,))
    made = 0
    bonus = 0.0

    def __init__(self) -> None:
        type(self).made += 1

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.time = 0
        return np.zeros(2, np.float32), {}

    def step(self, action: Any) -> Any:
        self.time += 1
        return np.zeros(2, np.float32), self.bonus + action[0], self.time == 3, False, {}


@pytest.fixture
def counted() -> Iterator[dict[str, Any]]:
    gymnasium.register(NAME, entry_point=Counted)
    seen_of_registered.cache_clear()
    Counted.made = 0
    yield {"environment": NAME, "vary": "bonus=1, 2, 3, 4"}
    del gymnasium.registry[NAME]


MODEL = {"name": "mlp_gaussian", "hidden": [4]}


def test_the_floor_of_a_task_is_the_mean_of_acting_at_random(counted: dict[str, Any]) -> None:
    family = prepared(config_of("gym", task=counted, model=MODEL))
    found = family.bounds_of(torch.tensor([[1.0], [2.0], [4.0]]))["random moves"]
    torch.testing.assert_close(found - found[0], torch.tensor([0.0, 3.0, 9.0]))  # the same draws
    assert abs(float(found[0]) - 3) < 4 * 3**0.5 * 3**-0.5 / floor.EPISODES**0.5
    assert family.bounds_of(torch.tensor([[1.0], [7.0]])) == {}


def test_ranges_and_long_episodes_have_no_floor(counted: dict[str, Any]) -> None:
    ranged = prepared(config_of("gym", task={**counted, "vary": "bonus=1..2"}, model=MODEL))
    assert ranged.bounds_of(torch.tensor([[1.0]])) == {}
    assert floor.episodes(4, 8) == floor.EPISODES
    assert floor.episodes(4, 5000) == 1 and floor.episodes(4, 5001) == 0


def test_an_environment_that_fails_has_no_floor_and_can_be_chosen(
    counted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Counted, "step", lambda self, action: 1 / 0)
    family = prepared(config_of("gym", task=counted, model=MODEL))
    assert family.bounds_of(torch.tensor([[1.0]])) == {}


def test_any_action_is_as_likely_as_another() -> None:
    chosen = CategoricalActions(3).at_random((3000,), generator(0))
    assert torch.bincount(chosen.flatten().long()).tolist() == pytest.approx([1000] * 3, abs=100)
    numbers = GaussianActions(2).at_random((3000,), generator(0))
    assert numbers.shape == (3000, 2) and numbers.abs().max() <= 1
    assert float(numbers.var()) == pytest.approx(1 / 3, abs=0.03)


def test_an_environment_is_made_once_however_often_settings_are_checked(
    counted: dict[str, Any],
) -> None:
    for horizon in (8, 9, 10):
        config_of("gym", task={**counted, "horizon": horizon}, model=MODEL)
    assert Counted.made == 1


def test_a_body_that_stands_still_earns_nothing_or_misses_the_speed() -> None:
    ways = HalfCheetah(HalfCheetahParams(horizon=100)).bounds_of(torch.tensor([[1.0], [-1.0]]))
    assert ways["staying put"].tolist() == [0, 0]
    speeds = HalfCheetah(HalfCheetahParams(goal="velocity", horizon=100))
    assert speeds.bounds_of(torch.tensor([[1.5]]))["staying put"].tolist() == [-150]
