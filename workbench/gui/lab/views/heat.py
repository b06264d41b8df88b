"""Numbers as colours, the same in every view: cividis, readable with any kind of colour vision.

C. R. Anderson et al., "Optimizing colormaps with consideration for color vision deficiency",
PLOS ONE 2018. What counts most stands out most from the ground: bright on the dark theme, dark on
the light one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from workbench.core.metric import named
from workbench.gui.style import paint, theme, words

LEVELS = 256
BAR, BAR_TEXT = 12, 46
BAR_WIDTH = BAR + BAR_TEXT
"""The room that a colour bar takes with its numbers."""


@dataclass(frozen=True)
class Scale:
    """From a value to a part of the colours; an inverted one lets low values stand out."""

    low: float
    high: float
    log: bool = False
    inverted: bool = False

    @classmethod
    def around(cls, values: np.ndarray, log: bool = False, inverted: bool = False) -> Scale | None:
        """The scale of all finite values; logarithmic ones are above zero. None without any."""
        known = values[np.isfinite(values) & ((values > 0) | (not log))]
        return cls(float(known.min()), float(known.max()), log, inverted) if known.size else None

    def parts(self, values: np.ndarray) -> np.ndarray:
        """Of the way from the fewest to the most of the colour, NaN where nothing is known."""
        ends = np.array([self.low, self.high])
        if self.log:
            values, ends = np.log(np.maximum(values, self.low)), np.log(ends)
        span = float(ends[1] - ends[0]) or 1.0
        found: np.ndarray = np.clip((values - ends[0]) / span, 0.0, 1.0)
        return 1.0 - found if self.inverted else found

    def color(self, value: float) -> QColor:
        """Of a finite value."""
        return shade(float(self.parts(np.array(value))))

    def middle(self) -> float:
        return math.sqrt(self.low * self.high) if self.log else (self.low + self.high) / 2


@lru_cache(2)
def _table(dark: bool) -> np.ndarray:
    """``[256, 3]`` from what does not matter to what matters most."""
    table: np.ndarray = pg.colormap.get("cividis").getLookupTable(0.0, 1.0, LEVELS)[:, :3]
    return table if dark else table[::-1]


def shade(part: float) -> QColor:
    red, green, blue = _table(theme.current().dark)[round(part * (LEVELS - 1))]
    return QColor(int(red), int(green), int(blue))


def ink_on(ground: QColor) -> QColor:
    """Black or white, whichever is easier to read on a colour."""
    bright = 0.299 * ground.red() + 0.587 * ground.green() + 0.114 * ground.blue()
    return QColor("#10141c") if bright > 128 else QColor("#ffffff")


def image(values: np.ndarray, scale: Scale) -> QImage:
    """A pixel for each of ``values [rows, columns]``, row 0 on top; clear where not finite."""
    known = np.isfinite(values)
    parts = np.where(known, scale.parts(np.where(known, values, scale.low)), 0.0)
    colors = _table(theme.current().dark)[np.round(parts * (LEVELS - 1)).astype(int)]
    pixels = np.dstack([colors, np.where(known, 255, 0)]).astype(np.uint8)
    rows, columns = values.shape
    data = np.ascontiguousarray(pixels).tobytes()
    return QImage(data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()


def paint_bar(painter: QPainter, box: QRectF, scale: Scale, metric: str = "") -> None:
    """An upright colour bar at the left of ``box``, with the numbers at its ends and middle."""
    bar = QRectF(box.left(), box.top(), BAR, box.height())
    steps = max(int(bar.height()), 1)
    for step in range(steps):
        part = step / steps
        top = bar.bottom() - bar.height() * (step + 1) / steps
        tone = shade(1.0 - part if scale.inverted else part)
        painter.fillRect(QRectF(bar.left(), top, BAR, 1.5), tone)
    colors = paint.colors()
    painter.setPen(QPen(colors.border, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    painter.setPen(colors.muted)
    painter.setFont(paint.small_font(painter.font()))
    for value, place in ((scale.high, 0.0), (scale.middle(), 0.5), (scale.low, 1.0)):
        height = painter.fontMetrics().height()
        top = bar.top() + place * (bar.height() - height)
        text = QRectF(bar.right() + 5, top, BAR_TEXT - 5, height)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, number(metric, value))


def number(metric: str, value: float) -> str:
    """As short as can be: in a cell there is little room."""
    if not math.isfinite(value):
        return "–"
    if named(metric).percent:
        return f"{100 * value:.0f} %"
    return f"{value:.2g}" if 0.001 <= abs(value) < 100 or value == 0 else words.short(value)


def paint_missing(painter: QPainter, box: QRectF) -> None:
    """A stroke through a cell whose number is not finite."""
    painter.setPen(QPen(paint.colors().bad, 1))
    painter.drawLine(QLineF(box.bottomLeft(), box.topRight()))
