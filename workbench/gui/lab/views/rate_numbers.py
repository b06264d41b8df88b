"""Learned step sizes as numbers to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workbench.experiments.session import Learner

BINS = 40
OUTLIERS = 0.5
"""Per cent at either end that the outermost bins take in, so that a few do not set the scale."""


@dataclass(frozen=True)
class TensorRates:
    """The step sizes that move one tensor: counts of them on the common scale, one a weight; or
    the sizes themselves, where there is one an inner step."""

    name: str
    count: int
    negative: int
    counts: tuple[int, ...] = ()
    by_step: tuple[float, ...] = ()


@dataclass(frozen=True)
class RateSummary:
    tensors: tuple[TensorRates, ...]
    low: float
    high: float
    """Ends of the scale; zero lies between them."""

    @property
    def count(self) -> int:
        return sum(tensor.count for tensor in self.tensors)

    @property
    def negative(self) -> int:
        return sum(tensor.negative for tensor in self.tensors)


def summarise(learner: Learner) -> RateSummary:
    """Of a learner that has learned step sizes."""
    found = learner.algorithm.learned_rates(learner.weights)
    rates = {name: tensor.detach().cpu().numpy().astype(float) for name, tensor in found.items()}
    everything = np.concatenate([values.ravel() for values in rates.values()])
    finite = everything[np.isfinite(everything)]
    ends = np.percentile(finite, (OUTLIERS, 100 - OUTLIERS)) if finite.size else (0.0, 0.0)
    low, high = min(float(ends[0]), 0.0), max(float(ends[1]), 0.0)
    high = high if high > low else 1.0
    each = all(values.shape == learner.weights[name].shape for name, values in rates.items())
    tensors = []
    for name, values in rates.items():
        size, negative = values.size, int((values < 0).sum())
        clipped = np.clip(values, low, high)
        if each:
            counts = tuple(np.histogram(clipped, BINS, (low, high))[0].tolist())
            tensors.append(TensorRates(name, size, negative, counts=counts))
        else:
            tensors.append(TensorRates(name, size, negative, by_step=tuple(clipped.tolist())))
    return RateSummary(tuple(tensors), low, high)
