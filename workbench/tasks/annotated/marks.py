"""One picture's annotation, whatever the form it was read from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.tasks.annotated.counted import Counted

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom."""

LEAST = 0.005
"""Of a box's side, as a share of the picture's: less is no box."""


@dataclass(frozen=True)
class Mark:
    """A box and the name of its class; edges as shares of the picture's sides, in [0, 1]."""

    name: str
    edges: Edges


@dataclass(frozen=True)
class Marked:
    """The boxes of a picture, which is named as the annotation names it."""

    picture: str
    marks: tuple[Mark, ...]
    told_in: str
    """The file that says so."""


def mark(name: str, edges: Sequence[float], where: str, counted: Counted) -> Mark | None:
    """A box given by shares, cut at the picture's edge; None for what is no box. Both counted."""
    if not all(map(math.isfinite, edges)):
        counted.add("boxes whose numbers are none, left out", where)
        return None
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in edges)
    if right - left < LEAST or bottom - top < LEAST:
        outside = (
            edges[2] > edges[0]
            and edges[3] > edges[1]
            and (left, top, right, bottom) != tuple(edges)
        )
        reason = "boxes outside of their picture" if outside else "boxes of no size"
        counted.add(f"{reason}, left out", where)
        return None
    if max(abs(a - b) for a, b in zip((left, top, right, bottom), edges, strict=True)) > 1e-6:
        counted.add("boxes that reach out of their picture, cut at its edge", where)
    return Mark(name, (left, top, right, bottom))


def shares_of(edges: Sequence[float], size: tuple[float, float]) -> Edges:
    """Edges in pixels as shares of the sides."""
    width, height = size
    left, top, right, bottom = edges
    return left / width, top / height, right / width, bottom / height
