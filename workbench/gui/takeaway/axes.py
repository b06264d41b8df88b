"""The frame of a plot: where its values lie in pixels, its grid, its numbers and their units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from workbench.gui.state.series import Array
from workbench.gui.style import theme
from workbench.gui.takeaway import marks, ticks
from workbench.gui.takeaway.ticks import Tick, Ticks

SMALL = 12
"""Pixels of the numbers, and of what they count."""
GAP, EACH_X, EACH_Y = 6.0, 76.0, 44.0
"""Between text and line; and room that a number takes along either axis."""
MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Axes:
    """``y_range`` holds decimal logarithms where ``log`` is set, all else plain values."""

    x_title: str
    y_title: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    log: bool = False
    whole: bool = False
    """x counts something: its numbers are whole ones."""
    x_ticks: Ticks | None = None
    y_ticks: Ticks | None = None
    right: Ticks = ()
    """Words at the right edge."""
    remarks: Ticks = ()
    """Words at the left edge of the plot itself, in place of what cannot be drawn there."""


@dataclass(frozen=True)
class Frame:
    """Between the numbers of the axes and the pixels of ``plot``."""

    plot: QRectF
    axes: Axes
    x_ticks: list[Tick]
    y_ticks: list[Tick]

    @classmethod
    def within(cls, box: QRectF, axes: Axes) -> Frame:
        """What is left of a box beside the texts of the axes."""
        font = theme.current().font(SMALL)
        metrics, line = QFontMetricsF(font), QFontMetricsF(font).height()
        most_y = max(int((box.height() - 3 * line) / EACH_Y), 2)
        y_ticks = _y_ticks(axes, most_y)
        widest = max((metrics.horizontalAdvance(text) for _, text in y_ticks), default=0.0)
        beside = max((metrics.horizontalAdvance(text) for _, text in axes.right), default=0.0)
        left = widest + 2 * GAP + (line + 2 if axes.y_title else 0)
        below = line + GAP + (line + 4 if axes.x_title else 0)
        right = beside + 2 * GAP if axes.right else 14.0
        plot = box.adjusted(left, line / 2, -right, -below)
        x_ticks = _x_ticks(axes, max(int(plot.width() / EACH_X), 2))
        return cls(plot, axes, x_ticks, y_ticks)

    def x(self, values: Array) -> Array:
        """Pixels from the left of the page."""
        low, high = self.axes.x_range
        return self.plot.left() + (values - low) / (high - low) * self.plot.width()

    def y(self, values: Array) -> Array:
        """Pixels from the top; what has no logarithm is nowhere (NaN)."""
        if self.axes.log:
            values = np.log10(np.where(values > 0, values, np.nan))
        return self.up(values)

    def up(self, values: Array) -> Array:
        """Pixels from the top, of values as the axis counts them."""
        low, high = self.axes.y_range
        values = np.where(np.isfinite(values), values, np.nan)
        return self.plot.bottom() - (values - low) / (high - low) * self.plot.height()

    def across(self, at: float, upright: bool) -> tuple[Array, Array]:
        """Both ends of a line through the whole plot, in pixels."""
        plot, twice = self.plot, np.array([at, at])
        if upright:
            return self.x(twice), np.array([plot.top(), plot.bottom()])
        return np.array([plot.left(), plot.right()]), self.y(twice)

    def holds(self, x: Array, y: Array) -> NDArray[np.bool_]:
        """Which points, in pixels, lie on the plot or at its very edge."""
        near = self.plot.adjusted(-1, -1, 1, 1)
        across, up = (x >= near.left()) & (x <= near.right()), (y >= near.top())
        found: NDArray[np.bool_] = across & up & (y <= near.bottom())
        return found


def _x_ticks(axes: Axes, most: int) -> list[Tick]:
    if axes.x_ticks is not None:
        return list(axes.x_ticks)
    return ticks.linear(*axes.x_range, most, axes.whole)


def _y_ticks(axes: Axes, most: int) -> list[Tick]:
    if axes.y_ticks is not None:
        return list(axes.y_ticks)
    return (ticks.logarithmic if axes.log else ticks.linear)(*axes.y_range, most)


def draw(painter: QPainter, frame: Frame, axes: Axes) -> None:
    """Grid and numbers of both axes, and their titles."""
    plot, look = frame.plot, theme.current()
    painter.setFont(look.font(SMALL))
    line = QFontMetricsF(painter.font()).height()
    _draw_upright(painter, frame, line)
    _draw_across(painter, frame, line)
    painter.setPen(marks.pen("borderStrong", 1.0))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.drawLine(plot.bottomLeft(), plot.topLeft())
    painter.setPen(look.color("text"))
    center = Qt.AlignmentFlag.AlignCenter
    if axes.x_title:
        below = QRectF(plot.left(), plot.bottom() + GAP + line, plot.width(), line + 4)
        painter.drawText(below, center, axes.x_title)
    if axes.y_title:
        _draw_turned(painter, frame, axes.y_title, line)


def _draw_upright(painter: QPainter, frame: Frame, line: float) -> None:
    plot, look = frame.plot, theme.current()
    for value, text in frame.y_ticks:
        y = float(frame.up(np.array(value)))
        if not plot.top() - 1 <= y <= plot.bottom() + 1:
            continue
        painter.setPen(marks.pen("border", 0.8))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(look.color("muted"))
        room = QRectF(0.0, y - line, plot.left() - GAP, 2 * line)
        painter.drawText(room, MIDDLE | Qt.AlignmentFlag.AlignRight, text)
    painter.setPen(look.color("text"))
    for value, text in frame.axes.right:
        y = float(frame.up(np.array(value)))
        painter.drawText(QPointF(plot.right() + 2 * GAP, y + line / 3), text)


def draw_remarks(painter: QPainter, frame: Frame) -> None:
    """On a ground of their own, over what runs through."""
    look, metrics = theme.current(), QFontMetricsF(theme.current().font(SMALL))
    painter.setFont(look.font(SMALL))
    painter.setPen(look.color("muted"))
    for value, text in frame.axes.remarks:
        y, line = float(frame.up(np.array(value))), metrics.height()
        room = QRectF(frame.plot.left() + 2 * GAP, y - line / 2, 0, line)
        room.setWidth(metrics.horizontalAdvance(text) + GAP)
        painter.fillRect(room, look.color("surface"))
        painter.drawText(room, MIDDLE, text)


def _draw_across(painter: QPainter, frame: Frame, line: float) -> None:
    plot, end = frame.plot, -np.inf
    metrics = QFontMetricsF(painter.font())
    for value, text in frame.x_ticks:
        x, half = float(frame.x(np.array(value))), metrics.horizontalAdvance(text) / 2
        if not plot.left() - 1 <= x <= plot.right() + 1 or x - half < end:
            continue
        end = x + half + GAP
        painter.setPen(marks.pen("borderStrong", 1.0))
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
        painter.setPen(theme.current().color("muted"))
        room = QRectF(x - half - 4, plot.bottom() + GAP, 2 * half + 8, line)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _draw_turned(painter: QPainter, frame: Frame, title: str, line: float) -> None:
    """Upwards along the axis, beside its numbers."""
    plot, metrics = frame.plot, QFontMetricsF(painter.font())
    widest = max((metrics.horizontalAdvance(text) for _, text in frame.y_ticks), default=0.0)
    painter.save()
    painter.translate(plot.left() - widest - 2 * GAP - line / 2, plot.center().y())
    painter.rotate(-90)
    room = QRectF(-plot.height() / 2 - 40, -line / 2 - 2, plot.height() + 80, line + 4)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, title)
    painter.restore()
