"""The people who write: everyone has a hand, and no two drawings are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from workbench.tasks.glyph_art.alphabet import MAX_PIECES, MAX_STROKES, Array, Character

SLANT = 0.2
ROTATION = 0.08
LOG_SCALE = 0.12
SHIFT = 0.085
WARP = 0.06
CONTROL_NOISE = 0.05
START_NOISE = 0.05
WIDTHS = (1.3, 1.8)
"""Standard deviations in units of the character's box, and pen widths in pixels."""

CONTROLS = 3 * MAX_PIECES + 1


@dataclass(frozen=True)
class Drawings:
    """Strokes of many drawings, padded to one shape; images in the order characters x drawers."""

    strokes: Array
    """``[images, MAX_STROKES, CONTROLS, 2]`` control points around the origin."""
    pieces: NDArray[np.int64]
    """``[images, MAX_STROKES]`` chained curves of each stroke; 0 where there is none."""
    widths: Array
    """``[images]`` in pixels."""


def draw(characters: tuple[Character, ...], drawers: int, rng: Generator) -> Drawings:
    """Every character drawn once by each of ``drawers`` people."""
    controls, pieces = _padded(characters)
    shape = (len(characters), drawers)
    points = np.broadcast_to(controls[:, None], (*shape, *controls.shape[1:]))
    points = points + CONTROL_NOISE * rng.standard_normal(points.shape)
    points = points + START_NOISE * rng.standard_normal((*shape, MAX_STROKES, 1, 2))
    points = _bend(_turn(points, shape, rng), shape, rng)
    points = points + SHIFT * rng.standard_normal((*shape, 1, 1, 2))
    widths = np.broadcast_to(rng.uniform(*WIDTHS, size=drawers), shape)
    images = shape[0] * drawers
    return Drawings(
        points.reshape(images, MAX_STROKES, CONTROLS, 2),
        np.repeat(pieces, drawers, axis=0),
        widths.reshape(images),
    )


def _padded(characters: tuple[Character, ...]) -> tuple[Array, NDArray[np.int64]]:
    controls = np.zeros((len(characters), MAX_STROKES, CONTROLS, 2))
    pieces = np.zeros((len(characters), MAX_STROKES), dtype=np.int64)
    for row, character in enumerate(characters):
        for column, stroke in enumerate(character.strokes):
            controls[row, column, : len(stroke)] = stroke
            pieces[row, column] = len(stroke) // 3
    return controls, pieces


def _turn(points: Array, shape: tuple[int, int], rng: Generator) -> Array:
    """Slant, rotation and scale, drawn for each drawing."""
    angle = ROTATION * rng.standard_normal(shape)
    slant = SLANT * rng.standard_normal(shape)
    scale = np.exp(LOG_SCALE * rng.standard_normal((*shape, 2)))
    cos, sin = np.cos(angle), np.sin(angle)
    rows = np.stack([cos, slant * cos - sin, sin, slant * sin + cos], axis=-1)
    matrix = rows.reshape(*shape, 2, 2) * scale[..., None, :]
    turned: Array = np.einsum("cdij,cdskj->cdski", matrix, points)
    return turned


def _bend(points: Array, shape: tuple[int, int], rng: Generator) -> Array:
    """A quadratic warp of the plane: a hand does not move along straight axes."""
    x, y = points[..., 0], points[..., 1]
    terms = np.stack([x * x, x * y, y * y], axis=-1)
    weights = WARP * 2 * rng.standard_normal((*shape, 3, 2))
    bent: Array = points + np.einsum("cdskt,cdtj->cdskj", terms, weights)
    return bent
