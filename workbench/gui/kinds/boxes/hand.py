"""The mouse on the support scenes: which box it means, and what a drag makes of it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF

from workbench.gui.kinds.boxes import grips
from workbench.gui.kinds.boxes.editing import BoxEditing
from workbench.gui.kinds.boxes.grips import Grip
from workbench.gui.kinds.boxes.task import Box
from workbench.gui.kinds.boxes.tiles import Tiles

DRAWN = 4.0
"""Pixels that the mouse goes before a press on empty ground is the corner of a new box."""


class Meant(NamedTuple):
    """A box under the mouse, and the part of it that would be held."""

    scene: int
    box: int
    grip: Grip


class Held(NamedTuple):
    """What the mouse holds: where it was pressed, and the box as it was then."""

    scene: int
    start: QPointF
    grip: Grip | None
    """None for a box that is still to be drawn."""
    box: Box | None

    @property
    def drag(self) -> str:
        """Of all changes of one drag, and of no other one's."""
        return f"drag {self.start.x():g} {self.start.y():g}"


class Hand:
    """``tiles`` are where the scenes lie at the moment."""

    def __init__(self, editing: BoxEditing) -> None:
        self._editing = editing
        self._held: Held | None = None

    @property
    def holds(self) -> bool:
        return self._held is not None

    def meant(self, tiles: Tiles, at: QPointF) -> Meant | None:
        """The chosen box first, then the smallest; None on empty ground."""
        scene = self.near(tiles, at)
        if scene is None:
            return None
        tile, boxes, chosen = tiles.box(scene), self._editing.boxes(scene), self._editing.chosen
        order = sorted(range(len(boxes)), key=lambda n: boxes[n][2] * boxes[n][3])
        order.sort(key=lambda n: (scene, n) != chosen)
        held = ((n, grips.grip_at(grips.rect_of(boxes[n], tile), at)) for n in order)
        return next((Meant(scene, n, grip) for n, grip in held if grip is not None), None)

    def near(self, tiles: Tiles, at: QPointF) -> int | None:
        """The scene under the mouse, or one whose edge it is at."""
        half = grips.REACH / 2
        around = (
            scene
            for scene in range(tiles.count)
            if tiles.box(scene).adjusted(-half, -half, half, half).contains(at)
        )
        return next(around, None)

    # --- from press to release ---------------------------------------------------------------

    def press(self, tiles: Tiles, at: QPointF) -> bool:
        """Take hold of what is there; whether there is a scene at all."""
        scene, meant = self.near(tiles, at), self.meant(tiles, at)
        if scene is None:
            return False
        if meant is None:
            self._editing.choose(scene, None)
            self._held = Held(scene, at, None, None)
        else:
            self._editing.choose(meant.scene, meant.box)
            self._held = Held(scene, at, meant.grip, self._editing.place)
        return True

    def drag(self, tiles: Tiles, at: QPointF) -> None:
        """A box that went away while the mouse held it is let go."""
        held = self._held
        if held is None:
            return
        if held.grip is None:
            self._begin(held, tiles, at)
        elif self._editing.chosen is None or self._editing.scene != held.scene:
            self._held = None
        elif held.box is None:
            self._editing.put(_spanned(held, tiles, at), held.drag)
        else:
            self._change(held.box, held.grip, at - held.start, tiles.side)

    def release(self) -> None:
        self._held = None

    def _begin(self, held: Held, tiles: Tiles, at: QPointF) -> None:
        """Far enough from where it was pressed a new box is there, held by its far corner."""
        if (at - held.start).manhattanLength() < DRAWN:
            return
        self._editing.add(held.scene, _spanned(held, tiles, at), held.drag)
        if self._editing.chosen is not None:
            self._held = held._replace(grip=(1, 1))

    def _change(self, box: Box, grip: Grip, away: QPointF, side: float) -> None:
        by = (away.x() / side, away.y() / side)
        changed = grips.moved(box, *by) if grip == (0, 0) else grips.resized(box, grip, *by)
        if changed != self._editing.place and self._held is not None:
            self._editing.put(changed, self._held.drag)


def _spanned(held: Held, tiles: Tiles, at: QPointF) -> Box:
    """From where the mouse was pressed to where it is."""
    corner, other = (tiles.place(held.scene, point) for point in (held.start, at))
    return grips.between(corner, other)
