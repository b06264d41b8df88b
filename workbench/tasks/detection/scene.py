"""A picture with the boxes of one class in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from workbench.core.detection import WIDTH
from workbench.core.errors import BadInput
from workbench.core.marked import marked

Box = tuple[float, float, float, float]
"""Centre, width and height, as shares of the picture's sides."""

GRID = 8
"""Cells along a side."""
CELLS = GRID * GRID
MOST_BOXES = 32
"""Of one class in one scene: half of the cells."""
LEAST_SIDE = 0.004
"""Of a box, as a share of the picture's side."""


@dataclass(frozen=True)
class Scene:
    """``pixels [C, S, S]``, uint8; ``name`` tells scenes of the same data apart."""

    name: str
    pixels: Tensor
    boxes: tuple[Box, ...]
    brought: bool = False
    """Whether a hand brought it, so that the family does not know it by its name."""

    def with_boxes(self, boxes: Sequence[Box]) -> Scene:
        """With others; raises `BadInput` for what no box of a scene can be."""
        return replace(self, boxes=checked(boxes, self.name))


def checked(boxes: Sequence[Box], where: str) -> tuple[Box, ...]:
    """Boxes that may stand in a scene: inside of it, of some size, and not too many."""
    if len(boxes) > MOST_BOXES:
        raise BadInput(
            where,
            marked("{0:,} boxes are too many for one scene").format(len(boxes)),
            marked("Draw {0} at most").format(MOST_BOXES),
        )
    for box in boxes:
        if len(box) != 4 or not inside(box):
            raise BadInput(
                where,
                marked("a box lies outside of the scene"),
                marked("Keep its sides between 0 and 1"),
            )
        if min(box[2:]) < LEAST_SIDE:
            raise BadInput(where, marked("a box is too small"), marked("Draw it larger"))
    return tuple(boxes)


def inside(box: Sequence[float], slack: float = 1e-4) -> bool:
    """Whether all of a box lies in the picture; never for numbers that are none."""
    cx, cy, w, h = box
    low, high = -slack, 1 + slack
    return low <= cx - w / 2 <= cx + w / 2 <= high and low <= cy - h / 2 <= cy + h / 2 <= high


def targets(boxes: Sequence[Box]) -> Tensor:
    """``[cells * 5]`` as `core.detection` has it: each box in the cell of its centre.

    Where two centres share a cell, the smaller box takes the nearest free one, so that none is
    lost.
    """
    cells = torch.zeros(CELLS, WIDTH)
    for box in sorted(boxes, key=lambda b: -b[2] * b[3]):
        cells[_free_cell(cells, box)] = torch.tensor([1.0, *box])
    return cells.flatten()


def boxes_of(target: Tensor) -> tuple[Box, ...]:
    """The boxes that `targets` were made of, in the order of the cells."""
    rows = target.view(CELLS, WIDTH)
    found = rows[rows[:, 0] > 0.5, 1:].tolist()
    return tuple((b[0], b[1], b[2], b[3]) for b in found)


def _free_cell(cells: Tensor, box: Box) -> int:
    at = (torch.arange(GRID) + 0.5) / GRID
    far = (at[None] - box[0]).square() + (at[:, None] - box[1]).square()
    return int(far.flatten().masked_fill(cells[:, 0] > 0.5, torch.inf).argmin())
