"""Which values a plot shows: a stray one does not flatten the others, and is marked at the edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from workbench.gui.state.series import Array
from workbench.gui.style import theme

FENCE = 3.0
"""Times the distance of the quartiles; what lies farther out than that may be stray (J. Tukey)."""
FLAT = 4.0
"""Stray values are left out where they would make the picture so many times as high."""
FEWEST = 4
SAMPLE = 2000
"""Numbers that stand for all of a line, where it matters how they lie."""
MOST_MARKS = 60
AT_LEAST = 1e-9

Range = tuple[float, float]


def visible(
    lines: Sequence[Array], samples: Sequence[Array] | None = None, keep_first: bool = False
) -> tuple[Range, Range] | None:
    """The range to show and the range of all values; nothing where no value is finite.

    ``samples`` stand for how the numbers of each line lie, where the line itself holds no more
    than its extreme values. ``keep_first``: a line begins where it begins, as an adaptation does
    before its first step.
    """
    pairs = [
        (_finite(line), _finite(like)) for line, like in zip(lines, samples or lines, strict=True)
    ]
    pairs = [(line, sample) for line, sample in pairs if len(line)]
    if not pairs:
        return None
    whole = _union([(float(line.min()), float(line.max())) for line, _ in pairs])
    kept = _union([_usual(line, sample, keep_first) for line, sample in pairs])
    flattened = whole[1] - whole[0] > FLAT * max(kept[1] - kept[0], AT_LEAST)
    return (kept if flattened else whole), whole


def _finite(values: Array) -> Array:
    return values[np.isfinite(values)]


def _usual(line: Array, sample: Array, keep_first: bool) -> Range:
    """The extent of what lies within the fences."""
    if len(sample) < FEWEST:
        return float(line.min()), float(line.max())
    sample = sample[:: max(len(sample) // SAMPLE, 1)]
    low = float(np.quantile(sample, 0.25, method="higher"))
    high = float(np.quantile(sample, 0.75, method="lower"))
    room = FENCE * max(high - low, 0.05 * max(abs(low), abs(high)))
    within = line[(line >= low - room) & (line <= high + room)]
    if keep_first:
        within = np.append(within, line[0])
    return float(within.min()), float(within.max())


def _union(ranges: Sequence[Range]) -> Range:
    return min(low for low, _ in ranges), max(high for _, high in ranges)


class EdgeMarks:
    """Triangles at the edges where values lie beyond them, in the coordinates of the view."""

    def __init__(self) -> None:
        self.item = pg.ScatterPlotItem(size=8, pxMode=True)
        self.item.setZValue(10)
        self.count = 0

    def show(self, points: Sequence[tuple[Array, Array]], shown: Range) -> None:
        """Mark the points that a range leaves out."""
        low, high = shown
        x = np.concatenate([x for x, _ in points]) if points else np.empty(0)
        y = np.concatenate([y for _, y in points]) if points else np.empty(0)
        above, below = x[y > high], x[y < low]
        self.count = len(above) + len(below)
        spots = [{"pos": (at, high), "symbol": "t1"} for at in _few(above)]
        spots += [{"pos": (at, low), "symbol": "t"} for at in _few(below)]
        self.item.setData(spots)
        self.paint()

    def places(self) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Of the marks as the view counts: x, y, and whether what they mean lies above."""
        x, y = self.item.getData()
        return x, y, np.array([spot.symbol() == "t1" for spot in self.item.points()], dtype=bool)

    def paint(self) -> None:
        color = theme.current().color("warning")
        self.item.setBrush(pg.mkBrush(color))
        self.item.setPen(pg.mkPen(color))


def _few(x: Array) -> list[float]:
    return [float(at) for at in x[:: max(len(x) // MOST_MARKS, 1)]]
