"""Environments of gymnasium behind the face of all worlds: one for each trajectory, side by side.

Every episode begins with a seed of its own. An environment whose tasks are attributes is used again
for the next task; one whose tasks are arguments is made anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.core.seeds import derive
from workbench.tasks.control.spaces import Spaces
from workbench.tasks.control.world import Told, World

Make = Callable[[Sequence[float]], Any]
"""An environment for a task, from the numbers that settle it."""
Settle = Callable[[Any, Sequence[float]], None]
"""Makes an environment that is there one of a task."""
Reward = Callable[[float, dict[str, Any], "np.ndarray[Any, Any]", Sequence[float]], float]
"""What a step of a task earns: from the environment's reward, its information, and the action."""


def as_told(
    reward: float, info: dict[str, Any], action: np.ndarray[Any, Any], task: Sequence[float]
) -> float:
    """The environment's own reward."""
    return reward


class GymWorld(World):
    together = 4

    def __init__(
        self,
        make: Make,
        spaces: Spaces,
        settle: Settle | None = None,
        reward: Reward = as_told,
    ) -> None:
        """``settle`` is None where every task needs an environment of its own."""
        self.spaces, self.reward = spaces, reward
        self._make, self._settle = make, settle
        self._local = threading.local()

    def play(self, truth: Tensor, seeds: Tensor, count: int) -> GymPlay:
        tasks = [task for task in truth.view(-1, truth.shape[-1]).tolist() for _ in range(count)]
        begun = [begins(seed, n) for seed in seeds.flatten().tolist() for n in range(count)]
        envs = self._environments(tasks)
        return GymPlay(self, envs, tasks, begun, (*truth.shape[:-1], count))

    def _environments(self, tasks: list[list[float]]) -> list[Any]:
        """One for each, of this thread's own where they are used again."""
        if self._settle is None:
            return [self._make(task) for task in tasks]
        if not hasattr(self._local, "kept"):
            self._local.kept = []
        kept: list[Any] = self._local.kept
        kept += [self._make(task) for task in tasks[len(kept) :]]
        for env, task in zip(kept, tasks, strict=False):
            self._settle(env, task)
        return kept[: len(tasks)]


def begins(seed: int, number: int) -> int:
    """What an environment is reset with for one of the episodes that begin with a seed."""
    return derive(seed, number) % 2**31


class GymPlay:
    """Episodes that go on in as many environments; ``size`` is ``[..., n]``."""

    def __init__(
        self,
        world: GymWorld,
        envs: list[Any],
        tasks: list[list[float]],
        seeds: list[int],
        size: tuple[int, ...],
    ) -> None:
        self._world, self._envs, self._tasks, self._size = world, envs, tasks, size
        starts = zip(envs, seeds, strict=True)
        first = [env.reset(seed=seed)[0] for env, seed in starts]
        self._seen = np.stack([world.spaces.seen(one) for one in first])
        self._going = [True] * len(envs)

    def seen(self) -> Tensor:
        return torch.from_numpy(self._seen.copy()).view(*self._size, -1)

    def step(self, actions: Tensor) -> Told:
        told = np.zeros((3, len(self._envs)), np.float32)
        given = actions.flatten(0, -2).numpy()
        for at, env in enumerate(self._envs):
            if self._going[at]:
                action = self._world.spaces.action(given[at])
                seen, reward, terminal, cut, info = env.step(action)
                earned = self._world.reward(float(reward), info, given[at], self._tasks[at])
                told[:, at] = earned, terminal, cut and not terminal
                self._seen[at] = self._world.spaces.seen(seen)
                self._going[at] = not (terminal or cut)
        return Told(*torch.from_numpy(told).view(3, *self._size))
