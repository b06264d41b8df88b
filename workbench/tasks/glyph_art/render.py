"""Ink on paper: a pen of round nib drawn along Bezier curves, anti-aliased by distance."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.tasks.glyph_art.alphabet import Array, bernstein
from workbench.tasks.glyph_art.drawer import Drawings

SPACING = 0.5
"""Pixels between the points at which the pen touches the paper."""
MARGIN = 5
"""Pixels of paper beyond each edge of an image, so that ink may run off it."""
FAR = 16.0
"""Squared distance, in pixels, at which a pixel is certainly blank."""


def render(drawings: Drawings, size: int, box: float) -> NDArray[np.uint8]:
    """Images ``[n, 1, size, size]``, ink 255; the unit box spans ``box`` of the side."""
    points, image = _trace(drawings, size * box)
    side = size + 2 * MARGIN
    # Ink off the paper stays 2 pixels off: a point reaches no further than that.
    points = (points + (side - 1) / 2).clip(MARGIN - 3, side - MARGIN + 2)
    squared = np.full(len(drawings.widths) * side * side, FAR, dtype=np.float32)
    _touch(squared, points.astype(np.float32), image, side)
    paper = squared.reshape(-1, 1, side, side)[..., MARGIN:-MARGIN, MARGIN:-MARGIN]
    half = drawings.widths.astype(np.float32).reshape(-1, 1, 1, 1) / 2
    ink = (half + np.float32(0.5) - np.sqrt(paper)).clip(0, 1)
    images: NDArray[np.uint8] = np.rint(255 * ink).astype(np.uint8)
    return images


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


def _touch(
    squared: NDArray[np.float32], points: NDArray[np.float32], image: NDArray[np.int64], side: int
) -> None:
    """Lower the squared distances ``[n * side * side]`` of the 4 x 4 pixels around each point.

    Four suffice: half the widest pen and half a pixel of anti-aliasing are less than 2 pixels.
    """
    steps = np.arange(4)[:, None]
    corner = np.floor(points.T) - 1
    gaps = (corner - points.T)[:, None] + steps.astype(np.float32)
    distance = np.square(gaps[1])[:, None] + np.square(gaps[0])
    column, row = corner.astype(np.int64)
    pixel = (image * side + row) * side + column + (steps[:, None] * side + steps)
    # Of both libraries only torch lowers values at repeated indices fast.
    lowered = torch.from_numpy(squared)
    lowered.scatter_reduce_(0, _flat(pixel), _flat(distance), "amin")


def _flat(array: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(array.reshape(-1))
