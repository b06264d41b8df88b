"""Trajectories acted out once more: a film of what happened, and where a body went."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from tests.tiny import prepared, tiny_config
from tests.unit.control.drawn_kit import Drawn, registered
from tests.unit.control.kit import config_of
from workbench.core.errors import BadInput
from workbench.core.task import TaskFamily
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.filming import MOST, Picture, filmed
from workbench.tasks.control.rollouts import Rollouts


@pytest.fixture
def drawn() -> Iterator[dict[str, Any]]:
    with registered() as task:
        yield task


def film(family: TaskFamily, number: int, step: int = 2) -> tuple[list[Picture], torch.Tensor]:
    """With what was observed in the trajectory."""
    assert isinstance(family, ControlFamily)
    query = family.draw("test", 0).episode().query
    assert isinstance(query, Rollouts)
    lived = query.lived(lambda seen: torch.zeros(len(seen), family.spec.outputs), step)
    return list(filmed(family, query, lived, step, number)), lived.observations[number]


def test_a_film_shows_what_happened(drawn: dict[str, Any]) -> None:
    pictures, seen = film(prepared(config_of("gym", task=drawn)), 1)
    assert [picture.time for picture in pictures] == list(range(9))
    assert [int(one.pixels[0, 0, 0]) for one in pictures] == seen[:, 0].long().tolist()


def test_a_long_film_leaves_pictures_out_and_keeps_the_ends(drawn: dict[str, Any]) -> None:
    pictures, _ = film(prepared(config_of("gym", task={**drawn, "horizon": 60})), 0)
    times = [picture.time for picture in pictures]
    assert len(times) <= MOST + 1 and times[0] == 0 and times[-1] == 60
    assert times == sorted(set(times))


def test_what_cannot_be_drawn_says_why(
    drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Drawn) -> Any:
        raise RuntimeError("no screen is there")

    monkeypatch.setattr(Drawn, "render", broken)
    with pytest.raises(BadInput, match="cannot draw it: no screen is there"):
        film(prepared(config_of("gym", task=drawn)), 0)
    with pytest.raises(BadInput, match="draws no pictures"):
        film(prepared(config_of("navigation")), 0)


def test_the_place_of_the_half_cheetah_is_that_of_its_body() -> None:
    """The same actions, in an environment that tells its place."""
    pytest.importorskip("mujoco")
    task = {"name": "half_cheetah", "horizon": 20, "shots": 2, "queries": 2}
    family = prepared(tiny_config(task=task, model={"name": "mlp_gaussian", "hidden": [4]}))
    assert isinstance(family, ControlFamily)
    query = family.draw("test", 0).episode().query
    assert isinstance(query, Rollouts)
    lived = query.lived(lambda seen: torch.zeros(len(seen), 12))
    (place,) = family.followed(lived).values()
    assert place.shape == (2, 21) and (place[:, 0] == 0).all()
    direction = float(query.truth)
    effort = 0.05 * lived.actions.clamp(-1, 1).square().sum(-1)
    moved = 0.05 * direction * (lived.rewards + effort)  # the reward is the speed along the goal
    torch.testing.assert_close(place[:, 1:], moved.cumsum(-1), atol=0.05, rtol=0)


def test_the_half_cheetah_stays_in_the_picture() -> None:
    """Wherever it is; where this machine cannot draw, that is what is said."""
    pytest.importorskip("mujoco")
    task = {"name": "half_cheetah", "horizon": 2, "shots": 2, "queries": 2}
    family = prepared(tiny_config(task=task, model={"name": "mlp_gaussian", "hidden": [4]}))
    try:
        pictures, _ = film(family, 0)
    except BadInput as told:
        assert "cannot draw it" in told.problem
        return
    assert [one.pixels.shape for one in pictures] == [(200, 320, 3)] * 3
    assert isinstance(family, ControlFamily)
    env = family.drawing(torch.ones(1))
    env.reset(seed=1)
    body = env._env.unwrapped
    body.set_state(body.data.qpos + np.array([5.0] + 8 * [0.0]), body.data.qvel)
    env.render()
    assert body.mujoco_renderer.viewer.cam.lookat[0] == body.data.qpos[0] > 4
    env.close()
