"""One task's scores, and those of many together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor

from workbench.core.algorithm import Scores
from workbench.core.task import ProblemSpec


class Scored(NamedTuple):
    """A task of ``n`` query items."""

    rows: Tensor
    """``[3, steps + 1]``: query metric, query loss and support loss."""
    predicted: Tensor | None
    """``[n]``, see `Scores.predicted`."""


def labels_of(spec: ProblemSpec, outputs: Tensor) -> Tensor | None:
    """``[..., n]`` of outputs ``[..., n, N]``; nothing where they are values."""
    return outputs.argmax(-1) if spec.labels else None


def together(tasks: Iterable[Scored]) -> Scores:
    """The scores of T tasks."""
    found = list(tasks)
    rows = torch.stack([task.rows for task in found])
    return Scores(rows[:, 0], rows[:, 1], rows[:, 2], _stacked([task.predicted for task in found]))


def _stacked(parts: list[Tensor | None]) -> Tensor | None:
    known = [part for part in parts if part is not None]
    return torch.stack(known) if known and len(known) == len(parts) else None
