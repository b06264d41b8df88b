"""The support points on the plot: what the mouse is over, and what it drags."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme

REACH = 10.0
"""Pixels: as close as this the mouse means the point and not the ground beside it."""


class SupportPoints(pg.GraphItem):  # type: ignore[misc]
    """Points that the mouse can drag; `moved` says which, and where to."""

    moved = Signal(int, float, float)

    def __init__(self) -> None:
        super().__init__()
        self._grabbed: int | None = None
        self._offset = QPointF()
        self._positions = np.zeros((0, 2))

    def place(self, positions: np.ndarray, chosen: int, locked: Collection[int]) -> None:
        """The chosen one has a ring, locked ones are squares."""
        self._positions = positions
        colors = paint.colors()
        ring = [pen(colors.surface, 1.5)] * len(positions)
        if 0 <= chosen < len(positions):
            ring[chosen] = pen(colors.text, 2)
        sizes = np.where(np.arange(len(positions)) == chosen, 15, 12)
        self.setData(
            pos=positions,
            size=sizes,
            symbol=["s" if index in locked else "o" for index in range(len(positions))],
            symbolBrush=pg.mkBrush(theme.current().color("before")),
            symbolPen=ring,
        )

    def under(self, place: QPointF) -> int | None:
        """The point nearest to a place of the scene, if it is within reach of the mouse."""
        here = np.array([place.x(), place.y()])
        away = [float(np.hypot(*(self._on_scene(p) - here))) for p in self._positions]
        nearest = int(np.argmin(away)) if away else 0
        return nearest if away and away[nearest] <= REACH else None

    def _on_scene(self, position: np.ndarray) -> np.ndarray:
        place = self.mapToScene(QPointF(*position))
        return np.array([place.x(), place.y()])

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if event.isStart():
            self._grab(event)
        if self._grabbed is None:
            event.ignore()
            return
        event.accept()
        target = event.pos() + self._offset
        self.moved.emit(self._grabbed, target.x(), target.y())
        if event.isFinish():
            self._grabbed = None

    def _grab(self, event: Any) -> None:
        self._grabbed = self.under(event.buttonDownScenePos())
        if self._grabbed is not None:
            self._offset = QPointF(*self._positions[self._grabbed]) - event.buttonDownPos()
