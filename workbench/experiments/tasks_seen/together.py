"""Which classes fail together: the tasks that hold two classes, and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import torch
from torch import Tensor

FEW = 10
"""Tasks below which the mean of a pair says little."""


@dataclass(frozen=True)
class Together:
    """Of C classes; row i, column j is about the tasks that hold both, i, i about all of i."""

    names: tuple[str, ...]
    means: Tensor
    """``[C, C]``, of the metric; not a number where no task holds both."""
    counts: Tensor
    """``[C, C]`` tasks."""
    overall: float

    def worst(self, larger_is_better: bool) -> tuple[int, int] | None:
        """The pair of two classes with the worst mean of `FEW` tasks or more, if there is one."""
        size = len(self.names)
        enough = (self.counts >= FEW) & ~torch.eye(size, dtype=torch.bool)
        if not enough.any():
            return None
        bad = -torch.inf if not larger_is_better else torch.inf
        keys = torch.where(enough, self.means, torch.full_like(self.means, bad)).nan_to_num(bad)
        place = int(keys.argmin() if larger_is_better else keys.argmax())
        row, column = divmod(place, size)
        return min(row, column), max(row, column)


def together(
    classes: tuple[tuple[str, ...], ...], values: Tensor, larger_is_better: bool
) -> Together:
    """Of ``values [T]`` after a step; classes that do worst by themselves come first.

    A task that has diverged has no value, and counts for no mean.
    """
    names = sorted({name for task in classes for name in task})
    places = {name: place for place, name in enumerate(names)}
    sums, counts = (torch.zeros(len(names), len(names), dtype=torch.float64) for _ in range(2))
    for task, value in zip(classes, values.tolist(), strict=True):
        if value != value or abs(value) == torch.inf:
            continue
        held = sorted({places[name] for name in task})
        for one, other in combinations_with_replacement(held, 2):
            sums[one, other] += value
            counts[one, other] += 1
    sums, counts = (part + part.triu(1).T for part in (sums, counts))
    means = sums / counts
    worst = -torch.inf if larger_is_better else torch.inf
    own = means.diagonal().nan_to_num(nan=-worst)
    order = own.sort(stable=True, descending=not larger_is_better).indices
    finite = values[values.isfinite()]
    return Together(
        tuple(names[place] for place in order.tolist()),
        means[order][:, order],
        counts[order][:, order].long(),
        float(finite.mean()) if len(finite) else float("nan"),
    )
