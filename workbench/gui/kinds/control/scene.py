"""What is drawn on the map at a moment: trajectories, those that are played back, or a drive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from workbench.gui.kinds.control import strokes
from workbench.gui.kinds.control.driving import Driving
from workbench.gui.kinds.control.maps import Place, WorldMap, paths
from workbench.gui.kinds.control.sketch import Stroke
from workbench.gui.kinds.control.task import control_in_view, lived_at
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.tasks.control.task import ControlTask


@dataclass(frozen=True)
class Scene:
    """All that is drawn at a moment."""

    world: WorldMap
    task: ControlTask
    strokes: Sequence[Stroke] = ()
    walkers: Sequence[tuple[Place, QColor]] = ()
    """Where trajectories are that are played back, or the one that is driven."""
    last: int = 0
    """The last of the steps that colours stand for; 0 where they stand for none."""


def driven(driving: Driving) -> Scene | None:
    """A person on the way."""
    task, world, color = driving.task, map_of(driving.task), strokes.hand_color()
    if task is None or world is None:
        return None
    own = Stroke(driving.path(world), color, 3.0)
    return Scene(world, task, (own,), ((driving.place(world), color),))


def played(state: LabState, support: bool, time: int) -> Scene | None:
    """All trajectories of a set of the step looked at, as far as a time."""
    task, world = control_in_view(state), map_of(state.task)
    lived = lived_at(state.current, support)
    if task is None or world is None or lived is None:
        return None
    color = strokes.step_color(state.cursor, len(state.steps) - 1)
    trail = QColor(color)
    trail.setAlphaF(0.4)
    ways = [way[: time + 1] for way in paths(world, task, lived)[: strokes.MOST]]
    walkers: list[tuple[Place, QColor]] = [((way[-1][0], way[-1][1]), color) for way in ways]
    return Scene(world, task, [Stroke(way, trail) for way in ways], walkers)


def whole(state: LabState, support: bool, chosen: int | None) -> Scene | None:
    """Trajectories of all steps; the chosen one of the support set on top."""
    task, world = control_in_view(state), map_of(state.task)
    if task is None or world is None:
        return None
    steps, cursor = state.steps, state.cursor
    if support:
        drawn = strokes.learned_from(world, task, steps, cursor)
    else:
        drawn = strokes.judged_on(world, task, steps, cursor)
        drawn += strokes.driven(world, task, steps)
    shown = [*drawn, *_chosen(state, world, task, chosen)]
    return Scene(world, task, shown, last=max(len(steps) - 1, 0))


def _chosen(
    state: LabState, world: WorldMap, task: ControlTask, number: int | None
) -> list[Stroke]:
    """What was driven stands out as it is."""
    lived = lived_at(state.current, support=True)
    if number is None or lived is None or number >= len(lived.rewards) or number in task.driven:
        return []
    return [Stroke(paths(world, task, lived)[number], paint.colors().text, 2.0, dashed=True)]
