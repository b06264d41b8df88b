"""More curves than a file can hold one by one: how many pass through each place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from workbench.gui.state.series import Array
from workbench.gui.style import theme
from workbench.gui.takeaway.axes import Frame

STRONGEST = 215
"""Of 255: lines above it are still seen."""


@dataclass(frozen=True)
class Density:
    """``counts [columns, rows]``, from the least x and y on; y as the axis counts it."""

    title: str
    token: str
    counts: Array
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def draw(self, painter: QPainter, frame: Frame) -> None:
        left, right = frame.x(np.array(self.x_range)).tolist()
        bottom, top = frame.up(np.array(self.y_range)).tolist()
        cells = np.ascontiguousarray(shades(self.counts, self.token).transpose(1, 0, 2)[::-1])
        high, wide = cells.shape[:2]
        image = QImage(cells.tobytes(), wide, high, 4 * wide, QImage.Format.Format_RGBA8888)
        painter.drawImage(QRectF(QPointF(left, top), QPointF(right, bottom)), image)


def shades(counts: Array, token: str) -> np.ndarray:
    """``[columns, rows, 4]``, uint8: one colour, the more opaque the more curves there are."""
    color, cells = theme.current().color(token), np.zeros((*counts.shape, 4), np.uint8)
    cells[..., :3] = (color.red(), color.green(), color.blue())
    share = np.log1p(counts) / max(float(np.log1p(counts).max()), 1e-9)
    cells[..., 3] = np.round(STRONGEST * share)
    return cells
