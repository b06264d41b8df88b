"""A policy with a memory: what it saw, did and earned so far, as the state of a GRU."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.core.actions import Actions, GaussianActions
from workbench.engine.spread import LogSpread


class RecurrentPolicy(nn.Module):
    """Fed observation, last action, last reward and whether an episode has just ended."""

    def __init__(self, observed: int, actions: Actions, width: int) -> None:
        super().__init__()
        self.actions = actions
        self.fed = observed + actions.count + 2
        self.memory = nn.GRU(self.fed, width)
        layers = OrderedDict[str, nn.Module](head=nn.Linear(width, actions.count))
        if isinstance(actions, GaussianActions):
            layers["spread"] = LogSpread(actions.count, 1.0)
        self.acting = nn.Sequential(layers)

    def forward(self, x: Tensor) -> Tensor:
        """``[n, o]`` to ``[n, outputs]``: what is done first of all, without a past."""
        nothing = x.new_zeros(len(x), self.fed - x.shape[1])
        outputs: Tensor = self.unrolled(torch.cat([x, nothing], 1)[None], None)[0][0]
        return outputs

    def unrolled(self, fed: Tensor, memory: Tensor | None) -> tuple[Tensor, Tensor]:
        """``[L, n, fed]`` to outputs ``[L, n, outputs]`` and the memory after them."""
        states, memory = self.memory(fed, memory)
        return self.acting(states), memory

    def feed(self, seen: Tensor, past: Tensor | None) -> Tensor:
        """One step's input ``[n, fed]``; nothing has happened before the first."""
        if past is None:
            past = seen.new_zeros(len(seen), self.fed - seen.shape[1])
        return torch.cat([seen, past], 1)

    def past(self, actions: Tensor, rewards: Tensor, ended: Tensor) -> Tensor:
        """What is remembered of a step, ``[n, count + 2]``: of what was done and came of it."""
        if not isinstance(self.actions, GaussianActions):
            actions = F.one_hot(actions.squeeze(-1).long(), self.actions.count).to(rewards.dtype)
        return torch.cat([actions, rewards.unsqueeze(-1), ended.unsqueeze(-1)], 1)


class Unrolled(nn.Module):
    """The policy over whole trials: ``[L, n, fed]`` to ``[L, n, outputs]``."""

    def __init__(self, policy: nn.Module) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, fed: Tensor) -> Tensor:
        assert isinstance(self.policy, RecurrentPolicy)
        return self.policy.unrolled(fed, None)[0]


class Memory:
    """The policy as it lives through a trial: it acts, is told, and keeps what it was fed."""

    def __init__(self, policy: RecurrentPolicy) -> None:
        self._policy = policy
        self._state: Tensor | None = None
        self._past: Tensor | None = None
        self.fed = list[Tensor]()
        """``[n, fed]`` at every step, over all tasks and trajectories."""
        self.outputs = list[Tensor]()
        """``[..., n, outputs]`` at every step."""

    def __call__(self, seen: Tensor) -> Tensor:
        """``[..., n, o]`` to ``[..., n, outputs]``"""
        fed = self._policy.feed(seen.flatten(0, -2), self._past)
        self.fed.append(fed)
        outputs, self._state = self._policy.unrolled(fed[None], self._state)
        self.outputs.append(outputs[0].view(*seen.shape[:-1], -1))
        return self.outputs[-1]

    def told(self, actions: Tensor, rewards: Tensor, ended: Tensor) -> None:
        parts = actions.flatten(0, -2), rewards.flatten(), ended.flatten()
        self._past = self._policy.past(*parts)
