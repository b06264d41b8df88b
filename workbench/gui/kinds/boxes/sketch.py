"""Scenes as they are drawn: the picture, boxes round things, how sure every cell is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from workbench.gui.kinds.boxes.grips import rect_of
from workbench.gui.kinds.boxes.task import Box, Told
from workbench.gui.style import paint
from workbench.gui.style.images import paint_image

HANDLE = 3.0
ROOM_FOR_WORDS = 60.0
"""Pixels of a tile from which on a number can be read in it."""
TRUTH = QColor("white")
"""Of the annotated boxes of query scenes, dashed, in light and in dark."""
FOUND = QColor("#6d9bff")
"""Of the boxes that are found, bright enough for dark pictures in either theme."""
LIKELY = 0.5
"""From this on a box has its number: of all of them the numbers would hide the scene."""
HALO = QColor(0, 0, 0, 150)
"""Behind lines, which pictures of any colour lie under."""


def picture(painter: QPainter, tile: QRectF, image: QImage) -> None:
    paint_image(painter, tile, image)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(paint.colors().border, 1))
    painter.drawRect(tile)


def box(
    painter: QPainter,
    tile: QRectF,
    where: Box,
    color: QColor,
    *,
    width: float = 2,
    dashed: bool = False,
) -> None:
    """A line with a dark one behind it."""
    rect = rect_of(where, tile)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(HALO, width + 2))
    painter.drawRect(rect)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(color, width, style))
    painter.drawRect(rect)


def handles(painter: QPainter, tile: QRectF, where: Box, color: QColor) -> None:
    """At the corners and in the middle of the edges."""
    rect = rect_of(where, tile)
    painter.setPen(QPen(paint.colors().surface, 1))
    painter.setBrush(color)
    for x in (rect.left(), rect.center().x(), rect.right()):
        for y in (rect.top(), rect.center().y(), rect.bottom()):
            if QPointF(x, y) != rect.center():
                painter.drawRect(QRectF(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE))


def told(painter: QPainter, tile: QRectF, found: Sequence[Told], color: QColor) -> None:
    """Boxes that were found, the stronger in line the surer; of likely ones how sure, in %."""
    for sure, where in reversed(found):
        tone = QColor(color)
        tone.setAlphaF(0.35 + 0.65 * min(max(sure, 0.0), 1.0))
        box(painter, tile, where, tone, width=1 + sure)
        if tile.width() >= ROOM_FOR_WORDS and sure >= LIKELY:
            _number(painter, tile, rect_of(where, tile), f"{100 * sure:.0f}", color)


def _number(painter: QPainter, tile: QRectF, rect: QRectF, text: str, color: QColor) -> None:
    """In a small plate above the box, or within it at the scene's upper edge."""
    painter.setFont(paint.small_font(painter.font()))
    width = painter.fontMetrics().horizontalAdvance(text) + 6
    top = rect.top() - 14 if rect.top() - 14 >= tile.top() else rect.top()
    left = min(rect.left(), tile.right() - width)
    plate = QRectF(left, top, width, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRect(plate)
    painter.setPen(paint.colors().surface)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def heat(painter: QPainter, tile: QRectF, cells: Sequence[float], color: QColor) -> None:
    """Every cell the stronger in colour the surer it is; by the root, so that all are seen."""
    side = round(len(cells) ** 0.5)
    width, height = tile.width() / side, tile.height() / side
    painter.setPen(Qt.PenStyle.NoPen)
    for at, sure in enumerate(cells):
        row, column = divmod(at, side)
        tone = QColor(color)
        tone.setAlphaF(0.85 * min(max(sure, 0.0), 1.0) ** 0.5)
        cell = QRectF(tile.x() + column * width, tile.y() + row * height, width, height)
        painter.fillRect(cell, tone)
