"""The tensors of a task: what the learner adapts on, and what it is judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Inputs ``x [n, *input_shape]`` with targets ``y``: classes ``[n]`` or values ``[n, d]``.

    A batch of tasks carries one more leading dimension: ``x [T, n, *input_shape]``.
    """

    x: Tensor
    y: Tensor

    def __getitem__(self, task: int) -> Batch:
        return Batch(self.x[task], self.y[task])

    def to(self, device: torch.device, dtype: torch.dtype) -> Batch:
        """On a device, real numbers in a precision; classes and token ids stay whole numbers."""
        return Batch(moved(self.x, device, dtype), moved(self.y, device, dtype))


@dataclass(frozen=True)
class Episode:
    """Support and query set of one task, or of T tasks stacked along a leading dimension.

    Classification orders items by class: the support set of an N-way K-shot task is
    ``[N*K, ...]`` with K items of class 0 first.
    """

    support: Batch
    query: Batch

    def __len__(self) -> int:
        """The number of stacked tasks."""
        return self.support.x.shape[0]

    def __getitem__(self, task: int) -> Episode:
        """One task of a stacked episode."""
        return Episode(self.support[task], self.query[task])

    def to(self, device: torch.device, dtype: torch.dtype) -> Episode:
        return Episode(self.support.to(device, dtype), self.query.to(device, dtype))


def moved(values: Tensor, device: torch.device, dtype: torch.dtype) -> Tensor:
    """Values on a device; real numbers in a precision, whole numbers as they are."""
    return values.to(device, dtype) if values.is_floating_point() else values.to(device)


def stack(episodes: Sequence[Episode]) -> Episode:
    """Stack single-task episodes of equal shape along a new leading task dimension."""
    return Episode(
        _stack([episode.support for episode in episodes]),
        _stack([episode.query for episode in episodes]),
    )


def _stack(batches: list[Batch]) -> Batch:
    return Batch(torch.stack([b.x for b in batches]), torch.stack([b.y for b in batches]))
