"""Boxes as tables to take away: a row a box, with all digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.gui.kinds.boxes.task import Told
from workbench.gui.takeaway.sheet import Cell, Table

if TYPE_CHECKING:
    from workbench.tasks.detection.scene import Scene

PLACE = ("centre x", "centre y", "width", "height")


def annotated(scenes: Sequence[Scene]) -> Table:
    """The boxes that stand in scenes, as shares of their sides."""
    rows: list[tuple[Cell, ...]] = [
        (at + 1, scene.name, *box) for at, scene in enumerate(scenes) for box in scene.boxes
    ]
    return Table(("scene", "name", *PLACE), rows)


def found(scenes: Sequence[Scene], told: Sequence[Sequence[Told]]) -> Table:
    """Those that a learner finds, and those that are there."""
    rows: list[tuple[Cell, ...]] = []
    for at, scene in enumerate(scenes):
        rows += [(at + 1, scene.name, "annotated", 1.0, *box) for box in scene.boxes]
        mine = told[at] if at < len(told) else ()
        rows += [(at + 1, scene.name, "found", one.sure, *one.box) for one in mine]
    return Table(("scene", "name", "box", "sure", *PLACE), rows)
