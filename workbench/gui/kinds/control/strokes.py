"""Which trajectories are drawn, and how: coloured by inner step, the one looked at strong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

from workbench.gui.kinds.control.maps import WorldMap, paths
from workbench.gui.kinds.control.sketch import Stroke
from workbench.gui.kinds.control.task import lived_at
from workbench.gui.style import paint, theme

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.tasks.control.task import ControlTask

MOST, GHOSTS = 40, 12
"""Trajectories that are drawn of the step looked at, and of every other; and steps beside it."""


def step_color(step: int, last: int) -> QColor:
    """From the colour of what is before adapting to that of what is after it."""
    return paint.blend(paint.colors().support, paint.colors().accent, step / max(last, 1))


def hand_color() -> QColor:
    """Of what a person has driven."""
    return theme.current().color("third")


def shown_steps(count: int, cursor: int) -> list[int]:
    """All of a few, else some on the way; the one looked at comes last, on top."""
    on_the_way = np.linspace(0, count - 1, min(count, GHOSTS)).round().astype(int).tolist()
    return [step for step in dict.fromkeys(on_the_way) if step != cursor] + [cursor][:count]


def judged_on(
    world: WorldMap, task: ControlTask, steps: Sequence[AdaptStep], cursor: int
) -> list[Stroke]:
    """Query trajectories of all steps."""
    found = []
    for number in shown_steps(len(steps), cursor):
        lived, own = lived_at(steps[number], support=False), number == cursor
        if lived is None:
            continue
        color = step_color(number, len(steps) - 1)
        color.setAlphaF(0.9 if own else 0.25)
        drawn = paths(world, task, lived)[: MOST if own else GHOSTS]
        found += [Stroke(path, color) for path in drawn]
    return found


def learned_from(
    world: WorldMap, task: ControlTask, steps: Sequence[AdaptStep], cursor: int
) -> list[Stroke]:
    """Support trajectories of one step: those left out are pale, those driven by hand stand out."""
    lived = lived_at(steps[cursor], support=True) if steps else None
    if lived is None:
        return []
    color, pale = step_color(cursor, len(steps) - 1), QColor(paint.colors().muted)
    color.setAlphaF(0.85)
    pale.setAlphaF(0.4)
    found = []
    for number, path in enumerate(paths(world, task, lived)[:MOST]):
        if number in task.left_out:
            found.append(Stroke(path, pale, dashed=True))
        elif number in task.driven:
            found.append(Stroke(path[: len(task.driven[number]) + 1], hand_color(), 3.0))
        else:
            found.append(Stroke(path, color))
    return found


def driven(world: WorldMap, task: ControlTask, steps: Sequence[AdaptStep]) -> list[Stroke]:
    """What a person has driven, which is the same at every step."""
    lived = lived_at(steps[0], support=True) if steps else None
    if lived is None:
        return []
    whole = paths(world, task, lived)
    return [
        Stroke(whole[number][: len(acts) + 1], hand_color(), 3.0)
        for number, acts in task.driven.items()
        if number not in task.left_out
    ]
