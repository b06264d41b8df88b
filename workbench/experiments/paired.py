"""Two learners on the very same tasks: what lies between them, task by task.

The spread of a difference is that of the tasks on which the two differ, not of how hard tasks are:
intervals of two means that overlap can hide a difference that every task shows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from workbench.core.curve import IntervalKind
from workbench.core.metric import named
from workbench.experiments.spread import ci95, intervals, quantile


@dataclass(frozen=True)
class Difference:
    """The metric of one learner minus that of the other, over the tasks that both have met."""

    tasks: int
    mean: float
    ci95: float
    low: float
    high: float
    interval: IntervalKind
    median: float
    better: int
    """Tasks on which the first did better; on ``worse`` it did worse, on the others the same."""
    worse: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def difference(own: Tensor, other: Tensor, metric: str) -> Difference:
    """Of scores ``[tasks]`` each; a task on which one has no finite error is a win of the other."""
    assert own.shape == other.shape
    own, other = own.double(), other.double()
    apart = own - other
    low, high, kind = intervals(apart[:, None])[0]
    sign = 1.0 if named(metric).larger_is_better else -1.0
    lost = -torch.inf
    ours, theirs = ((sign * side).nan_to_num(nan=lost, neginf=lost) for side in (own, other))
    return Difference(
        tasks=len(apart),
        mean=float(apart.mean()),
        ci95=float(ci95(apart[:, None])[0]),
        low=low,
        high=high,
        interval=kind,
        median=quantile(apart.sort().values, 0.5),
        better=int((ours > theirs).sum()),
        worse=int((ours < theirs).sum()),
    )


def ranks(values: list[float | None], metric: str) -> list[float]:
    """Of contenders that met the same tasks; 1 is best, equal ones share the mean of theirs.

    ``None`` stands for one that diverged: it is last, and not left out.
    """
    sign = -1.0 if named(metric).larger_is_better else 1.0
    keys = [float("inf") if v is None or v != v else sign * v for v in values]
    last = float(len(keys))
    return [
        last if value is None else sum(k < key for k in keys) + (keys.count(key) + 1) / 2
        for value, key in zip(values, keys, strict=True)
    ]
