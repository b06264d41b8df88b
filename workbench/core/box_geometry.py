"""Boxes in a picture: how far two of them are the same place.

A box is ``(cx, cy, w, h)``, its centre and its size as shares of the picture's sides. Everything
here can be differentiated twice.
"""

from __future__ import annotations

from torch import Tensor

TINY = 1e-9


def corners(boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Upper left and lower right of boxes ``[..., 4]``, ``[..., 2]`` each; no side is negative."""
    half = boxes[..., 2:].clamp_min(0) / 2
    return boxes[..., :2] - half, boxes[..., :2] + half


def iou(one: Tensor, other: Tensor) -> Tensor:
    """Intersection over union of boxes ``[..., 4]`` that broadcast, ``[...]``."""
    return _shares(one, other)[0]


def generalized_iou(one: Tensor, other: Tensor) -> Tensor:
    """H. Rezatofighi et al., "Generalized Intersection over Union", CVPR 2019, algorithm 1.

    What of the smallest box round both is in neither counts against them: from -1 to 1.
    """
    share, union = _shares(one, other)
    low, high = corners(one), corners(other)
    around = (low[1].maximum(high[1]) - low[0].minimum(high[0])).prod(-1)
    return share - (around - union) / (around + TINY)


def pairwise_iou(one: Tensor, other: Tensor) -> Tensor:
    """``[..., a, b]`` of boxes ``[..., a, 4]`` and ``[..., b, 4]``."""
    return iou(one.unsqueeze(-2), other.unsqueeze(-3))


def _shares(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union, and the union."""
    (low, high), (other_low, other_high) = corners(one), corners(other)
    both = (high.minimum(other_high) - low.maximum(other_low)).clamp_min(0).prod(-1)
    union = (high - low).prod(-1) + (other_high - other_low).prod(-1) - both
    return both / (union + TINY), union
