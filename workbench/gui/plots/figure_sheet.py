"""A figure as a graph to take away: every line with its interval, in the part that is looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication

from workbench.gui.plots.lines import Band, Line
from workbench.gui.plots.range import EdgeMarks
from workbench.gui.state.smoothing import smoothed
from workbench.gui.takeaway import graph as takeaway
from workbench.gui.takeaway.graph import CROWD, Curve, Graph

THICKER = 0.8
"""Lines of a file are so much thicker than those of the screen."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Figure", text)


def graph(
    view: pg.PlotWidget,
    lines: Collection[Line],
    bands: Collection[Band],
    reach: int,
    places: tuple[str, ...],
) -> Graph:
    """The numbers are copies: a training goes on. ``places`` name 0, 1, 2, ... on the x axis."""
    plot = view.getPlotItem()
    x_range, y_range = plot.viewRange()
    drawn = [line for line in lines if line.has_data]
    return Graph(
        x_title=plot.getAxis("bottom").labelText or "",
        y_title=plot.getAxis("left").labelText or "",
        x_range=(x_range[0], x_range[1]),
        y_range=(y_range[0], y_range[1]),
        curves=[curve for line in drawn for curve in _curves(line, reach)],
        bands=[_band(band) for band in bands if np.isfinite(band.edges[0]).any()],
        log=plot.getAxis("left").logMode,
        x_ticks=list(enumerate(places)) if places else None,
    )


def _curves(line: Line, reach: int) -> Iterator[Curve]:
    """Of a smoothed line the numbers it is made of are told too."""
    title, x, y = line.title, np.array(line.x), np.array(line.y)
    if line.smooth and reach and title:
        yield Curve("", line.token, x, y, told=title, line=False)
        title = tr("{0} (smoothed, ±{1} steps)").format(title, reach)
        y = smoothed(y, reach)
    title = title or _of_marks(line.symbol)
    yield Curve(
        title=title,
        token=line.token,
        x=x,
        y=y,
        told=title if line.title else line.told,
        low=None if line.low is None else line.low.copy(),
        high=None if line.high is None else line.high.copy(),
        dashed=line.dashed,
        width=line.width + THICKER,
        alpha=line.alpha,
        symbol=line.symbol,
        line=line.joined,
        crowd=CROWD if line.joined else len(line.x),
    )


def _of_marks(symbol: str) -> str:
    """What marks of lines without a title mean, in the legend of a file."""
    return {"_": tr("95 % interval"), "d": tr("median over tasks")}.get(symbol, "")


def _band(band: Band) -> takeaway.Band:
    low, high = band.edges
    told, x = band.title if band.told else "", band.x.copy()
    return takeaway.Band(band.title, band.token, band.alpha, x, low.copy(), high.copy(), told)


def edge_curves(edge: EdgeMarks, log: bool) -> list[Curve]:
    """The triangles at the edges, where values lie beyond them."""
    if not edge.count:
        return []
    x, y, above = edge.places()
    y = 10.0**y if log else y
    return [
        Curve("", "warning", x[which], y[which], symbol=symbol, line=False, crowd=len(x))
        for which, symbol in ((above, "t1"), (~above, "t"))
    ]
