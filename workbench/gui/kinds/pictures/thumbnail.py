"""A task of pictures at a glance: a support picture of each class, as many as there is room for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from workbench.gui.style import paint
from workbench.gui.style.images import paint_image

if TYPE_CHECKING:
    from workbench.tasks.image_task import ImageTask

DOTS = 2
"""Pixels of the picture for each of the screen."""


def thumbnail(task: ImageTask, width: int, height: int) -> QImage:
    """In as many rows as make the pictures largest."""
    image = QImage(DOTS * width, DOTS * height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(DOTS)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    ways = len(task.support)
    rows = max(range(1, ways + 1), key=lambda n: min(width / math.ceil(ways / n), height / n))
    across = math.ceil(ways / rows)
    side = min(width / across, height / rows)
    for way, row in enumerate(task.support):
        box = QRectF(way % across * side, way // across * side, side, side)
        box.adjust(0.5, 0.5, -0.5, -0.5)
        paint_image(painter, box, paint.picture(task.image(row[0]), task.style))
    painter.end()
    return image
