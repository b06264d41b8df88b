"""Which map a task is seen on."""

from __future__ import annotations

from workbench.gui.kinds.control.maps import WorldMap
from workbench.gui.kinds.control.maze_map import MazeMap
from workbench.gui.kinds.control.plane_map import PlaneMap
from workbench.gui.kinds.control.task import GRIDWORLD, NAVIGATION
from workbench.gui.lab import type_names


def map_of(task: object) -> WorldMap | None:
    """The map of a task's world; None for one that cannot be seen from above."""
    if type_names.is_a(task, NAVIGATION):
        return PlaneMap()
    return MazeMap() if type_names.is_a(task, GRIDWORLD) else None
