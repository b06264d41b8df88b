"""Invented classes of shapes: an outline of a few waves, filled in one of five ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float32]

FILLS = ("solid", "ring", "striped", "dotted", "halved")
WAVES = (2, 3, 4, 5)
TURN = np.pi
"""Radians that a shape is turned by, at most."""
STRETCH = 0.15
"""Of an axis, up or down."""
SIZES = (11.0, 21.0)
"""Pixels from end to end, least and most."""
EDGE = 0.5
"""Ink below this share of the darkest pixel is no part of the box."""


@dataclass(frozen=True)
class Shape:
    """A class: amplitude and phase of each of `WAVES`, and its fill."""

    amplitudes: tuple[float, ...]
    phases: tuple[float, ...]
    fill: str

    def radius(self, angle: Array) -> Array:
        """Of the outline, about 1."""
        waves = zip(WAVES, self.amplitudes, self.phases, strict=True)
        total = sum((a * np.cos(k * angle + p) for k, a, p in waves), np.zeros_like(angle))
        return np.asarray(1 + total, dtype=np.float32)


def invent(count: int, draws: Generator) -> list[Shape]:
    """Classes that no two of share a fill and nearly an outline, since all of it is drawn."""
    return [_invented(FILLS[at % len(FILLS)], draws) for at in range(count)]


def _invented(fill: str, draws: Generator) -> Shape:
    strong = draws.choice(len(WAVES), 2, replace=False)
    amplitudes = draws.uniform(0, 0.06, len(WAVES))
    amplitudes[strong] = draws.uniform(0.15, 0.38, 2)
    phases = draws.uniform(0, 2 * np.pi, len(WAVES))
    return Shape(tuple(amplitudes.tolist()), tuple(phases.tolist()), fill)


def drawn(shape: Shape, draws: Generator) -> Array:
    """One drawing of a class, ink in [0, 1], cut to its ink ``[h, w]``."""
    size, turn = draws.uniform(*SIZES), draws.uniform(-TURN, TURN)
    stretch = np.exp(draws.uniform(-STRETCH, STRETCH, 2))
    half = int(np.ceil(size))
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    x, y = x / stretch[0], y / stretch[1]
    angle, far = np.arctan2(y, x) - turn, np.hypot(x, y)
    outline = shape.radius(angle.astype(np.float32)) * np.float32(size / 2.6)
    inside = (outline - far + 0.5).clip(0, 1)
    return cut(_filled(shape.fill, inside, outline, far, x, y, turn))


def _filled(
    fill: str, inside: Array, outline: Array, far: Array, x: Array, y: Array, turn: float
) -> Array:
    along = np.cos(turn) * x + np.sin(turn) * y
    across = np.cos(turn) * y - np.sin(turn) * x
    rim = (1.7 - np.abs(outline - far - 1)).clip(0, 1)
    inks = {
        "solid": inside,
        "ring": rim,
        "striped": np.maximum(rim, inside * (np.sin(1.6 * across) > 0)),
        "dotted": np.maximum(rim, inside * (far < 0.35 * outline)),
        "halved": np.maximum(rim, inside * (along > 0)),
    }
    return np.asarray(inks[fill] * inside, dtype=np.float32)


def cut(ink: Array) -> Array:
    """The part that holds ink; a drawing has some."""
    rows, columns = (np.flatnonzero(ink.max(axis) > EDGE * ink.max()) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
