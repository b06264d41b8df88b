"""A task seen from above, at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from workbench.gui.kinds.control import sketch
from workbench.gui.kinds.control.maps import Square
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.control.task import ControlTask

DOTS = 2
"""Pixels of the picture for each of the screen."""


def thumbnail(task: ControlTask, width: int, height: int) -> QImage | None:
    """None for a world that cannot be seen from above."""
    world = map_of(task)
    if world is None:
        return None
    image = QImage(DOTS * width, DOTS * height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(DOTS)
    image.fill(paint.colors().surface)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sketch.draw(painter, Square.within(QRectF(0, 0, width, height), 1), world, task)
    painter.end()
    return image
