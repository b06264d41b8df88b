"""Which tasks are hard, which easy, which gained most; and how all of them lie at one step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

from workbench.experiments.tasks_seen.seen import Seen

BINS = 32
REACH = 3.0
"""Quartile distances beyond which an error is counted and not drawn."""


class Order(StrEnum):
    HARDEST = "hardest"
    EASIEST = "easiest"
    IMPROVED = "improved"


def gains(seen: Seen, step: int) -> Tensor:
    """``[T]``, what adapting up to a step brought each task; positive is better.

    Not a number where the task has diverged.
    """
    sign = 1.0 if seen.larger_is_better else -1.0
    return sign * (seen.values[:, step] - seen.values[:, 0])


def ranked(seen: Seen, step: int, order: Order) -> list[int]:
    """The places of all tasks; one that has diverged is the hardest, and has gained least.

    Equal ones stay in the order in which they were drawn.
    """
    if order is Order.IMPROVED:
        keys = -gains(seen, step)
    else:
        sign = -1.0 if seen.larger_is_better else 1.0
        keys = sign * seen.values[:, step]
    keys = keys.nan_to_num(nan=torch.inf, posinf=torch.inf, neginf=-torch.inf)
    places: list[int] = keys.sort(stable=True, descending=order is Order.HARDEST).indices.tolist()
    return places


@dataclass(frozen=True)
class Histogram:
    edges: Tensor
    """``[bins + 1]``"""
    counts: Tensor
    """``[bins]`` tasks; those beyond the last edge are not among them."""
    beyond: int
    """Tasks whose value lies beyond the edges, or that have diverged."""


def histogram(values: Tensor) -> Histogram:
    """Of ``[T]`` values of one step, cut where a few lie far from all others."""
    finite = values[values.isfinite()]
    if not len(finite):
        return Histogram(torch.zeros(1), torch.zeros(0), len(values))
    low, high = _ends(finite)
    held = finite[(finite >= low) & (finite <= high)]
    edges = _edges(held, low, high)
    places = torch.searchsorted(edges, held, right=True) - 1
    counts = places.clamp(0, len(edges) - 2).bincount(minlength=len(edges) - 1).double()
    return Histogram(edges, counts, len(values) - len(held))


def _edges(held: Tensor, low: float, high: float) -> Tensor:
    """Of `BINS` bins, or where all values are multiples of a share, of one for each multiple."""
    levels = torch.tensor(sorted({round(value, 6) for value in held.tolist()})).double()
    if len(levels) == 1:
        return torch.tensor([low - 0.5, high + 0.5], dtype=torch.float64)
    step = float(levels.diff().min())
    bins = round((high - low) / step) + 1
    if bins > BINS:
        return torch.linspace(low, high, BINS + 1, dtype=torch.float64)
    return torch.linspace(low - step / 2, high + step / 2, bins + 1, dtype=torch.float64)


def _ends(finite: Tensor) -> tuple[float, float]:
    """The extent of all values; where it is far longer, of those within the fences."""
    q25, q75 = (float(finite.quantile(part)) for part in (0.25, 0.75))
    room = REACH * (q75 - q25)
    held = finite[(finite >= q25 - room) & (finite <= q75 + room)] if room else finite
    whole, inner = (float(v.max() - v.min()) for v in (finite, held))
    shown = held if whole > 2 * inner else finite
    return float(shown.min()), float(shown.max())
