"""Where things of one class are in a scene: the loss of a grid of cells, and AP50 or mean IoU.

Outputs and targets are alike: for every cell of a G x G grid ``(is one here, cx, cy, w, h)``, end
to end. The first of an output is a logit, of a target 0 or 1; see `core.box_geometry` for the rest.
A cell holds one box at most, so that every batch is a rectangle whatever its scenes hold.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.core.box_geometry import generalized_iou
from workbench.core.found_boxes import annotated, average_precision, mean_iou, strongest
from workbench.core.marked import marked
from workbench.core.metric import AP50, MEAN_IOU
from workbench.core.objective import Objective

WIDTH = 5
"""Numbers of a cell."""
POSITIVE = 5.0
"""What a cell with a box counts, beside one without."""
PLACE = 2.0
"""What 1 - GIoU of a box counts, beside the cross-entropy of all cells."""


def cells_of(values: Tensor) -> Tensor:
    """``[..., cells * 5]`` to ``[..., cells, 5]``."""
    return values.reshape(*values.shape[:-1], -1, WIDTH)


class Detection(Objective):
    """Cross-entropy of each cell, five times for a cell with a box, + 2 (1 - GIoU) of each box."""

    located = True
    loss_title = marked("loss of cells and boxes")

    def __init__(self, judged: Literal["ap50", "mean_iou"] = "ap50") -> None:
        self.judged_by = AP50 if judged == "ap50" else MEAN_IOU

    def head_outputs(self, outputs: int) -> int:
        """Whether something lies in a cell: what tells classes apart, places are alike for all."""
        return 1

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        told, wanted = cells_of(outputs), cells_of(targets)
        here = wanted[..., 0]
        weight = torch.where(here > 0.5, POSITIVE, 1.0).to(here)
        entropy = F.binary_cross_entropy_with_logits(told[..., 0], here, reduction="none")
        entropy = (weight * entropy).sum(-1) / (POSITIVE * here.sum(-1)).clamp_min(1)
        off = (1 - generalized_iou(told[..., 1:], wanted[..., 1:])) * here
        return entropy + PLACE * off.sum(-1) / here.sum(-1).clamp_min(1)

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        found, truth = strongest(cells_of(outputs.detach())), annotated(cells_of(targets))
        judge = average_precision if self.judged_by == AP50 else mean_iou
        return judge(found, truth).to(outputs.dtype)

    def readable(self, outputs: Tensor) -> Tensor:
        """How sure each cell is, in [0, 1], and its box."""
        cells = cells_of(outputs)
        return torch.cat([cells[..., :1].sigmoid(), cells[..., 1:]], -1).flatten(-2)
