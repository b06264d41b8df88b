"""A small sheet to draw a character on with mouse or pen; every lifted stroke is reported."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from workbench.gui.style import paint

SIDE = 224
"""Pixels of the sheet on the screen."""
INK_SIDE = 112
"""Pixels of the drawing handed on; a whole multiple of 28, so that it shrinks evenly."""
PEN = 0.055
"""Width of the pen as a part of the sheet; about 1.5 pixels of a 28-pixel character."""


Strokes = tuple[tuple[tuple[float, float], ...], ...]
"""Stroke by stroke the points of a drawing, in the unit square."""


class InkCanvas(QWidget):
    """Mouse or pen draw; undo takes the last stroke back."""

    inkChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[tuple[float, float]]] = []
        self._drawing = False
        self.setObjectName("lab.canvas")
        self.setAccessibleName(self.tr("Drawing sheet"))
        self.setToolTip(self.tr("Draw with mouse or pen; Ctrl+Z takes the last stroke back"))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(SIDE, SIDE)

    @property
    def empty(self) -> bool:
        return not self._strokes

    def strokes(self) -> Strokes:
        return tuple(map(tuple, self._strokes))

    def show_strokes(self, strokes: Strokes) -> None:
        """Go on with a drawing; it is not reported as a new one."""
        self._strokes = [list(stroke) for stroke in strokes]
        self._drawing = False
        self.update()

    def ink(self) -> np.ndarray:
        """The drawing as ``[112, 112]`` floats, ink = 1."""
        image = QImage(INK_SIDE, INK_SIDE, QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        self._draw_strokes(painter, INK_SIDE, QColor("white"))
        painter.end()
        data = np.frombuffer(image.constBits(), np.uint8).reshape(INK_SIDE, image.bytesPerLine())
        return data[:, :INK_SIDE].astype(np.float32) / 255.0

    @Slot()
    def undo_stroke(self) -> None:
        if self._strokes:
            self._strokes.pop()
            self._changed()

    @Slot()
    def clear(self) -> None:
        if self._strokes:
            self._strokes.clear()
            self._changed()

    def _changed(self) -> None:
        self.update()
        self.inkChanged.emit()

    # --- Qt ----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._extend(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen; taken here, since the mouse events made of it come fewer and later."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QEvent.Type.TabletMove:
            self._extend(event.position())
        else:
            self._end()
        event.accept()

    def _begin(self, at: QPointF) -> None:
        self._strokes.append([self._unit(at)])
        self._drawing = True
        self.update()

    def _extend(self, at: QPointF) -> None:
        if self._drawing:
            self._strokes[-1].append(self._unit(at))
            self.update()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self._changed()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("The drawing sheet"), (
            (self.tr("Undo a stroke"), "Ctrl+Z"),
            (self.tr("Clear"), "Del"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.undo_stroke()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = paint.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.border))
        painter.setBrush(colors.paper)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if not self._strokes:
            painter.setPen(colors.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Draw here"))
        self._draw_strokes(painter, self.width(), colors.ink)

    def _draw_strokes(self, painter: QPainter, side: int, color: QColor) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(side, side)
        pen = QPen(color, PEN)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            painter.drawPath(_path(stroke))
        painter.restore()

    def _unit(self, position: QPointF) -> tuple[float, float]:
        x = min(max(position.x() / self.width(), 0.0), 1.0)
        y = min(max(position.y() / self.height(), 0.0), 1.0)
        return round(x, 4), round(y, 4)


def _path(stroke: list[tuple[float, float]]) -> QPainterPath:
    """A single point becomes a dot."""
    path = QPainterPath(QPointF(*stroke[0]))
    path.lineTo(QPointF(*stroke[0]) + QPointF(1e-4, 0))
    for point in stroke[1:]:
        path.lineTo(QPointF(*point))
    return path
