"""A toy environment whose evidence is rollouts: steer a point on a line to a hidden place.

R. J. Williams, "Simple statistical gradient-following algorithms for connectionist reinforcement
learning", 1992: the loss -log p(a|s) A, here for a Gaussian policy of fixed spread, with the mean
over trajectories as a baseline for each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Generator, Tensor

from workbench.core.episode import Act, Batch, Episode
from workbench.core.metric import Metric, declare
from workbench.core.objective import Objective
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import ProblemSpec
from workbench.tasks.drawn import DrawnFamily, DrawnParams, DrawnTask

HORIZON, SPREAD, REACH = 6, 0.3, 0.5


@dataclass(frozen=True)
class Rollouts(Batch):
    """``x [n, 2]`` is where trajectories start; acting gives ``[n * HORIZON, ...]`` items."""

    goal: Tensor
    """``[]``"""
    seed: Tensor
    """``[]``, of the policy's noise."""

    @torch.no_grad()
    def met(self, act: Act, step: int = 0) -> Batch:
        """Targets are the action taken, its advantage, and the reward times the horizon."""
        draws, n = generator(int(self.seed), "noise"), len(self.x)
        noise = torch.randn(HORIZON, n, generator=draws).to(self.x)
        place, seen, acts, rewards = self.x[:, 0], [], [], []
        for time in range(HORIZON):
            now = torch.full_like(place, time / HORIZON)
            seen.append(torch.stack([place, now], 1))
            acts.append(act(seen[-1])[:, 0] + SPREAD * noise[time])
            place = place + acts[-1].clamp(-REACH, REACH)
            rewards.append(-(place - self.goal).abs())
        reward = torch.stack(rewards)
        to_go = reward.flip(0).cumsum(0).flip(0)
        advantage = to_go - to_go.mean(1, keepdim=True)
        y = torch.stack([torch.stack(acts), advantage, HORIZON * reward], -1)
        return Batch(torch.cat(seen), y.flatten(0, 1))


class Return(Objective):
    """The loss of REINFORCE, judged by the mean return: the larger the better, and below 0."""

    judged_by = declare(Metric("return", "Return", larger_is_better=True))
    loss_title = "policy-gradient loss"

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        action, advantage = targets[..., 0], targets[..., 1]
        return 0.5 * ((action - outputs[..., 0]) / SPREAD).square() * advantage

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return targets[..., 2].mean(-1)


class SteeringTask(DrawnTask):
    """Its sets are rollouts from the places that it holds."""

    def episode(self) -> Episode:
        goal, seed = self.truth[0], int(1e6 * float(self.truth[1] + 1))
        sets = enumerate((self.support, self.query))
        return Episode(*(Rollouts(s.x, s.y, goal, torch.tensor(2 * seed + i)) for i, s in sets))


class SteeringParams(DrawnParams):
    name: Literal["steering"] = "steering"


@register("task", "steering", title="Steering", params=SteeringParams)
class Steering(DrawnFamily):
    """Find a hidden place on a line from what few trajectories earn."""

    task = SteeringTask

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(Return(), (2,), 1, collected=True)

    def truth(self, draws: Generator) -> Tensor:
        return 2 * torch.rand(2, generator=draws) - 1

    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        starts = torch.zeros(each, 2)
        starts[:, 0] = 0.1 * torch.randn(each, generator=draws)
        return starts, torch.zeros(each, 3)
