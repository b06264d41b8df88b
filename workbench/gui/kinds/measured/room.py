"""The part of the plane that the plots of measurements show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.gui.kinds.measured.rows import Part

if TYPE_CHECKING:
    from workbench.tasks.measured.task import MeasuredTask

MARGIN = 0.08
"""Of the range of all rows, on either side of them."""
FIRST = (Part("x", 0), Part("y", 0))


class Room(NamedTuple):
    x: tuple[float, float]
    y: tuple[float, float]


def room_of(task: MeasuredTask, parts: tuple[Part, Part] = FIRST) -> Room:
    """The range of support and query rows in two columns."""
    return Room(*(_range(task, part) for part in parts))


def _range(task: MeasuredTask, part: Part) -> tuple[float, float]:
    columns = [
        (rows.x if part.kind == "x" else rows.y)[:, part.number]
        for rows in (task.support, task.query)
    ]
    values = [value for column in columns for value in column.tolist() if value == value]
    low, high = min(values), max(values)
    room = MARGIN * (high - low) or abs(low) * MARGIN or 1.0
    return low - room, high + room
