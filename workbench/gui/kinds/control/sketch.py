"""A task seen from above in whatever room there is: ground, start, goal and trajectories."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from workbench.gui.kinds.control.maps import Square, WorldMap
from workbench.gui.state.series import Array
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.control.task import ControlTask


CROSSED = 4.0
"""Pixels of a goal's radius from which on its cross can be seen."""


class Stroke(NamedTuple):
    """A trajectory as it is drawn; ``path [length + 1, 2]`` in the unit square."""

    path: Array
    color: QColor
    width: float = 1.0
    """Up to one pixel Qt draws lines many times as fast as wider ones."""
    dashed: bool = False


def draw(
    painter: QPainter,
    square: Square,
    world: WorldMap,
    task: ControlTask,
    strokes: Iterable[Stroke] = (),
    words: bool = False,
) -> None:
    """What leaves the square is cut off at its edge; ``words`` are for where they can be read."""
    colors = paint.colors()
    painter.setPen(QPen(colors.border, 1))
    painter.setBrush(colors.paper)
    painter.drawRect(square.box)
    world.draw(painter, square, task)
    painter.save()
    painter.setClipRect(square.box.adjusted(1, 1, -1, -1))
    for stroke in strokes:
        draw_stroke(painter, square, stroke)
    painter.restore()
    draw_start(painter, square, world, task)
    draw_goal(painter, square, world, task)
    if words:
        world.label(painter, square, task)


def draw_stroke(painter: QPainter, square: Square, stroke: Stroke) -> None:
    style = Qt.PenStyle.DashLine if stroke.dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(stroke.color, stroke.width, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(square.polygon(stroke.path))


def draw_start(painter: QPainter, square: Square, world: WorldMap, task: ControlTask) -> None:
    """A ring."""
    colors, half = paint.colors(), _radius(square, world, task) * 0.7
    painter.setPen(QPen(colors.text, 1.5))
    painter.setBrush(colors.paper)
    painter.drawEllipse(square.point(world.start(task)), half, half)


def draw_goal(painter: QPainter, square: Square, world: WorldMap, task: ControlTask) -> None:
    """A disc with a cross in it, so that its colour is not all that tells it."""
    colors, half = paint.colors(), _radius(square, world, task)
    at = square.point(world.goal(task))
    painter.setPen(QPen(colors.surface, 1.5) if half >= CROSSED else Qt.PenStyle.NoPen)
    painter.setBrush(colors.good)
    painter.drawEllipse(at, half, half)
    if half < CROSSED:
        return
    painter.setPen(QPen(colors.surface, max(half / 5, 1.0)))
    arm = half * 0.55
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))


def _radius(square: Square, world: WorldMap, task: ControlTask) -> float:
    return max(world.goal_radius(task) * square.box.width(), 3.0)
