"""A world that can be seen from above: where things are, and what a hand may do there.

Places are in the unit square, x to the right and y upwards, whatever the world counts in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from workbench.gui.state.series import Array
from workbench.gui.takeaway import marks

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

Place = tuple[float, float]


class Heading(Enum):
    """Where an arrow key leads: to the right and upwards."""

    UP = (0, 1)
    RIGHT = (1, 0)
    DOWN = (0, -1)
    LEFT = (-1, 0)


@dataclass(frozen=True)
class Square:
    """The pixels of a map: the largest square in the middle of a box."""

    box: QRectF

    @classmethod
    def within(cls, room: QRectF, margin: float = 0.0) -> Square:
        side = max(min(room.width(), room.height()) - 2 * margin, 1.0)
        middle = room.center()
        return cls(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))

    def point(self, place: Place) -> QPointF:
        x, y = place
        box = self.box
        return QPointF(box.left() + x * box.width(), box.bottom() - y * box.height())

    def polygon(self, path: Array) -> QPolygonF:
        """Of places ``[n, 2]``."""
        box = self.box
        across = box.left() + path[:, 0] * box.width()
        return marks.polygon(across, box.bottom() - path[:, 1] * box.height())

    def place(self, point: QPointF) -> Place:
        box = self.box
        across = (point.x() - box.left()) / box.width()
        return across, (box.bottom() - point.y()) / box.height()


class WorldMap(ABC):
    """One kind of world, seen from above."""

    @abstractmethod
    def draw(self, painter: QPainter, square: Square, task: ControlTask) -> None:
        """The ground."""

    @abstractmethod
    def label(self, painter: QPainter, square: Square, task: ControlTask) -> None:
        """What stands on it in small letters, over whatever else is drawn."""

    @abstractmethod
    def legend(self) -> str:
        """What the marks mean, in one line."""

    @abstractmethod
    def start(self, task: ControlTask) -> Place: ...

    @abstractmethod
    def goal(self, task: ControlTask) -> Place: ...

    @abstractmethod
    def goal_radius(self, task: ControlTask) -> float:
        """Of the mark of a goal, as a part of the square's side."""

    @abstractmethod
    def with_goal(self, task: ControlTask, place: Place) -> ControlTask:
        """The task with its goal as near to a place as can be; raises `BadInput`."""

    @abstractmethod
    def places(self, task: ControlTask, lived: Lived) -> Array:
        """``[n, H + 1, 2]``, where every trajectory was before each step and after the last."""

    @abstractmethod
    def action(self, task: ControlTask, heading: Heading) -> list[float]:
        """What a policy would have to do to go there."""


def paths(world: WorldMap, task: ControlTask, lived: Lived) -> list[Array]:
    """``[length + 1, 2]`` of every trajectory, to its end."""
    steps = lived.alive.sum(-1).long().tolist()
    return [
        places[: count + 1] for places, count in zip(world.places(task, lived), steps, strict=True)
    ]


def spread(number: int) -> Array:
    """A small shift of a trajectory, within ±1, so that those on one way can be told apart."""
    turn = number * 2.399963  # the golden angle: no two lie on one spot
    far = 0.0 if number == 0 else 0.35 + 0.65 * ((number * 0.618034) % 1)
    return far * np.array([np.cos(turn), np.sin(turn)])
