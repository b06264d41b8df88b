"""What a figure draws: lines, the bands below them and the whiskers of single points."""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from workbench.gui.plots.range import SAMPLE, Range
from workbench.gui.state.series import Array, Numbers
from workbench.gui.state.smoothing import Smoothed
from workbench.gui.state.thinning import MAX_POINTS, Pyramid, thinned
from workbench.gui.style import theme

NOTHING: Array = np.empty(0)
CROWD = 40
"""Points from which on a line has no marks."""


def _item() -> pg.PlotDataItem:
    return pg.PlotDataItem(connect="finite", skipFiniteCheck=False)


@dataclass
class Line:
    """One curve: all its numbers, and the item that draws a thinned copy of a part of them.

    Without a title it stands in no legend, and in tables only where it is ``told`` by a name.
    ``low`` and ``high`` are the ends of the interval at every point, where these are known.
    """

    title: str
    token: str
    dashed: bool = False
    alpha: float = 1.0
    smooth: bool = False
    symbol: str = ""
    width: int = 1
    item: pg.PlotDataItem = field(default_factory=_item)
    x: Numbers = field(default_factory=NOTHING.copy)
    y: Numbers = field(default_factory=NOTHING.copy)
    low: Array | None = None
    high: Array | None = None
    told: str = ""
    joined: bool = True
    """Otherwise every point is a mark, however many there are."""
    unfinished: bool = False
    """Whether there is more to draw: of very many new numbers some are worked out at a time."""
    _thinned: tuple[Numbers, int] = (NOTHING, 0)
    _pyramid: Pyramid = field(default_factory=lambda: Pyramid(NOTHING))

    @property
    def has_data(self) -> bool:
        return len(self.x) > 0

    def draw(self, points: int, reach: int, part: Range | None = None) -> None:
        """At most so many points, of all of x or of the ``part`` of it that is looked at.

        A smooth line as the mean of ``reach`` values on either side; thinned out of the lowest and
        the highest of these means. Marks stand only where there is room for them.
        """
        self._thin(reach if self.smooth else 0)
        drawn = self._pyramid.thinned(*self._places(part, points), points)
        self.unfinished = drawn.unfinished
        seen = np.isfinite(drawn.values)
        if seen.any():
            x = self.x.take(drawn.places)
            self.item.setData(x, np.where(seen, drawn.values, np.nan))
        else:
            self.item.setData(NOTHING, NOTHING)
        if self.symbol:
            self.item.setSymbolSize(0 if len(self.x) > CROWD else self._mark)

    def extent(self) -> Array:
        """Of all that is drawn, every extreme value."""
        drawn = self.item.yData
        return NOTHING if drawn is None else drawn

    def sample(self) -> Array:
        """Numbers that stand for all: evenly taken out of them."""
        return self.y.take(np.arange(0, len(self.y), max(len(self.y) // SAMPLE, 1)))

    def _thin(self, reach: int) -> None:
        """Of other numbers, or of another reach, the buckets begin anew; those of the same grow."""
        if self._thinned[0] is not self.y or self._thinned[1] != reach:
            self._thinned = self.y, reach
            self._pyramid = Pyramid(Smoothed(self.y, reach), reach) if reach else Pyramid(self.y)

    def _places(self, part: Range | None, points: int) -> tuple[int, int]:
        """Where the part stands, with a point beyond either edge. A long curve's x ascends."""
        if part is None or len(self.y) <= points:
            return 0, len(self.y)
        first, last = bisect_left(self.x, part[0]), bisect_right(self.x, part[1])
        return max(first - 1, 0), min(last + 1, len(self.y))

    @property
    def _mark(self) -> int:
        return 9 if self.symbol == "_" else 6

    def paint(self) -> None:
        look = theme.current()
        color = look.mixed(self.token, self.alpha)
        style = Qt.PenStyle.DashLine if self.dashed else Qt.PenStyle.SolidLine
        self.item.setPen(pg.mkPen(color, width=self.width, style=style))
        if self.symbol:
            edge = color if self.symbol == "_" else look.color("surface")
            self.item.setSymbol(self.symbol)
            self.item.setSymbolSize(self._mark)
            self.item.setSymbolBrush(pg.mkBrush(color))
            self.item.setSymbolPen(pg.mkPen(edge))

    def legend(self, tokens: Mapping[str, str]) -> str:
        """Colour and title as rich text that breaks between entries only."""
        dash = "╌╌" if self.dashed else "━━"
        title = html.escape(self.title).replace(" ", "&nbsp;").replace("-", "\u2011")
        return f"<span style='color:{tokens[self.token]}'>{dash}</span>&nbsp;{title}"


class Band:
    """A filled region between two unseen curves, below every line. ``title`` is for files.

    One that is ``told`` has its edges in tables; those of others are told with a line.
    """

    def __init__(self, title: str, token: str, alpha: float, log: bool, told: bool) -> None:
        self.title, self.token, self.alpha, self.told = title, token, alpha, told
        self._numbers: tuple[Array, Array, Array] = (NOTHING, NOTHING, NOTHING)
        self._curves = pg.PlotDataItem(), pg.PlotDataItem()
        self.item = pg.FillBetweenItem(*self._curves)
        self.item.setZValue(-10)
        self.set_log(log, MAX_POINTS)
        self.paint()

    @property
    def x(self) -> Array:
        return self._numbers[0]

    @property
    def edges(self) -> tuple[Array, Array]:
        """Lower and upper values."""
        return self._numbers[1], self._numbers[2]

    def set(self, x: Array, low: Array, high: Array) -> None:
        self._numbers = x, low, high

    def draw(self, points: int) -> None:
        x, *edges = self._numbers
        seen = np.isfinite(edges[0]) & np.isfinite(edges[1])
        for curve, y in zip(self._curves, edges, strict=True):
            curve.setData(*thinned(x[seen], y[seen], points))
        # An empty region would keep its old extent, and the axes with it.
        self.item.setVisible(bool(seen.any()))

    def set_log(self, on: bool, points: int) -> None:
        """The plot's logarithm does not reach curves that are not in it."""
        for curve in self._curves:
            curve.setLogMode(False, on)
        self.draw(points)

    def paint(self) -> None:
        self.item.setBrush(pg.mkBrush(theme.current().color(self.token, self.alpha)))


def whiskers(x: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """One upright stroke for each point, as a line with gaps."""
    gaps = np.full(len(x), np.nan)
    return np.stack([x, x, gaps], 1).ravel(), np.stack([low, high, gaps], 1).ravel()
