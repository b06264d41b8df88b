"""The goal under the hand: dropped by a click, or dragged."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.control.maps import Place
from workbench.gui.kinds.control.task import control_in_view
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.lab.state import LabState


class GoalEditing(QObject):
    """Every place is one change that can be undone; those of one drag are undone together.

    `refused` comes with a place that no goal may have, such as a wall.
    """

    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state

    @Slot(float, float)
    def drop(self, x: float, y: float) -> None:
        self._move((x, y), "")

    @Slot(float, float)
    def drag(self, x: float, y: float) -> None:
        self._move((x, y), "goal")

    def _move(self, place: Place, kind: str) -> None:
        task, world = control_in_view(self._state), map_of(self._state.task)
        if task is None or world is None:
            return
        try:
            moved = world.with_goal(task, place)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        if not bool((moved.truth == task.truth).all()):
            self.accepted.emit()
            self._state.edit(moved, kind)
