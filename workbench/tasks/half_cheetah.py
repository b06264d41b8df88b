"""The half-cheetah that is to run backwards or forwards, or at a speed that is hidden.

C. Finn et al., ICML 2017, section 5.3.2: the reward is the speed along the direction, +1 or -1, or
minus the distance to a speed from [0, 2], less 0.05 times the squared actions; H = 200.

Differs from the authors' code: the body is that of HalfCheetah-v5 of gymnasium and MuJoCo, theirs
rllab's of 2017. Test directions are those of the training, as theirs.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from torch import Generator, Tensor

from workbench.core.actions import GaussianActions
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import Report, Split
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.gym_world import GymWorld
from workbench.tasks.control.making import made
from workbench.tasks.control.params import ControlParams
from workbench.tasks.control.rollouts import Lived
from workbench.tasks.control.spaces import Spaces
from workbench.tasks.control.task import ControlTask

FASTEST = 2.0
EFFORT = 0.05
SPEED = 8
"""The number of a state that is the speed forwards."""
STEP_SECONDS = 0.05
CAMERA = {
    "width": 320,
    "height": 200,
    "camera_id": -1,
    "default_camera_config": {
        "lookat": [0.0, 0.0, 0.6],
        "distance": 4.0,
        "elevation": -15.0,
        "azimuth": 90.0,
    },
}
"""Of a film: a camera that is free to move, seen from the side."""


STATES = (
    marked("height, m"),
    marked("pitch of the body, rad"),
    marked("back thigh, rad"),
    marked("back shin, rad"),
    marked("back foot, rad"),
    marked("front thigh, rad"),
    marked("front shin, rad"),
    marked("front foot, rad"),
    marked("speed forwards, m/s"),
    marked("speed upwards, m/s"),
    marked("turning of the body, rad/s"),
    marked("turning of the back thigh, rad/s"),
    marked("turning of the back shin, rad/s"),
    marked("turning of the back foot, rad/s"),
    marked("turning of the front thigh, rad/s"),
    marked("turning of the front shin, rad/s"),
    marked("turning of the front foot, rad/s"),
)
"""As gymnasium's documentation of HalfCheetah-v5 lists what is observed."""


class HalfCheetahParams(ControlParams):
    name: Literal["half_cheetah"] = "half_cheetah"
    goal: Literal["direction", "velocity"] = param(
        "direction", marked("What is hidden: which way to run, or how fast.")
    )
    horizon: int = param(200, marked("Steps of a trajectory at most."), symbol="H", ge=1, le=10_000)


class HalfCheetahTask(ControlTask):
    """``truth`` is the direction, 1 or -1, or the velocity in metres a second: ``[1]``."""


@register("task", "half_cheetah", title=marked("Half-cheetah"), params=HalfCheetahParams)
class HalfCheetah(ControlFamily):
    """A simulated body finds out which way to run, or how fast; needs the extra mujoco."""

    params: HalfCheetahParams
    task = HalfCheetahTask
    observed = 17
    seen_names = STATES
    actions = GaussianActions(6)

    @cached_property
    def world(self) -> GymWorld:
        reward = _along if self.params.goal == "direction" else _at_speed
        env = _made()
        spaces = Spaces(env, "task.name")
        env.close()
        return GymWorld(lambda task: _made(), spaces, lambda env, task: None, reward)

    def prepare(self, report: Report) -> None:
        self.world  # noqa: B018 - raises where MuJoCo is missing
        report("Nothing to prepare", 1.0)

    @property
    def seen_classes(self) -> bool:
        return self.params.goal == "direction"

    def truth(self, split: Split, draws: Generator) -> Tensor:
        share = torch.rand(1, generator=draws)
        return FASTEST * share if self.params.goal == "velocity" else torch.sign(share - 0.5)

    def checked(self, truth: Tensor) -> Tensor:
        if self.params.goal == "direction":
            there = truth.shape == (1,) and abs(float(truth)) == 1
        else:
            there = truth.shape == (1,) and 0 <= float(truth) <= FASTEST
        if not there:
            raise BadInput(
                marked("Goal"),
                marked("{0} is none of this family").format(truth.tolist()),
                marked("Give 1 or -1, or a speed from 0 to {0:g}").format(FASTEST),
            )
        return truth

    def title_of(self, truth: Tensor) -> str:
        if self.params.goal == "velocity":
            return f"{float(truth):.2f} m/s"
        return marked("forwards") if float(truth) > 0 else marked("backwards")

    def traits_of(self, truth: Tensor) -> dict[str, float]:
        name = marked("velocity") if self.params.goal == "velocity" else marked("direction")
        return {name: float(truth)}

    def followed(self, lived: Lived) -> dict[str, Tensor]:
        """Where the body is, from the start on: no state holds it, but its speed at every step."""
        speed = lived.observations[..., SPEED]
        moved = STEP_SECONDS * (speed[..., 1:] + speed[..., :-1]) / 2 * lived.alive
        return {marked("position, m"): torch.nn.functional.pad(moved.cumsum(-1), (1, 0))}

    def drawing(self, truth: Tensor) -> Any:
        return Followed(_made({"render_mode": "rgb_array", **CAMERA}))

    def bounds_of(self, truth: Tensor) -> dict[str, Tensor]:
        """A body that stands still earns nothing, or misses the speed at every step."""
        speed = truth[..., 0] if self.params.goal == "velocity" else torch.zeros(truth.shape[:-1])
        return {marked("staying put"): 0.0 - self.params.horizon * speed}


class Followed:
    """An environment whose camera stays beside the body: its own lets it run out of the picture."""

    def __init__(self, env: Any) -> None:
        self._env = env
        self.reset, self.step, self.close = env.reset, env.step, env.close

    def render(self) -> Any:
        body, renderer = self._env.unwrapped.data, self._env.unwrapped.mujoco_renderer
        if renderer.viewer is None:
            self._env.render()  # makes it
        renderer.viewer.cam.lookat[0] = body.qpos[0]
        return self._env.render()


def _along(
    reward: float, info: dict[str, Any], action: np.ndarray[Any, Any], task: Sequence[float]
) -> float:
    return task[0] * float(info["x_velocity"]) - _effort(action)


def _at_speed(
    reward: float, info: dict[str, Any], action: np.ndarray[Any, Any], task: Sequence[float]
) -> float:
    return -abs(float(info["x_velocity"]) - task[0]) - _effort(action)


def _effort(action: np.ndarray[Any, Any]) -> float:
    return EFFORT * float(np.square(np.clip(action, -1, 1)).sum())


def _made(arguments: dict[str, Any] | None = None) -> Any:
    if importlib.util.find_spec("mujoco") is None:
        raise BadInput(
            "task.name",
            marked("half_cheetah needs MuJoCo, which is not installed"),
            marked("Install the extra: pip install 'maml-workbench[mujoco]'"),
        )
    return made("HalfCheetah-v5", arguments or {})
