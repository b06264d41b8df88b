"""The last layer of a Gaussian policy: deviations that are the same in every state."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

SMALLEST = math.log(1e-6)
"""Of a logarithm of a deviation, as in the MAML authors' code."""


class LogSpread(nn.Module):
    """Means ``[..., d]`` with the logarithms of their deviations beside them, ``[..., 2 d]``."""

    def __init__(self, count: int, deviation: float) -> None:
        super().__init__()
        self.log_spread = nn.Parameter(torch.full((count,), math.log(deviation)))

    def forward(self, means: Tensor) -> Tensor:
        return beside(means, self.log_spread)


def beside(means: Tensor, log_spread: Tensor) -> Tensor:
    return torch.cat([means, log_spread.clamp_min(SMALLEST).expand_as(means)], -1)
