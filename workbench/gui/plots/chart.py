"""A small pyqtgraph plot that follows the theme."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.style import paint, theme

pg.setConfigOptions(antialias=True)


def pen(color: QColor, width: float = 1.0, dashed: bool = False) -> QPen:
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    line = QPen(color, width, style)
    line.setCosmetic(True)
    return line


def finite(values: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Values with a gap (NaN) where they are not finite, and which of them are."""
    data = np.asarray(values, dtype=float)
    mask = np.isfinite(data)
    return np.where(mask, data, math.nan), mask


class Chart(pg.PlotWidget):  # type: ignore[misc]
    """Bare axes, a faint grid, no menu and no mouse panning; `restyle` colours everything."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setObjectName(name)
        self.plot = self.getPlotItem()
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.showGrid(x=False, y=True, alpha=0.12)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setStyle(tickLength=-4, autoExpandTextSpace=True, hideOverlappingLabels=True)
            axis.enableAutoSIPrefix(False)
        self.plot.getAxis("left").setWidth(48)
        theme.current().follow(self.restyle)

    def add_corner(self, button: QWidget) -> None:
        """In the top right corner, where no title stands above the plot."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 2, 0)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)

    @Slot()
    def restyle(self) -> None:
        colors = paint.colors()
        self.setBackground(colors.surface)
        font = QFont(self.font())
        font.setPixelSize(11)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pen(colors.border))
            axis.setTextPen(pen(colors.muted))
            axis.setTickFont(font)
