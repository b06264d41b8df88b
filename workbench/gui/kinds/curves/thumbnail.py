"""A curve at a glance: the true function with its support points, in a corner of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from workbench.gui.kinds.curves.room import LIMIT, Room, room_of, true_curve
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

HEIGHT = 0.9
"""Of the greatest value: the same for all curves of a family, so that they can be compared."""
DOTS, DOT = 2, 2.0
"""Pixels of the picture for each of the screen; radius of a support point."""


def thumbnail(task: CurveTask, width: int, height: int) -> QImage:
    image = QImage(DOTS * width, DOTS * height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(DOTS)
    colors = paint.colors()
    image.fill(colors.paper)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    most = HEIGHT * task.function.height
    room = Room((-LIMIT, LIMIT), (-most, most)) if task.known else room_of(task)
    (left, right), (low, high) = room

    def place(x: float, y: float) -> QPointF:
        up = (float(np.clip(y, low, high)) - low) / (high - low)
        return QPointF(2 + (x - left) / (right - left) * (width - 4), (1 - up) * height)

    if task.known:
        painter.setPen(QPen(colors.accent, 1.4))
        curve = zip(*(part.tolist() for part in true_curve(task)), strict=True)
        painter.drawPolyline(QPolygonF([place(x, y) for x, y in curve]))
    painter.setPen(QPen(colors.surface, 0.6))
    painter.setBrush(colors.support)
    for x, y in zip(task.support_x.tolist(), task.support_y.tolist(), strict=True):
        painter.drawEllipse(place(x, y), DOT, DOT)
    painter.setPen(QPen(colors.border, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 1))
    painter.end()
    return image
