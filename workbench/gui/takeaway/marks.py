"""Lines and marks, drawn in pixels: no pen is left to the viewer to scale."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from workbench.gui.state.series import Array
from workbench.gui.style import theme

FAR = 20_000.0
"""Pixels beyond which a line need not be drawn exactly: it has left the page."""
SIZES = {"_": 9.0, "|": 9.0}
SIZE = 8.0
ROUND = Qt.PenJoinStyle.RoundJoin
DASHES = (4.0, 3.0)


def pen(
    token: str, width: float, dashed: bool = False, alpha: float = 1.0, through: bool = False
) -> QPen:
    """Opaque: thinned with the ground's colour, so that viewers without transparency do well.

    ``through`` is for what is to add up.
    """
    look = theme.current()
    line = QPen(look.color(token, alpha) if through else look.mixed(token, alpha), width)
    line.setJoinStyle(ROUND)
    if dashed:
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        line.setDashPattern([length / max(width, 1.0) for length in DASHES])
    return line


def draw_line(painter: QPainter, x: Array, y: Array) -> None:
    """Through points in pixels; what is not finite leaves a gap."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part_x, part_y in pieces(x, y):
        if len(part_x) > 1:
            painter.drawPolyline(polygon(part_x, part_y))


def pieces(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """The stretches of finite points."""
    fine = np.isfinite(x) & np.isfinite(y)
    ends = np.flatnonzero(np.diff(np.concatenate([[False], fine, [False]]).astype(int)))
    for start, stop in zip(ends[::2], ends[1::2], strict=True):
        yield x[start:stop], y[start:stop]


def polygon(x: Array, y: Array) -> QPolygonF:
    near = np.clip(y, -FAR, FAR)
    return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), near.tolist(), strict=True)])


def draw_marks(painter: QPainter, x: Array, y: Array, symbol: str, color: QColor) -> None:
    """A mark at every finite point, with a thin edge in the ground's colour."""
    stroke = symbol in SIZES
    edge = color if stroke else theme.current().color("surface")
    painter.setPen(QPen(edge, 0.8))
    painter.setBrush(color)
    for part_x, part_y in pieces(x, y):
        for a, b in zip(part_x.tolist(), part_y.tolist(), strict=True):
            if abs(b) < FAR:
                painter.drawPath(_outline(symbol, a, b))


def _outline(symbol: str, x: float, y: float) -> QPainterPath:
    size = SIZES.get(symbol, SIZE)
    placed = QTransform.fromTranslate(x, y).scale(size, size)
    found: QPainterPath = placed.map(Symbols[symbol])
    return found


def fill_between(
    painter: QPainter, x: Array, low: Array, high: Array, token: str, alpha: float
) -> None:
    """The region between two lines in pixels."""
    fine = np.isfinite(low) & np.isfinite(high)
    x, low, high = x[fine], low[fine], high[fine]
    around = polygon(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color(token, alpha))
    painter.drawPolygon(around)


def rule(painter: QPainter, box: QRectF) -> None:
    """A hairline around a box."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def single(x: float, y: float) -> tuple[Array, Array]:
    """One point, as lines are given."""
    return np.array([x]), np.array([y])
