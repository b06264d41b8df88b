"""Lines of text below each other, in as many columns as make them large enough to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from workbench.gui.takeaway.drawing import ZOOMS

BETWEEN = 20.0
"""Pixels between columns."""


class Block(NamedTuple):
    """What is not broken: ``height`` at a width, and ``draw`` into a box of that size."""

    height: Callable[[float], float]
    draw: Callable[[QPainter, QRectF], None]


class _Fit(NamedTuple):
    zoom: float
    columns: int


@dataclass(frozen=True)
class Flow:
    """The content of a sheet; no column is narrower than ``least`` pixels of the screen."""

    blocks: Sequence[Block]
    least: float

    def draw(self, painter: QPainter, box: QRectF) -> None:
        fit = self._fit(box)
        width, high = self._width(fit, box), box.height() / fit.zoom
        painter.translate(box.topLeft())
        painter.scale(fit.zoom, fit.zoom)
        left = top = 0.0
        for block in self.blocks:
            needed = block.height(width)
            if top and top + needed > high:
                left, top = left + width + BETWEEN, 0.0
            painter.save()
            block.draw(painter, QRectF(left, top, width, needed))
            painter.restore()
            top += needed

    def _width(self, fit: _Fit, box: QRectF) -> float:
        return (box.width() / fit.zoom + BETWEEN) / fit.columns - BETWEEN

    def _fit(self, box: QRectF) -> _Fit:
        """The largest, in the fewest columns, with which nothing is cut."""
        for zoom in ZOOMS:
            most = int((box.width() / zoom + BETWEEN) / (self.least + BETWEEN))
            for columns in range(1, most + 1):
                fit = _Fit(zoom, columns)
                if self._columns(self._width(fit, box), box.height() / zoom) <= columns:
                    return fit
        return _Fit(ZOOMS[-1], max(int(box.width() / ZOOMS[-1] / self.least), 1))

    def _columns(self, width: float, high: float) -> int:
        """How many of a width all blocks take."""
        taken, top = 1, 0.0
        for block in self.blocks:
            needed = block.height(width)
            if top and top + needed > high:
                taken, top = taken + 1, 0.0
            top += needed
        return taken
