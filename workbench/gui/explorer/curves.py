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
        self._x, self._values = x, values
        gap = np.full((len(values), 1), np.nan)
        self.y = np.concatenate([values, gap], 1).ravel()
        self.x = np.tile(np.append(x, np.nan), len(values))

    @property
    def dense(self) -> bool:
        return self.has_data and self._values.size > MOST_STROKES

    def draw(self, points: int, reach: int, part: Range | None = None) -> None:
        """Every curve with at most `MAX_POINTS` points."""
        dense = self.dense
        self.density.setVisible(dense)
        if dense:
            self.item.setData(NOTHING, NOTHING)
            self._draw_density()
        elif self.has_data and len(self._x) > MAX_POINTS:
            parts = [thinned(self._x, row) for row in self._values]
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
        alpha = float(np.clip(2.0 / max(self.curves, 1) ** 0.5, 0.08, 0.8))
        self.item.setPen(pg.mkPen(theme.current().color(self.token, alpha), width=1))
        if self.dense:
            self._draw_density()

    def _draw_density(self) -> None:
        y = np.log10(np.where(self._values > 0, self._values, np.nan)) if self.log else self._values
        found = visible([y.ravel()])
        if found is None or len(self._x) < 2:
            self.density.setVisible(False)
            return
        low, high = found[0]
        counts = density(self._x, y, low, high)
        color, cells = theme.current().color(self.token), np.zeros((*counts.shape, 4), np.uint8)
        cells[..., :3] = (color.red(), color.green(), color.blue())
        share = np.log1p(counts) / max(float(np.log1p(counts).max()), 1e-9)
        cells[..., 3] = np.round(215 * share)
        self.density.setImage(cells, levels=None)
        left, right = float(self._x[0]), float(self._x[-1])
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
