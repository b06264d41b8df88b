"""What is said of one query picture, and the card that shows it: on the screen and in a file."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from workbench.gui.style import paint
from workbench.gui.style.images import paint_image

MARGIN, BELOW = 3, 28
"""Pixels of a card beside its picture, and below it for the verdict."""

NARROW = 36
"""Pixels of a verdict up to which its signs stand close together."""


class Answer(NamedTuple):
    """Of an item of class ``truth``; ``predicted`` is None where nothing is known (yet)."""

    truth: int = 0
    predicted: int | None = None
    probability: float = math.nan
    flipped: bool = False
    """Another class than before adapting."""

    @property
    def right(self) -> bool:
        return self.predicted == self.truth

    @property
    def tone(self) -> QColor:
        colors = paint.colors()
        if self.predicted is None:
            return colors.border
        return colors.good if self.right else colors.bad


def card_size(picture: int) -> QSize:
    return QSize(picture + MARGIN, picture + BELOW)


def paint_card(painter: QPainter, box: QRectF, image: QImage, answer: Answer) -> None:
    """The picture in a box of `card_size`, and below it class, verdict and probability."""
    side = box.width() - MARGIN
    frame = QRectF(box.left() + MARGIN / 2, box.top() + 1, side, side)
    painter.setPen(QPen(answer.tone, 1.5))
    painter.setBrush(paint.colors().paper)
    painter.drawRoundedRect(frame, 5, 5)
    paint_image(painter, frame.adjusted(3, 3, -3, -3), image)
    if answer.predicted is not None:
        _paint_verdict(painter, box.adjusted(3, side, -3, 0), answer)


def _paint_verdict(painter: QPainter, box: QRectF, answer: Answer) -> None:
    colors, left = paint.colors(), Qt.AlignmentFlag.AlignLeft
    middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
    line = QRectF(box.left(), box.top() + 3, box.width(), 16)
    painter.setFont(paint.small_font(painter.font()))
    painter.setPen(colors.text)
    painter.drawText(line, left | middle, paint.letter(answer.predicted or 0))
    mark = "✓" if answer.right else "✗"
    painter.setPen(answer.tone)
    gap = " " if line.width() > NARROW else ""
    painter.drawText(line, right | middle, f"↺{gap}{mark}" if answer.flipped else mark)
    bar = QRectF(box.left(), box.top() + 21, box.width(), 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.border)
    painter.drawRoundedRect(bar, 2, 2)
    painter.setBrush(answer.tone)
    bar.setWidth(bar.width() * min(max(answer.probability, 0.0), 1.0))
    painter.drawRoundedRect(bar, 2, 2)
