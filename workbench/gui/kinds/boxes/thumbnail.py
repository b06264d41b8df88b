"""A task of scenes at a glance: its first support scene with the boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from workbench.gui.kinds.boxes import sketch
from workbench.gui.kinds.boxes.task import image_of
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.detection.task import SceneTask

DOTS = 2
"""Pixels of the picture for each of the screen."""


def thumbnail(task: SceneTask, width: int, height: int) -> QImage:
    image = QImage(DOTS * width, DOTS * height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(DOTS)
    image.fill(paint.colors().surface)
    side = min(width, height)
    tile = QRectF((width - side) / 2, (height - side) / 2, side, side)
    painter = QPainter(image)
    sketch.picture(painter, tile, image_of(task.support[0]))
    for box in task.support[0].boxes:
        sketch.box(painter, tile, box, paint.colors().support, width=1)
    painter.end()
    return image
