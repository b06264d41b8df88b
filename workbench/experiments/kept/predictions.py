"""What a learner took every query item for, as a file of ``evaluations`` keeps it.

A line a task, a label an item; labels are places in the list of the task's classes. Where all
tasks ask for the same labels in one order, these stand once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from workbench.core.algorithm import Scores

NAME = "predictions"


def packed(scores: Scores) -> dict[str, Any]:
    """The entry of the file; nothing where items have no classes, or a method does not say."""
    if scores.predicted is None or scores.wanted is None:
        return {}
    wanted = scores.wanted
    alike = bool((wanted == wanted[:1]).all())
    return {
        NAME: {"wanted": _lines(wanted[:1] if alike else wanted), "found": _lines(scores.predicted)}
    }


def unpacked(values: Mapping[str, Any], tasks: int) -> tuple[Tensor, Tensor] | None:
    """``[T, n]`` wanted and found labels; raises `ValueError` for those of other tasks."""
    held = values.get(NAME)
    if held is None:
        return None
    wanted, found = _numbers(held["wanted"]), _numbers(held["found"])
    wanted = wanted.expand(len(found), -1) if len(wanted) == 1 else wanted
    if wanted.shape != found.shape or len(found) != tasks:
        raise ValueError("the predictions of other tasks")
    return wanted, found


def _lines(labels: Tensor) -> list[str]:
    return [" ".join(map(str, row)) for row in labels.tolist()]


def _numbers(lines: list[str]) -> Tensor:
    return torch.tensor([[int(label) for label in line.split()] for line in lines])
