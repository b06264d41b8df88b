"""Which colour stands for which inner step: a strip in the corner of the map."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter

from workbench.gui.kinds.control.strokes import step_color
from workbench.gui.style import paint

STRIP, HIGH, GAP = 36.0, 4.0, 5.0


def draw(painter: QPainter, box: QRectF, title: str, last: int) -> None:
    """At the top left of a box: the title, then the steps from 0 to the last."""
    metrics = QFontMetricsF(painter.font())
    left = _write(painter, metrics, box, box.left() + GAP, f"{title} 0")
    middle = box.top() + GAP + metrics.height() / 2
    strip = QRectF(left + GAP, middle - HIGH / 2, STRIP, HIGH)
    ways = QLinearGradient(strip.topLeft(), strip.topRight())
    ways.setColorAt(0, step_color(0, last))
    ways.setColorAt(1, step_color(last, last))
    painter.fillRect(strip, ways)
    _write(painter, metrics, box, strip.right() + GAP, str(last))


def _write(painter: QPainter, metrics: QFontMetricsF, box: QRectF, left: float, text: str) -> float:
    """Where the text ends."""
    width = metrics.horizontalAdvance(text)
    painter.setPen(paint.colors().muted)
    room = QRectF(left, box.top() + GAP, width + 1, metrics.height())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft, text)
    return left + width
