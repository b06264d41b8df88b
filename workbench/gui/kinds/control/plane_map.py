"""The plane of navigation: goals within a dashed square, the start in its middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from workbench.gui.kinds.control.maps import Heading, Place, Square, WorldMap
from workbench.gui.state.series import Array
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

REACH = 0.8
"""Half of the side that is shown: goals lie within 0.5, and trajectories go beyond."""


def tr(text: str) -> str:
    return QCoreApplication.translate("PlaneMap", text)


class PlaneMap(WorldMap):
    def draw(self, painter: QPainter, square: Square, task: ControlTask) -> None:
        from workbench.tasks.navigation import GOALS

        colors, box = paint.colors(), square.box
        painter.setPen(QPen(colors.border, 1))
        middle = square.point((0.5, 0.5))
        painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), box.top()), QPointF(middle.x(), box.bottom()))
        painter.setPen(QPen(colors.muted, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ends = (_unit(-GOALS, GOALS), _unit(GOALS, -GOALS))
        painter.drawRect(QRectF(*(square.point(end) for end in ends)))

    def label(self, painter: QPainter, square: Square, task: ControlTask) -> None:
        from workbench.tasks.navigation import GOALS

        painter.setPen(paint.colors().muted)
        for value in (-GOALS, GOALS):
            at = square.point(_unit(value, -GOALS))
            room = QRectF(at.x() - 24, at.y() + 2, 48, 14)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{value:g}")

    def legend(self) -> str:
        return tr("○ start   ⊕ goal   ┄ where goals may lie")

    def start(self, task: ControlTask) -> Place:
        return 0.5, 0.5

    def goal(self, task: ControlTask) -> Place:
        x, y = task.truth.tolist()
        return _unit(x, y)

    def goal_radius(self, task: ControlTask) -> float:
        return 0.03

    def with_goal(self, task: ControlTask, place: Place) -> ControlTask:
        from workbench.tasks.navigation import GOALS

        x, y = (min(max((part - 0.5) * 2 * REACH, -GOALS), GOALS) for part in place)
        return task.at(task.truth.new_tensor([x, y]))

    def places(self, task: ControlTask, lived: Lived) -> Array:
        seen: Array = lived.observations.numpy().astype(np.float64)
        return 0.5 + seen / (2 * REACH)

    def action(self, task: ControlTask, heading: Heading) -> list[float]:
        """As far as one step goes."""
        from workbench.tasks.navigation import REACH as STEP

        return [STEP / task.family.params.scale * part for part in heading.value]


def _unit(x: float, y: float) -> Place:
    return 0.5 + x / (2 * REACH), 0.5 + y / (2 * REACH)
