"""From what a detector says of every cell to boxes, and how good they are.

T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014, and its evaluation code:
boxes of a scene, strongest first, each take the annotated box that they share most with, if that is
half of both and not taken yet; precision is made monotone and read at 101 recalls. All scenes of a
task count together, and there is one class.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from workbench.core.box_geometry import pairwise_iou

SAME = 0.5
"""Boxes that share so much are the same box."""
STRONGEST = 20
"""Boxes of a scene that are looked at."""
RECALLS = 101
SURE = 0.25
"""A box that is told less surely than this is not shown."""


class Boxes(NamedTuple):
    """``place [..., n, m, 4]`` in n scenes with ``score [..., n, m]``; ``there`` says which are."""

    place: Tensor
    score: Tensor
    there: Tensor


def strongest(cells: Tensor) -> Boxes:
    """Of cells ``[..., n, c, 5]``, score and box: those that no stronger one covers."""
    order = cells[..., 0].argsort(dim=-1, descending=True, stable=True)[..., :STRONGEST]
    kept = cells.gather(-2, order.unsqueeze(-1).expand(*order.shape, 5))
    place, score = kept[..., 1:], kept[..., 0]
    covers = pairwise_iou(place, place) > SAME
    there = torch.ones_like(score, dtype=torch.bool)
    for at in range(score.shape[-1] - 1):
        weaker = torch.arange(score.shape[-1], device=score.device) > at
        there = there & ~(covers[..., at, :] & weaker & there[..., at, None])
    return Boxes(place, score, there)


def surest(cells: Tensor) -> list[tuple[float, tuple[float, ...]]]:
    """Of readable cells ``[c, 5]`` of one scene the boxes that are told as `SURE`, surest first."""
    found = strongest(cells[None])
    rows = zip(*(part[0].tolist() for part in found), strict=True)
    return [(sure, tuple(place)) for place, sure, there in rows if there and sure >= SURE]


def annotated(cells: Tensor) -> Boxes:
    """The boxes that targets ``[..., n, c, 5]`` hold, as many places as the fullest scene has."""
    there = cells[..., 0] > 0.5
    most = max(int(there.sum(-1).max()), 1)
    order = there.to(cells.dtype).argsort(dim=-1, descending=True, stable=True)[..., :most]
    kept = cells.gather(-2, order.unsqueeze(-1).expand(*order.shape, 5))
    return Boxes(kept[..., 1:], kept[..., 0], kept[..., 0] > 0.5)


def hits(found: Boxes, truth: Boxes) -> Tensor:
    """``[..., n, m]``: which found boxes are an annotated one that no stronger box has taken."""
    shared = pairwise_iou(found.place, truth.place)
    free, hit = truth.there, torch.zeros_like(found.there)
    for at in range(found.there.shape[-1]):
        best, which = shared[..., at, :].masked_fill(~free, -1).max(-1)
        right = (best >= SAME) & found.there[..., at]
        hit[..., at] = right
        taken = torch.nn.functional.one_hot(which, free.shape[-1]).bool() & right.unsqueeze(-1)
        free = free & ~taken
    return hit


def average_precision(found: Boxes, truth: Boxes) -> Tensor:
    """AP50 of all scenes of a task together, ``[...]`` in [0, 1]."""
    hit = hits(found, truth).flatten(-2)
    score = found.score.masked_fill(~found.there, -torch.inf).flatten(-2)
    order = score.argsort(dim=-1, descending=True, stable=True)
    right = hit.gather(-1, order).to(found.score.dtype).cumsum(-1)
    told = found.there.flatten(-2).gather(-1, order).cumsum(-1)
    recall = right / truth.there.flatten(-2).sum(-1, keepdim=True).clamp_min(1)
    precision = (right / told.clamp_min(1)).flip(-1).cummax(-1).values.flip(-1)
    return _read(recall.contiguous(), precision)


def mean_iou(found: Boxes, truth: Boxes) -> Tensor:
    """Mean over annotated boxes of what the box found for them shares with them, ``[...]``.

    Of a scene as many boxes are looked at as are annotated in it, strongest first; each takes the
    free annotated box that it shares most with. One that nobody takes counts 0.
    """
    wanted = truth.there.sum(-1, keepdim=True)
    asked = found.there & (found.there.cumsum(-1) <= wanted)
    shared = pairwise_iou(found.place, truth.place)
    free, total = truth.there, torch.zeros_like(found.score[..., 0])
    for at in range(found.there.shape[-1]):
        best, which = shared[..., at, :].masked_fill(~free, 0).max(-1)
        right = asked[..., at] & (best > 0)
        total = total + best * right
        taken = torch.nn.functional.one_hot(which, free.shape[-1]).bool() & right.unsqueeze(-1)
        free = free & ~taken
    return total.sum(-1) / truth.there.flatten(-2).sum(-1).clamp_min(1)


def _read(recall: Tensor, precision: Tensor) -> Tensor:
    """The mean of a precision at `RECALLS` recalls; 0 where so much is never found."""
    points = torch.linspace(0, 1, RECALLS, dtype=torch.float64, device=recall.device)
    points = points.expand(*recall.shape[:-1], RECALLS).contiguous()
    at = torch.searchsorted(recall.double(), points - 1e-9)
    padded = torch.cat([precision, torch.zeros_like(precision[..., :1])], -1)
    return padded.gather(-1, at).mean(-1)
