"""The cells of a gridworld, its walls, and which of the four actions leads where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from workbench.gui.kinds.control.maps import Heading, Place, Square, WorldMap, spread
from workbench.gui.state.series import Array
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

MOVES = (Heading.UP, Heading.RIGHT, Heading.DOWN, Heading.LEFT)
"""As `tasks.control.maze` numbers them."""
ASIDE = 0.28
"""How far trajectories are drawn from the middle of a cell at most, in cells."""


def tr(text: str) -> str:
    return QCoreApplication.translate("MazeMap", text)


class MazeMap(WorldMap):
    def draw(self, painter: QPainter, square: Square, task: ControlTask) -> None:
        colors, size = paint.colors(), _size(task)
        walls = task.truth[5:].tolist()
        side = square.box.width() / size
        for cell, wall in enumerate(walls):
            row, column = divmod(cell, size)
            corner = QPointF(square.box.left() + column * side, square.box.top() + row * side)
            room = QRectF(corner.x(), corner.y(), side, side)
            painter.setPen(QPen(colors.border, 1))
            painter.setBrush(colors.muted if wall else Qt.BrushStyle.NoBrush)
            painter.drawRect(room)

    def label(self, painter: QPainter, square: Square, task: ControlTask) -> None:
        """Around the start, the number of the action that leads there."""
        size = _size(task)
        x, y = self.start(task)
        metrics = QFontMetricsF(painter.font())
        for action, move in enumerate(task.truth[1:5].tolist()):
            right, up = MOVES[int(move)].value
            at = square.point((x + 0.4 * right / size, y + 0.4 * up / size))
            half = metrics.height() / 2
            room = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
            painter.setPen(QPen(paint.colors().border, 1))
            painter.setBrush(paint.colors().surface)
            painter.drawEllipse(room)
            painter.setPen(paint.colors().text)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{action + 1}")

    def legend(self) -> str:
        return tr("○ start   ⊕ goal   1 to 4: the action that leads there")

    def start(self, task: ControlTask) -> Place:
        return _middle(_size(task) ** 2 // 2, _size(task))

    def goal(self, task: ControlTask) -> Place:
        return _middle(int(task.truth[0]), _size(task))

    def goal_radius(self, task: ControlTask) -> float:
        return 0.26 / _size(task)

    def with_goal(self, task: ControlTask, place: Place) -> ControlTask:
        size = _size(task)
        column, up = (min(max(int(part * size), 0), size - 1) for part in place)
        truth = task.truth.clone()
        truth[0] = (size - 1 - up) * size + column
        return task.at(truth)

    def places(self, task: ControlTask, lived: Lived) -> Array:
        """In their cells, a little aside of each other."""
        size, cells = _size(task), lived.observations.argmax(-1).numpy()
        rows, columns = np.divmod(cells, size)
        middles = np.stack([columns + 0.5, size - 0.5 - rows], -1)
        aside = np.stack([ASIDE * spread(number) for number in range(len(cells))])
        return np.asarray((middles + aside[:, None]) / size, np.float64)

    def action(self, task: ControlTask, heading: Heading) -> list[float]:
        """The one that these controls need to go there."""
        return [float(task.truth[1:5].tolist().index(MOVES.index(heading)))]


def _size(task: ControlTask) -> int:
    return int(task.family.params.size)


def _middle(cell: int, size: int) -> Place:
    row, column = divmod(cell, size)
    return (column + 0.5) / size, (size - 0.5 - row) / size
