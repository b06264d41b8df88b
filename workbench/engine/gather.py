"""Results of single tasks, summed in the order of the tasks whoever computed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from workbench.core.algorithm import MetaGradient, Weights


@dataclass(frozen=True)
class TaskResult:
    """The outer gradient of one task as one vector, and what was seen on the way."""

    gradient: Tensor
    numbers: tuple[float, float, float]
    """Support loss before the first step, query loss and query metric after the last."""


def flat(weights: Weights, gradients: Mapping[str, Tensor | None]) -> Tensor:
    """Gradients end to end in the order of the weights; zero where there is none."""
    parts = []
    for name, weight in weights.items():
        gradient = gradients.get(name)
        parts.append(weight.new_zeros(weight.numel()) if gradient is None else gradient.reshape(-1))
    return torch.cat(parts) if parts else torch.zeros(0)


def split(vector: Tensor, weights: Weights) -> Weights:
    """A vector of all weights end to end, by name."""
    parts = torch.split(vector, [weight.numel() for weight in weights.values()])
    named = zip(weights.items(), parts, strict=True)
    return {name: part.view(weight.shape) for (name, weight), part in named}


def averaged(weights: Weights, results: Iterable[TaskResult], tasks: int) -> MetaGradient:
    """The mean over tasks.

    Summed by numpy: torch would start its own threads for a long vector, beside the workers.
    """
    total: Tensor | None = None
    seen = np.zeros(3)
    for result in results:
        if total is None:
            total = result.gradient
        elif total.is_cuda:
            total += result.gradient
        else:
            np.add(total.numpy(), result.gradient.numpy(), out=total.numpy())
        seen += result.numbers
    assert total is not None
    total /= tasks
    support, query, metric = (seen / tasks).tolist()
    return MetaGradient(split(total, weights), support, query, metric)
