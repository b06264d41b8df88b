"""The colour and the mark of a column, the same in its card as in the plot."""

from __future__ import annotations

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.style import theme

SYMBOLS = ("o", "s", "t1", "d", "star", "t")
"""One a place, so that lines differ in more than their colour."""
MOST = len(SYMBOLS)
"""Learners that are compared at once: as many as there are marks and colours."""
SIZE = QSize(24, 14)
MARK = 8


def token(place: int) -> str:
    """Of the colours that the history tells runs apart by."""
    return f"run{place}"


def color(place: int) -> QColor:
    return theme.current().color(token(place))


class Chip(QWidget):
    """A piece of the column's line with its mark; of a closed form, dashed and without one."""

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._closed = False
        self.setFixedSize(SIZE)

    def show_closed(self, closed: bool) -> None:
        if closed != self._closed:
            self._closed = closed
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tone = QPainter(self), color(self._place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        pen = QPen(tone, 2)
        if self._closed:
            pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        painter.drawLine(QPointF(1, middle), QPointF(self.width() - 1, middle))
        if not self._closed:
            painter.translate(self.width() / 2, middle)
            painter.scale(MARK, MARK)
            painter.setPen(QPen(tone, 0.01))
            painter.setBrush(tone)
            painter.drawPath(Symbols[SYMBOLS[self._place]])
