"""A person in the policy's place: keys are actions, and the world answers by its own rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from workbench.gui.kinds.control.maps import Heading, Place, WorldMap
from workbench.gui.kinds.control.task import control_in_view
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.lab.state import LabState
from workbench.gui.state.series import Array

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

HEADINGS = {
    Qt.Key.Key_Up: Heading.UP,
    Qt.Key.Key_Right: Heading.RIGHT,
    Qt.Key.Key_Down: Heading.DOWN,
    Qt.Key.Key_Left: Heading.LEFT,
}


class Driving(QObject):
    """`changed` comes with every step, `ended` with the actions ``[h][width]`` of a whole drive.

    It ends by itself at the goal and after as many steps as a trajectory has.
    """

    changed = Signal()
    ended = Signal(list)

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.on = False
        self.actions: list[list[float]] = []
        self._lived: Lived | None = None
        state.taskChanged.connect(self.give_up)

    @property
    def task(self) -> ControlTask | None:
        return control_in_view(self._state)

    @property
    def horizon(self) -> int:
        return 0 if self.task is None else int(self.task.family.params.horizon)

    @property
    def earned(self) -> float:
        return 0.0 if self._lived is None else float(self._lived.rewards.sum())

    @property
    def arrived(self) -> bool:
        return self._lived is not None and bool(self._lived.terminal.any())

    def start(self) -> None:
        if self.task is not None and map_of(self.task) is not None:
            self.on, self.actions = True, []
            self._live()

    def give_up(self) -> None:
        """Nothing was driven."""
        if self.on:
            self.on, self.actions = False, []
            self.changed.emit()

    def finish(self) -> None:
        """What was driven so far is the whole of it."""
        if not self.actions:
            self.give_up()
            return
        driven, self.on = self.actions, False
        self.changed.emit()
        self.ended.emit(driven)

    def go(self, heading: Heading) -> None:
        task, world = self.task, map_of(self.task)
        if not self.on or task is None or world is None:
            return
        self.actions.append(world.action(task, heading))
        self._live()
        if self.arrived or len(self.actions) >= self.horizon:
            self.finish()

    def take_back(self) -> None:
        if self.on and self.actions:
            self.actions.pop()
            self._live()

    def press(self, key: int) -> bool:
        """Whether a key is one of those that drive."""
        if key in HEADINGS:
            self.go(HEADINGS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key == Qt.Key.Key_Backspace:
            self.take_back()
        elif key == Qt.Key.Key_Escape:
            self.give_up()
        else:
            return False
        return True

    def path(self, world: WorldMap) -> Array:
        """``[steps + 1, 2]`` in the unit square."""
        assert self.task is not None
        if self._lived is None:
            return np.array([world.start(self.task)])
        found: Array = world.places(self.task, self._lived)[0]
        return found

    def place(self, world: WorldMap) -> Place:
        x, y = self.path(world)[-1].tolist()
        return x, y

    def _live(self) -> None:
        """From the start on, by the rules that the policy's trajectories have."""
        assert self.task is not None
        self._lived = _lived(self.task, self.actions) if self.actions else None
        self.changed.emit()


def _lived(task: ControlTask, actions: list[list[float]]) -> Lived:
    """The one trajectory of these actions."""
    import torch

    alone = task.family.rollouts(task.truth, task.support_seed, 1)
    taken = torch.tensor(actions).view(1, len(actions), task.family.actions.width)
    told = replace(alone, driven=taken, terms=replace(alone.terms, horizon=len(actions)))
    idle = torch.zeros(1, task.family.actions.outputs)
    return told.lived(lambda seen: idle)
