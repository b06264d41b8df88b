"""The part of the plane that a curve's plots show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.tasks.sinusoid import CurveTask

LIMIT = 5.0
"""Curves that tasks are drawn from are met from -5 to 5."""
POINTS = 201
MARGIN = 0.12
"""Of the range of one's own points, on either side of them."""
Ends = tuple[float, float]


class Room(NamedTuple):
    x: Ends
    y: Ends


def room_of(task: CurveTask) -> Room:
    """The range that is trained on and the height of the curve; of one's own points theirs."""
    if not task.known:
        return Room(_round(task.query_x), _round(task.support_y, MARGIN))
    highest = float(abs(true_curve(task, *np.linspace(-LIMIT, LIMIT, 41))[1]).max())
    height = max(3.0, 1.2 * highest + 0.5)
    return Room((-LIMIT, LIMIT), (-height, height))


def true_curve(task: CurveTask, *places: float) -> tuple[np.ndarray, np.ndarray]:
    """Places across the plot, or those given, and the true curve there."""
    import torch

    x = np.array(places) if places else np.linspace(*room_of(task).x, POINTS)
    return x, task.truth(torch.from_numpy(x)).numpy()


def _round(values: Tensor, margin: float = 0.0) -> Ends:
    low, high = float(values.min()), float(values.max())
    room = margin * (high - low) or (0.0 if high > low else 1.0)
    return low - room, high + room
