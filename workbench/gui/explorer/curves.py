"""Many curves at once: thin lines that darken where they meet, or their density."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from workbench.gui.plots.lines import NOTHING, Line
from workbench.gui.plots.range import Range, visible
from workbench.gui.state.series import Array
from workbench.gui.state.thinning import MAX_POINTS, thinned
from workbench.gui.style import theme
from workbench.gui.takeaway.density import Density, shades

MOST_STROKES = 20_000
"""Strokes of all curves above which their density is drawn: that costs the same for any number."""
GRID = (240, 160)
"""Cells of the density, across and up."""


@dataclass
class Cloud(Line):
    """All curves as one line with gaps; its ``x`` and ``y`` hold every point of every task."""

    curves: int = 0
    density: pg.ImageItem = field(default_factory=pg.ImageItem)
    log: bool = False

    def __post_init__(self) -> None:
        curve = self.item.curve
        curve.setSegmentedLineMode("on")  # each stroke by itself: they add up
        curve.setCacheMode(curve.CacheMode.DeviceCoordinateCache)  # what stands out is drawn above
        self.item.setZValue(-20)
        self.density.setZValue(-21)

    def set_curves(self, x: Array, values: Array) -> None:
        """``values [T, S]`` at ``x [S]``."""
        self.curves = len(values)
        self.steps, self.values = x.copy(), values.copy()
        gap = np.full((len(values), 1), np.nan)
        self.y = np.concatenate([values, gap], 1).ravel()
        self.x = np.tile(np.append(x, np.nan), len(values))

    @property
    def dense(self) -> bool:
        return self.has_data and self.values.size > MOST_STROKES

    def draw(self, points: int, reach: int, part: Range | None = None) -> None:
        """Every curve with at most `MAX_POINTS` points."""
        dense = self.dense
        self.density.setVisible(dense)
        if dense:
            self.item.setData(NOTHING, NOTHING)
            self._draw_density()
        elif self.has_data and len(self.steps) > MAX_POINTS:
            parts = [thinned(self.steps, row) for row in self.values]
            xs, ys = (np.concatenate([np.append(p[at], np.nan) for p in parts]) for at in (0, 1))
            self.item.setData(xs, ys)
        else:
            self.item.setData(self.x, self.y)
        self.paint()

    def extent(self) -> Array:
        """Of every curve, whether strokes are drawn or their density."""
        return self.y[:]

    def paint(self) -> None:
        """The more curves, the fainter each."""
        self.item.setPen(pg.mkPen(theme.current().color(self.token, self.alpha_each), width=1))
        if self.dense:
            self._draw_density()

    @property
    def alpha_each(self) -> float:
        return float(np.clip(2.0 / max(self.curves, 1) ** 0.5, 0.08, 0.8))

    def taken(self) -> Density | None:
        """The density, where it is drawn."""
        if not self.dense or len(self.steps) < 2:
            return None
        y = np.log10(np.where(self.values > 0, self.values, np.nan)) if self.log else self.values
        found = visible([y.ravel()])
        if found is None:
            return None
        low, high = found[0]
        x_range = float(self.steps[0]), float(self.steps[-1])
        counts = density(self.steps, y, low, high)
        return Density(self.title, self.token, counts, x_range, (low, high))

    def _draw_density(self) -> None:
        taken = self.taken()
        self.density.setVisible(taken is not None)
        if taken is None:
            return
        self.density.setImage(shades(taken.counts, self.token), levels=None)
        (left, right), (low, high) = taken.x_range, taken.y_range
        self.density.setRect(QRectF(left, low, right - left, max(high - low, 1e-9)))


def density(x: Array, values: Array, low: float, high: float) -> Array:
    """``[columns, rows]``: how many of the curves ``values [T, S]`` pass through each cell."""
    columns, rows = GRID
    at = np.linspace(x[0], x[-1], columns)
    place = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    part = (at - x[place]) / (x[place + 1] - x[place])
    between = values[:, place] * (1 - part) + values[:, place + 1] * part
    with np.errstate(invalid="ignore"):
        up = (between - low) / max(high - low, 1e-12) * rows
        inside = np.isfinite(up) & (up >= 0) & (up <= rows)
    across = np.broadcast_to(np.arange(columns), up.shape)[inside]
    cell = across * rows + np.minimum(up[inside].astype(np.int64), rows - 1)
    return np.bincount(cell, minlength=columns * rows).reshape(columns, rows).astype(float)
