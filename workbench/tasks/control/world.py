"""The one face of environments: the rules for many episodes at once.

Own environments compute tasks x trajectories in one tensor; those of gymnasium are stepped one by
one behind the same face.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple, Protocol

from torch import Tensor


class Told(NamedTuple):
    """What one step of n episodes led to, each ``[..., n]``."""

    reward: Tensor
    terminal: Tensor
    """Whether a terminal state was reached: nothing can be earned after it."""
    cut: Tensor
    """Whether the environment itself has cut the episode off, as by a limit of time."""


class Play(Protocol):
    """Episodes that go on; what is done to one that has ended is ignored."""

    def seen(self) -> Tensor:
        """Observations ``[..., n, o]``; of an episode that has ended, the last one."""

    def step(self, actions: Tensor) -> Told:
        """Act, ``[..., n, width]`` as the policy gave it."""


class World(ABC):
    """What all tasks of a family share. Told apart by its settings, and free of state."""

    together: int = 20
    """Tasks that are best computed at once, by one thread."""

    @abstractmethod
    def play(self, truth: Tensor, seeds: Tensor, count: int) -> Play:
        """``count`` new episodes of each task.

        ``truth [..., p]`` settles the tasks and ``seeds [...]`` what is by chance in them.
        """
