"""Navigation in the plane: a point looks for a hidden goal, the first control task of MAML.

C. Finn, P. Abbeel, S. Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks",
ICML 2017, section 5.3.1: goals are uniform in [-0.5, 0.5]^2, the point starts at 0, an action is a
velocity clipped to ±0.1, the reward is minus the distance to the goal, and an episode ends within
0.01 of it or after 100 steps.

Differs from the authors' code: nothing with ``scale`` 0.1, as their wrapper stretches actions of
±1 to ±0.1; 1 is as the paper says it and as later code has it.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Generator, Tensor

from workbench.core.actions import GaussianActions
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import Split
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.params import ControlParams
from workbench.tasks.control.task import ControlTask
from workbench.tasks.control.world import Told, World

GOALS = 0.5
"""No coordinate of a goal is farther out."""
REACH = 0.1
"""The farthest that one step goes along each axis."""
NEAR = 0.01


class NavigationParams(ControlParams):
    name: Literal["navigation"] = "navigation"
    scale: float = param(
        1.0,
        marked("How far the point goes for an action of 1, before it is clipped to 0.1."),
        gt=0,
        le=10,
        advanced=True,
        more=marked("The paper's text says 1; its authors' code multiplies actions by 0.1."),
    )


class Wandering:
    """Points on their way."""

    def __init__(self, goals: Tensor, count: int, scale: float) -> None:
        self._goals, self._scale = goals.unsqueeze(-2), scale
        self._places = goals.new_zeros(*goals.shape[:-1], count, 2)

    def seen(self) -> Tensor:
        return self._places

    def step(self, actions: Tensor) -> Told:
        self._places = self._places + (self._scale * actions).clamp(-REACH, REACH)
        off = self._places - self._goals
        near = (off.abs() < NEAR).all(-1).to(off.dtype)
        return Told(-off.norm(dim=-1), near, torch.zeros_like(near))


class Plane(World):
    def __init__(self, scale: float) -> None:
        self._scale = scale

    def play(self, truth: Tensor, seeds: Tensor, count: int) -> Wandering:
        return Wandering(truth, count, self._scale)


class NavigationTask(ControlTask):
    """``truth`` is the goal, ``[2]``."""


@register("task", "navigation", title=marked("Navigation"), params=NavigationParams)
class Navigation(ControlFamily):
    """A point in the plane looks for a goal that only its rewards tell of."""

    params: NavigationParams
    task = NavigationTask
    observed = 2

    @property
    def actions(self) -> GaussianActions:
        return GaussianActions(2)

    @property
    def world(self) -> Plane:
        return Plane(self.params.scale)

    def truth(self, split: Split, draws: Generator) -> Tensor:
        return GOALS * (2 * torch.rand(2, generator=draws) - 1)

    def checked(self, truth: Tensor) -> Tensor:
        if truth.shape != (2,) or not (truth.abs() <= GOALS).all():
            raise BadInput(
                marked("Goal"),
                marked("{0} is no place of a goal").format(truth.tolist()),
                marked("Give two numbers from {0:g} to {1:g}").format(-GOALS, GOALS),
            )
        return truth

    def title_of(self, truth: Tensor) -> str:
        x, y = truth.tolist()
        return f"({x:.2f}, {y:.2f})"

    def traits_of(self, truth: Tensor) -> dict[str, float]:
        x, y = truth.tolist()
        return {marked("goal, x"): x, marked("goal, y"): y}

    def bounds_of(self, truth: Tensor) -> dict[str, Tensor]:
        """On the straight way along both axes at once no step can be nearer to the goal."""
        steps = torch.arange(1, self.params.horizon + 1).view(-1, *[1] * truth.dim())
        left = (truth.abs() - REACH * steps).clamp_min(0)
        there = ((left < NEAR).all(-1).cumsum(0) > 1).to(left.dtype)
        best = (left.norm(dim=-1) * (1 - there)).sum(0)
        staying = self.params.horizon * truth.norm(dim=-1)
        return {marked("optimum"): -best, marked("staying put"): -staying}
