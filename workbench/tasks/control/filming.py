"""A trajectory acted out once more before a camera: same start, same actions, same course."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.gym_world import GymWorld, begins
from workbench.tasks.control.rollouts import Lived, Rollouts

MOST = 25
"""Pictures of a film: without a graphics card each takes some time."""


class Picture(NamedTuple):
    time: int
    """Steps that were taken before it."""
    pixels: np.ndarray[Any, Any]
    """``[height, width, 3]`` bytes."""


def filmed(
    family: ControlFamily, rollouts: Rollouts, lived: Lived, step: int, number: int
) -> Iterator[Picture]:
    """Pictures of trajectory ``number`` of a set as it was met at a step, one at a time.

    Raises `BadInput` that says why where the world, or this machine, draws none.
    """
    if sys.platform == "linux":
        os.environ.setdefault("MUJOCO_GL", "egl")  # needs no display, and any thread may draw
    env = family.drawing(rollouts.truth)
    try:
        yield from _pictures(family, env, rollouts, lived, step, number)
    except BadInput:
        raise
    except Exception as error:
        # Drivers, displays and packages that are missing: each raises what it likes.
        raise BadInput(
            marked("Film"),
            marked("this machine cannot draw it: {0}").format(printable(error, 200)),
            marked("Look at the curves over time"),
        ) from error
    finally:
        env.close()


def _pictures(
    family: ControlFamily, env: Any, rollouts: Rollouts, lived: Lived, step: int, number: int
) -> Iterator[Picture]:
    assert isinstance(family.world, GymWorld)
    spaces, count = family.world.spaces, int(lived.alive[number].sum())
    every = max(-(-count // (MOST - 1)), 1)
    env.reset(seed=begins(int(rollouts.world_seeds(step)), number))
    yield Picture(0, env.render())
    for time, action in enumerate(lived.actions[number, :count].numpy(), 1):
        env.step(spaces.action(action))
        if time % every == 0 or time == count:
            yield Picture(time, env.render())
