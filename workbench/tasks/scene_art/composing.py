"""Drawings laid out on a sheet of paper, none on top of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float32]
Place = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""

GAP = 2
"""Pixels of paper between two drawings."""
TRIES = 40
NOISE = 0.04
INK = (0.55, 1.0)
PAPER = (0.0, 0.2)


def composed(drawings: Sequence[Array], side: int, draws: Generator) -> tuple[Array, list[Place]]:
    """A picture ``[side, side]`` in [0, 1] and where the drawings lie that found room in it."""
    picture = _paper(side, draws)
    places: list[Place] = []
    for ink in drawings:
        place = _room(ink.shape, places, side, draws)
        if place is None:
            break
        places.append(place)
        left, top, width, height = place
        under = picture[top : top + height, left : left + width]
        under += ink * (np.float32(draws.uniform(*INK)) - under)
    picture += draws.normal(0, NOISE, picture.shape).astype(np.float32)
    return picture.clip(0, 1), places


def _paper(side: int, draws: Generator) -> Array:
    """Darker towards one side."""
    low, high = draws.uniform(*PAPER, 2)
    slope = np.linspace(low, high, side, dtype=np.float32)
    sheet = np.tile(slope, (side, 1))
    return np.array(np.rot90(sheet, int(draws.integers(4))), dtype=np.float32)


def _room(
    shape: tuple[int, ...], taken: Sequence[Place], side: int, draws: Generator
) -> Place | None:
    height, width = shape
    for _ in range(TRIES):
        left, top = draws.integers(side - width + 1), draws.integers(side - height + 1)
        place = (int(left), int(top), width, height)
        if not any(_touch(place, other) for other in taken):
            return place
    return None


def _touch(one: Place, other: Place) -> bool:
    apart = (
        one[at] >= other[at] + other[at + 2] + GAP or other[at] >= one[at] + one[at + 2] + GAP
        for at in (0, 1)
    )
    return not any(apart)
