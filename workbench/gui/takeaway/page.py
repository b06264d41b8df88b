"""A sheet on its page: title, notes and legend above what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from workbench.gui.style import theme
from workbench.gui.takeaway import marks
from workbench.gui.takeaway.sheet import WIDTH, Key, Sheet

MARGIN, GAP = 18.0, 8.0
TITLE, TEXT = 17, 12
SWATCH, BETWEEN = 24.0, 18.0
"""Width of a legend's sample, and the room between two entries."""
LEAST, MOST = 0.5, 6.0
FLATTEST = 240
"""Pixels of height with which a page of `WIDTH` does."""
WRAPPED = Qt.TextFlag.TextWordWrap


def zoom(size: QSizeF) -> float:
    """How much larger everything is on a page than on one of `WIDTH`; a flat one has less room."""
    return min(max(min(size.width() / WIDTH, size.height() / FLATTEST), LEAST), MOST)


def draw(painter: QPainter, sheet: Sheet, size: QSizeF) -> None:
    """Fill the page; colours are those that are worn."""
    factor = zoom(size)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(QRectF(QPointF(), size), theme.current().color("surface"))
    painter.scale(factor, factor)
    box = QRectF(QPointF(), size / factor).adjusted(MARGIN, MARGIN - 4, -MARGIN, -MARGIN + 4)
    top = _draw_text(painter, box, sheet.title, _title_font(), "text")
    for note in sheet.notes:
        box.setTop(top)
        top = _draw_text(painter, box, note, theme.current().font(TEXT), "muted")
    box.setTop(top)
    if sheet.legend:
        box.setTop(_draw_legend(painter, box, sheet.legend) + GAP)
    painter.save()
    sheet.content.draw(painter, box)
    painter.restore()
    painter.restore()


def _title_font() -> QFont:
    font = theme.current().font(TITLE)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _draw_text(painter: QPainter, box: QRectF, text: str, font: QFont, token: str) -> float:
    """Wrapped; where what follows begins."""
    needed = QFontMetricsF(font).boundingRect(box, int(WRAPPED), text).height()
    painter.setFont(font)
    painter.setPen(theme.current().color(token))
    painter.drawText(QRectF(box.left(), box.top(), box.width(), needed + 2), WRAPPED, text)
    return box.top() + needed + GAP / 2


def _draw_legend(painter: QPainter, box: QRectF, keys: Sequence[Key]) -> float:
    """In as many rows as it takes; where what follows begins."""
    font = theme.current().font(TEXT)
    metrics = QFontMetricsF(font)
    x, y, height = box.left(), box.top() + 2, metrics.height() + 3
    for key in keys:
        width = SWATCH + 6 + metrics.horizontalAdvance(key.title) + 2
        if x > box.left() and x + width > box.right():
            x, y = box.left(), y + height
        _draw_sample(painter, QRectF(x, y, SWATCH, height), key)
        painter.setFont(font)
        painter.setPen(theme.current().color("text"))
        room = QRectF(x + SWATCH + 6, y, width - SWATCH, height)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, key.title)
        x += width + BETWEEN
    return y + height


def _draw_sample(painter: QPainter, box: QRectF, key: Key) -> None:
    middle, look = box.center().y(), theme.current()
    if key.band:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(key.token, key.alpha))
        painter.drawRect(box.adjusted(0, 4, 0, -4))
        return
    if key.line:
        painter.setPen(QPen(marks.pen(key.token, 1.8, key.dashed, key.alpha)))
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
    if key.symbol:
        x, y = marks.single(box.center().x(), middle)
        marks.draw_marks(painter, x, y, key.symbol, look.mixed(key.token, key.alpha))
