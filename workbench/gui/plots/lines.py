"""What a figure draws: lines, the bands below them and the whiskers of single points."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from workbench.gui.state.series import MAX_POINTS, Array, smoothed, thinned
from workbench.gui.style import theme

NOTHING: Array = np.empty(0)
CROWD = 40
"""Points from which on a line has no marks."""


def _item() -> pg.PlotDataItem:
    return pg.PlotDataItem(connect="finite", skipFiniteCheck=False)


@dataclass
class Line:
    """One curve: all its numbers, and the item that draws a thinned copy of them.

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
    x: Array = field(default_factory=NOTHING.copy)
    y: Array = field(default_factory=NOTHING.copy)
    low: Array | None = None
    high: Array | None = None
    told: str = ""
    joined: bool = True
    """Otherwise every point is a mark, however many there are."""

    @property
    def has_data(self) -> bool:
        return len(self.x) > 0

    def draw(self, points: int, reach: int) -> None:
        """At most so many points; a smooth line as the mean of ``reach`` values on either side.

        Marks stand only where there is room for them.
        """
        y = smoothed(self.y, reach) if self.smooth else self.y
        seen = np.isfinite(y)
        if seen.any():
            self.item.setData(*thinned(self.x, np.where(seen, y, np.nan), points))
        else:
            self.item.setData(NOTHING, NOTHING)
        if self.symbol:
            self.item.setSymbolSize(0 if len(self.x) > CROWD else self._mark)

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
