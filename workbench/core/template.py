"""Floors of detection that learn nothing: the support crops slid over a scene, and random boxes.

J. P. Lewis, "Fast Normalized Cross-Correlation", 1995: the correlation of a crop with every place
of the same size, each less its mean and over its deviation.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.core.detection import WIDTH, cells_of
from workbench.core.seeds import generator

TINY = 1e-6
LEAST = 3
"""Pixels of a crop's side."""
SHARPNESS = 10.0
"""What a correlation is multiplied by to stand as a logit."""
EVEN = 0.6
"""The correlation at which a place is as likely as not."""


def template_boxes(support: Tensor, y: Tensor, query: Tensor) -> Tensor:
    """Outputs ``[q, cells * 5]`` for query scenes ``[q, C, S, S]`` from one task's support set.

    Every box of ``support [s, C, S, S]``, ``y [s, cells * 5]`` is a template; each place of a scene
    is as good as its best one, and each cell tells its best place.
    """
    cells = y.shape[-1] // WIDTH
    grid = math.isqrt(cells)
    best = query.new_full((len(query), cells, WIDTH), 0.0)
    best[..., 0] = -1.0
    slid = Slid(query)
    for crop, size in _crops(support, y):
        found = slid.correlation(crop)
        best = _better(best, _told(found, size, grid, query.shape[-1]))
    best[..., 0] = SHARPNESS * (best[..., 0] - EVEN)
    return best.flatten(-2)


def random_boxes(y: Tensor, query: Tensor) -> Tensor:
    """Outputs ``[T, q, cells * 5]`` of boxes at random places, as large as a support box.

    The same at every call with the same sizes.
    """
    tasks, count, cells = len(query), query.shape[1], y.shape[-1] // WIDTH
    draws = generator(0, "random boxes")
    told = torch.rand(tasks, count, cells, WIDTH, generator=draws).to(query)
    rows = cells_of(y)
    here = rows[..., :1]
    mean = (rows[..., 3:] * here).sum((1, 2)) / here.sum((1, 2)).clamp_min(1)
    told[..., 3:] = mean[:, None, None]
    told[..., 1:3] = mean[:, None, None] / 2 + told[..., 1:3] * (1 - mean[:, None, None])
    return told.flatten(-2)


def _crops(support: Tensor, y: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Templates ``[C, h, w]`` with their size as shares of the side, of all support boxes."""
    side, found = support.shape[-1], []
    for scene, target in zip(support, cells_of(y), strict=True):
        for cx, cy, w, h in target[target[:, 0] > 0.5, 1:].tolist():
            left, top = (max(round((c - s / 2) * side), 0) for c, s in ((cx, w), (cy, h)))
            right, low = (round((c + s / 2) * side) for c, s in ((cx, w), (cy, h)))
            crop = scene[:, top:low, left:right]
            if min(crop.shape[1:]) >= LEAST:
                found.append((crop, scene.new_tensor([w, h])))
    return found


class Slid:
    """Scenes ``[q, C, S, S]`` that crops are slid over; what all crops share is computed once."""

    def __init__(self, scenes: Tensor) -> None:
        scenes = scenes.double()
        self._side = scenes.shape[-1]
        self._waves = torch.fft.rfft2(scenes)
        self._total, self._squares = (_integral(part) for part in (scenes, scenes.square()))

    def correlation(self, crop: Tensor) -> Tensor:
        """``[q, S - h + 1, S - w + 1]`` in [-1, 1] with ``[C, h, w]``, by the upper left corner."""
        height, width = crop.shape[1:]
        centred = crop.double() - crop.double().mean()
        sides = (self._side, self._side)
        waves = self._waves * torch.fft.rfft2(centred, s=sides).conj()
        both = torch.fft.irfft2(waves, s=sides).sum(1)
        both = both[:, : self._side - height + 1, : self._side - width + 1]
        total, squares = (_sums(part, height, width) for part in (self._total, self._squares))
        spread = (squares - total.square() / crop.numel()).clamp_min(0).sqrt()
        found: Tensor = both / (spread * centred.norm() + TINY)
        return found.to(crop)


def _integral(scenes: Tensor) -> Tensor:
    """``[q, S + 1, S + 1]``: the sum of all that lies above and left, over all channels."""
    return F.pad(scenes.sum(1).cumsum(-1).cumsum(-2), (1, 0, 1, 0))


def _sums(integral: Tensor, height: int, width: int) -> Tensor:
    """Over every place of a size."""
    below, above = integral[:, height:], integral[:, :-height]
    found = below[..., width:] - below[..., :-width] - above[..., width:] + above[..., :-width]
    return torch.as_tensor(found)


def _told(found: Tensor, size: Tensor, grid: int, side: int) -> Tensor:
    """``[q, cells, 5]``: the best place whose centre lies in each cell; -1 where there is none."""
    count, rows, columns = found.shape
    across = torch.arange(columns, device=found.device) / side + size[0] / 2
    down = torch.arange(rows, device=found.device) / side + size[1] / 2
    column = (across * grid).long().clamp(0, grid - 1)
    row = (down * grid).long().clamp(0, grid - 1)
    cell = (row[:, None] * grid + column).flatten().expand(count, -1)
    flat = found.flatten(1)
    value = flat.new_full((count, grid * grid), -1.0).scatter_reduce(1, cell, flat, "amax")
    first = torch.arange(rows * columns, device=found.device).expand(count, -1)
    held = torch.where(flat == value.gather(1, cell), first, rows * columns)
    place = torch.full_like(value, rows * columns - 1, dtype=torch.long)
    place = place.scatter_reduce(1, cell, held, "amin")
    centre = (across[place % columns], down[place // columns])
    sides = (size[0].expand_as(value), size[1].expand_as(value))
    return torch.stack([value, *centre, *sides], -1)


def _better(one: Tensor, other: Tensor) -> Tensor:
    return torch.where((other[..., :1] > one[..., :1]), other, one)
