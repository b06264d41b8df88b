"""What a policy chooses from: its distribution, as a function of the outputs of its network.

Actions are real numbers throughout, so that they stand beside rewards in one tensor: a choice
among n is the number of it, ``[..., 1]``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


class Actions(ABC):
    """A distribution over actions ``[..., width]``, given outputs ``[..., outputs]``."""

    count: int

    @property
    @abstractmethod
    def outputs(self) -> int:
        """Numbers that settle the distribution in one state."""

    @property
    @abstractmethod
    def width(self) -> int:
        """Numbers that an action is."""

    @abstractmethod
    def noise(self, size: tuple[int, ...], draws: Generator) -> Tensor:
        """``[*size, count]``: all the chance that `taken` needs."""

    @abstractmethod
    def at_random(self, size: tuple[int, ...], draws: Generator) -> Tensor:
        """``[*size, width]``, any as likely as another; numbers are within ±1."""

    @abstractmethod
    def taken(self, outputs: Tensor, noise: Tensor) -> Tensor:
        """The actions ``[..., width]`` that this noise leads to."""

    def near(self, outputs: Tensor, actions: Tensor) -> Tensor:
        """Actions of somebody else, as near to what the policy does as one step can follow."""
        return actions

    @abstractmethod
    def log_likelihood(self, outputs: Tensor, actions: Tensor) -> Tensor:
        """``[...]``; differentiable twice in the outputs."""

    @abstractmethod
    def divergence(self, old: Tensor, new: Tensor) -> Tensor:
        """Kullback-Leibler divergence KL(old || new) in every state, ``[...]``."""

    @abstractmethod
    def readable(self, outputs: Tensor) -> Tensor:
        """Outputs as a person reads them, of the same shape."""


@dataclass(frozen=True)
class GaussianActions(Actions):
    """``count`` independent real numbers; outputs are their means, then their log deviations."""

    count: int

    @property
    def outputs(self) -> int:
        return 2 * self.count

    @property
    def width(self) -> int:
        return self.count

    def noise(self, size: tuple[int, ...], draws: Generator) -> Tensor:
        return torch.randn((*size, self.count), generator=draws)

    def at_random(self, size: tuple[int, ...], draws: Generator) -> Tensor:
        return 2 * torch.rand((*size, self.count), generator=draws) - 1

    def taken(self, outputs: Tensor, noise: Tensor) -> Tensor:
        mean, spread = outputs.chunk(2, -1)
        return mean + spread.exp() * noise

    def near(self, outputs: Tensor, actions: Tensor) -> Tensor:
        """No farther than one deviation from the mean.

        What is many deviations away would throw mean and deviation much farther than any action
        of the policy's own, for which the inner rate was chosen.
        """
        mean, spread = outputs.chunk(2, -1)
        return mean + (actions - mean).clamp(-spread.exp(), spread.exp())

    def log_likelihood(self, outputs: Tensor, actions: Tensor) -> Tensor:
        mean, spread = outputs.chunk(2, -1)
        far = ((actions - mean) * (-spread).exp()).square()
        return -(0.5 * far + spread).sum(-1) - self.count * _HALF_LOG_TAU

    def divergence(self, old: Tensor, new: Tensor) -> Tensor:
        (mean, spread), (there, wide) = old.chunk(2, -1), new.chunk(2, -1)
        far = (2 * spread).exp() + (mean - there).square()
        return (wide - spread + 0.5 * far * (-2 * wide).exp() - 0.5).sum(-1)

    def readable(self, outputs: Tensor) -> Tensor:
        """Means, then deviations."""
        mean, spread = outputs.chunk(2, -1)
        return torch.cat([mean, spread.exp()], -1)


@dataclass(frozen=True)
class CategoricalActions(Actions):
    """A choice among ``count``; outputs are logits, an action is the number of its choice."""

    count: int

    @property
    def outputs(self) -> int:
        return self.count

    @property
    def width(self) -> int:
        return 1

    def noise(self, size: tuple[int, ...], draws: Generator) -> Tensor:
        """Of the Gumbel distribution: the largest of logits and noise is a draw."""
        uniform = torch.rand((*size, self.count), generator=draws)
        return -torch.log(-torch.log(uniform.clamp(1e-7, 1 - 1e-7)))

    def at_random(self, size: tuple[int, ...], draws: Generator) -> Tensor:
        return torch.randint(self.count, (*size, 1), generator=draws).to(torch.get_default_dtype())

    def taken(self, outputs: Tensor, noise: Tensor) -> Tensor:
        return (outputs + noise).argmax(-1, keepdim=True).to(outputs.dtype)

    def log_likelihood(self, outputs: Tensor, actions: Tensor) -> Tensor:
        return F.log_softmax(outputs, -1).gather(-1, actions.long()).squeeze(-1)

    def divergence(self, old: Tensor, new: Tensor) -> Tensor:
        before, after = F.log_softmax(old, -1), F.log_softmax(new, -1)
        return (before.exp() * (before - after)).sum(-1)

    def readable(self, outputs: Tensor) -> Tensor:
        """Probabilities."""
        return outputs.softmax(-1)
