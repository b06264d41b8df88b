"""Ratings as stars: how many of a scale are filled, and which one is below the mouse."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from workbench.gui.style import paint

MOST = 10
"""Stars of a scale; a longer or an odd one has five for the whole of it."""
INNER = 0.45
"""Of a star's points, how far from the middle the inner ones are."""


@dataclass(frozen=True)
class Scale:
    """Ratings from ``lowest`` to ``highest``; whole steps of a short scale have a star each."""

    lowest: float
    highest: float

    @property
    def counted(self) -> bool:
        """Whether a rating is a number of stars."""
        whole = float(self.highest).is_integer() and 0 <= self.lowest <= 1
        return whole and 2 <= self.highest <= MOST

    @property
    def count(self) -> int:
        return int(self.highest) if self.counted else 5

    @property
    def step(self) -> float:
        """Between ratings that one key stroke or one star lies apart."""
        return 1.0 if self.counted else (self.highest - self.lowest) / 4

    @property
    def middle(self) -> float:
        return self.rounded((self.lowest + self.highest) / 2)

    def filled(self, rating: float) -> float:
        """How many stars a rating fills."""
        if self.counted:
            return rating
        return 1 + 4 * (rating - self.lowest) / (self.highest - self.lowest)

    def rated(self, stars: float) -> float:
        """The rating that so many stars are, within the scale."""
        found = stars if self.counted else self.lowest + (stars - 1) * self.step
        return min(max(found, self.lowest), self.highest)

    def rounded(self, rating: float) -> float:
        """The nearest rating of whole stars."""
        return self.rated(math.floor(self.filled(rating) + 0.5))

    def moved(self, rating: float, steps: int) -> float:
        return min(max(rating + steps * self.step, self.lowest), self.highest)


def star_at(box: QRectF, count: int, x: float) -> int:
    """The number of stars up to a place; 1 before the first one."""
    share = (x - box.left()) / (box.height() * count)
    return min(max(math.ceil(share * count), 1), count)


def width(count: int, height: float) -> float:
    return height * count


def paint_stars(painter: QPainter, box: QRectF, scale: Scale, rating: float, tone: QColor) -> None:
    """As many as the scale has, from the left of a box as high as a star; NaN fills none."""
    filled = 0.0 if math.isnan(rating) else scale.filled(rating)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for place in range(scale.count):
        cell = QRectF(box.left() + place * box.height(), box.top(), box.height(), box.height())
        shape = _star(cell)
        painter.setBrush(paint.colors().border)
        painter.drawPolygon(shape)
        share = min(max(filled - place, 0.0), 1.0)
        if share:
            painter.save()
            painter.setClipRect(QRectF(cell.topLeft(), cell.bottomRight()).adjusted(
                0, 0, -(1 - share) * cell.width(), 0
            ))  # fmt: skip
            painter.setBrush(tone)
            painter.drawPolygon(shape)
            painter.restore()
    painter.restore()


def _star(cell: QRectF) -> QPolygonF:
    centre, outer = cell.center(), cell.width() * 0.46
    points = []
    for corner in range(10):
        radius = outer if corner % 2 == 0 else outer * INNER
        angle = math.pi * (corner / 5 - 0.5)
        points.append(centre + QPointF(radius * math.cos(angle), radius * math.sin(angle)))
    return QPolygonF(points)
