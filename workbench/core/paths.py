"""The trajectories in a set that was met by acting, one by one again: for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.episode import Batch
from workbench.core.policy_gradient import ADVANTAGE, ALIVE, REWARD, WEIGHT, PolicyGradient


@dataclass(frozen=True)
class Paths:
    """n trajectories of H steps each; behind the end of one all is 0."""

    states: Tensor
    """``[n, H, o]``, what was seen before each step."""
    actions: Tensor
    """``[n, H, width]``"""
    advantages: Tensor
    """``[n, H]``"""
    weights: Tensor
    """``[n, H]``, 0 for steps that are not learned from."""
    alive: Tensor
    """``[n, H]``, whether a step was taken."""
    rewards: Tensor
    """``[n, H]``"""

    @classmethod
    def of(cls, objective: PolicyGradient, met: Batch) -> Paths:
        """From a set of one task as `AdaptStep.met` holds it."""
        states, y = (torch.unflatten(p, 0, (-1, objective.horizon)) for p in (met.x, met.y))
        columns = (y[..., column] for column in (ADVANTAGE, WEIGHT, ALIVE, REWARD))
        advantages, weights, alive, rewards = columns
        return cls(states, objective.taken(y), advantages, weights, alive > 0, rewards)

    @property
    def returns(self) -> Tensor:
        """``[n]``, not discounted."""
        return self.rewards.sum(1)

    @property
    def lengths(self) -> Tensor:
        """``[n]``, steps that were taken."""
        return self.alive.sum(1)

    @property
    def counted(self) -> Tensor:
        """``[n]``, whether a trajectory is learned from."""
        return (self.weights > 0).any(1)
