"""Ink on paper: a pen of round nib drawn along Bezier curves, anti-aliased by distance."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.tasks.glyph_art.alphabet import Array, bernstein
from workbench.tasks.glyph_art.drawer import Drawings

SPACING = 0.4
"""Pixels between the points at which the pen touches the paper."""
REACH = 2
"""Pixels around a point that its ink can touch: half the widest pen and half a pixel."""


def render(drawings: Drawings, size: int, box: float) -> Tensor:
    """Images ``uint8 [n, 1, size, size]``, ink 255; the unit box spans ``box`` of the side."""
    points, image = _trace(drawings, size * box)
    points = points + (size - 1) / 2
    far = torch.full((len(drawings.widths) * size * size,), 4.0 * REACH**2)
    squared = _nearest(torch.from_numpy(points).float(), torch.from_numpy(image), far, size)
    distance = squared.sqrt_().view(-1, 1, size, size)
    half = torch.from_numpy(drawings.widths).float().view(-1, 1, 1, 1) / 2
    return (half + 0.5 - distance).clamp_(0, 1).mul_(255).round_().to(torch.uint8)


def _trace(drawings: Drawings, scale: float) -> tuple[Array, NDArray[np.int64]]:
    """Points ``[p, 2]`` in pixels about the centre along all curves, and the image of each."""
    curves, image = _curves(drawings)
    curves = curves * scale
    length = np.hypot(*np.diff(curves, axis=1).transpose(2, 0, 1)).sum(axis=1)
    counts = np.ceil(length / SPACING).astype(np.int64) + 1
    row = np.repeat(np.arange(len(curves)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    t = (np.arange(len(row)) - first) / (counts[row] - 1)
    points: Array = (bernstein(t)[:, :, None] * curves[row]).sum(axis=1)
    return points, image[row]


def _curves(drawings: Drawings) -> tuple[Array, NDArray[np.int64]]:
    """Control points ``[c, 4, 2]`` of every curve, and the image it belongs to."""
    per_stroke = (drawings.strokes.shape[2] - 1) // 3
    window = 3 * np.arange(per_stroke)[:, None] + np.arange(4)
    image, stroke, piece = np.nonzero(
        np.arange(per_stroke)[None, None] < drawings.pieces[:, :, None]
    )
    curves: Array = drawings.strokes[image[:, None], stroke[:, None], window[piece]]
    return curves, image


def _nearest(points: Tensor, image: Tensor, far: Tensor, size: int) -> Tensor:
    """Squared distance of each pixel to the nearest point, ``[n * size * size]``."""
    steps = torch.arange(-REACH, REACH + 1)
    cells = points.round().long()[:, None] + torch.cartesian_prod(steps, steps)
    squared = (cells - points[:, None]).square_().sum(dim=-1)
    inside = ((cells >= 0) & (cells < size)).all(dim=-1)
    pixel = (image[:, None] * size + cells[..., 1]) * size + cells[..., 0]
    return far.scatter_reduce_(0, pixel[inside], squared[inside], "amin")
