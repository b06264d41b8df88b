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
        y = self.y.to(device, dtype) if self.y.is_floating_point() else self.y.to(device)
        return Batch(self.x.to(device, dtype), y)


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


def stack(episodes: Sequence[Episode]) -> Episode:
    """Stack single-task episodes of equal shape along a new leading task dimension."""
    return Episode(
        _stack([episode.support for episode in episodes]),
        _stack([episode.query for episode in episodes]),
    )


def _stack(batches: list[Batch]) -> Batch:
    return Batch(torch.stack([b.x for b in batches]), torch.stack([b.y for b in batches]))
