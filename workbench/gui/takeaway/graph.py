"""A plot with axes, described by its numbers alone: whoever draws it chooses room and colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from workbench.gui.state.series import Array
from workbench.gui.state.thinning import thinned
from workbench.gui.style import theme
from workbench.gui.takeaway import axes, marks
from workbench.gui.takeaway.axes import Axes
from workbench.gui.takeaway.density import Density
from workbench.gui.takeaway.sheet import Cell, Key, Table

POINTS = 3000
"""Points of a line at most: more cannot be told apart, and make files of many megabytes."""
CROWD = 40
"""Points from which on a line has no marks."""


@dataclass(frozen=True)
class Curve:
    """``x`` and ``y`` as the axes count, with the ends of the interval where one is known.

    ``told`` is its name in the table; without one it is drawn and not told, such as the strokes of
    intervals, whose numbers stand with their curve. Without ``title`` it is in no legend.
    """

    title: str
    token: str
    x: Array
    y: Array
    told: str = ""
    low: Array | None = None
    high: Array | None = None
    dashed: bool = False
    width: float = 1.8
    alpha: float = 1.0
    symbol: str = ""
    line: bool = True
    crowd: int = CROWD
    adds_up: bool = False
    """Darker where it meets others of its kind."""


def look(
    title: str, token: str, *, symbol: str = "o", dashed: bool = False, crowd: int = CROWD
) -> Curve:
    """How a curve is drawn, whatever its numbers."""
    nothing: Array = np.empty(0)
    return Curve(title, token, nothing, nothing, title, dashed=dashed, symbol=symbol, crowd=crowd)


@dataclass(frozen=True)
class Band:
    """A filled region between two curves."""

    title: str
    token: str
    alpha: float
    x: Array
    low: Array
    high: Array
    told: str = ""
    """Its name in the table, where no curve tells its edges."""


@dataclass(frozen=True)
class Level:
    """A straight dashed line across: a value of y that holds everywhere; upright, one of x."""

    title: str
    token: str
    at: float
    upright: bool = False


@dataclass(frozen=True)
class Graph(Axes):
    """Axes with what is drawn on them."""

    curves: Sequence[Curve] = ()
    bands: Sequence[Band] = ()
    levels: Sequence[Level] = ()
    density: Density | None = None

    def draw(self, painter: QPainter, box: QRectF) -> None:
        frame = axes.Frame.within(box, self)
        axes.draw(painter, frame, self)
        painter.save()
        painter.setClipRect(frame.plot.adjusted(-1, -1, 1, 1))
        if self.density is not None:
            self.density.draw(painter, frame)
        for band in self.bands:
            x, low, high = frame.x(band.x), frame.y(band.low), frame.y(band.high)
            marks.fill_between(painter, x, low, high, band.token, band.alpha)
        for level in self.levels:
            painter.setPen(marks.pen(level.token, 1.2, dashed=True))
            marks.draw_line(painter, *frame.across(level.at, level.upright))
        painter.restore()
        axes.draw_remarks(painter, frame)
        for curve in self.curves:
            _draw_curve(painter, frame, curve)

    def keys(self) -> tuple[Key, ...]:
        """The legend: every titled part, each title once."""
        found = [
            Key(c.title, c.token, c.dashed, _marks(c), c.line, c.alpha)
            for c in self.curves
            if c.title and np.isfinite(c.y).any()
        ]
        if self.density is not None:
            found.append(Key(self.density.title, self.density.token, alpha=0.5, band=True))
        found += [Key(b.title, b.token, alpha=b.alpha, band=True) for b in self.bands if b.title]
        found += [Key(one.title, one.token, dashed=True) for one in self.levels if one.title]
        return tuple({key.title: key for key in reversed(found)}.values())[::-1]

    def table(self) -> Table:
        """A row a point: whose it is, x, y, and both ends of its interval where any has one."""
        told = [curve for curve in self.curves if curve.told]
        bands = [band for band in self.bands if band.told]
        header = ("series", self.x_title or "x", self.y_title or "y")
        spread = bool(bands) or any(curve.low is not None for curve in told)
        rows = [row for curve in told for row in _rows(curve, spread)]
        rows += [row for band in bands for row in _edges(band)]
        ends: tuple[Cell, ...] = ("", "") if spread else ()
        rows += [(level.title, "", level.at, *ends) for level in self.levels if level.title]
        return Table((*header, "low", "high") if spread else header, rows)


def _marks(curve: Curve) -> str:
    return curve.symbol if len(curve.x) <= curve.crowd else ""


def _edges(band: Band) -> list[tuple[Cell, ...]]:
    columns = (band.x.tolist(), band.low.tolist(), band.high.tolist())
    return [(band.told, x, "", low, high) for x, low, high in zip(*columns, strict=True)]


def _rows(curve: Curve, spread: bool) -> list[tuple[Cell, ...]]:
    columns = [curve.x.tolist(), curve.y.tolist()]
    if spread:
        unknown: list[Cell] = [""] * len(curve.x)
        for side in (curve.low, curve.high):
            columns.append(unknown if side is None else side.tolist())
    return [(curve.told, *cells) for cells in zip(*columns, strict=True)]


def _draw_curve(painter: QPainter, frame: axes.Frame, curve: Curve) -> None:
    """Marks reach a little beyond the edge; lines do not."""
    x, y = (curve.x, curve.y) if not curve.line else thinned(curve.x, curve.y, POINTS)
    x, y = frame.x(x), frame.y(y)
    painter.save()
    painter.setClipRect(frame.plot.adjusted(-1, -1, 1, 1))
    if curve.line:
        painter.setPen(
            marks.pen(curve.token, curve.width, curve.dashed, curve.alpha, curve.adds_up)
        )
        marks.draw_line(painter, x, y)
    painter.restore()
    if _marks(curve):
        inside = frame.holds(x, y)
        color = theme.current().mixed(curve.token, curve.alpha)
        marks.draw_marks(painter, x[inside], y[inside], curve.symbol, color)
