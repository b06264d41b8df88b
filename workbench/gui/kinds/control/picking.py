"""What a hand does to support trajectories: switch off and on, draw anew, keep and lock a drive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.control.task import control_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import Locked

if TYPE_CHECKING:
    from workbench.tasks.control.task import ControlTask


class Picking(QObject):
    """Every change is a task of its own, which can be undone; `chosen` is the trajectory that
    buttons and keys mean, None where nobody chose one."""

    chosenChanged = Signal()
    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.chosen: int | None = None

    @property
    def task(self) -> ControlTask | None:
        return control_in_view(self._state)

    @property
    def count(self) -> int:
        return 0 if self.task is None else int(self.task.family.params.shots)

    @property
    def locked(self) -> frozenset[int]:
        """Numbers of drives that stay when others are drawn."""
        held = self._state.workspace.in_view.locked
        return frozenset(number for _, number in held if self.is_driven(number))

    def is_driven(self, number: int | None) -> bool:
        """Only these can be locked: what the policy does, it does anew."""
        return self.task is not None and number in self.task.driven

    @Slot()
    def toggle_lock(self) -> None:
        if self.chosen is not None and self.is_driven(self.chosen):
            self._state.workspace.in_view.toggle_lock((0, self.chosen))

    def choose(self, number: int | None) -> None:
        if number != self.chosen:
            self.chosen = number
            self.chosenChanged.emit()

    def toggle(self, number: int) -> None:
        task = self.task
        if task is None:
            return
        if number in task.left_out:
            self._edit(replace(task, left_out=task.left_out - {number}))
            return
        try:
            self._edit(task.without((0, number)))
        except BadInput as problem:
            self.refused.emit(problem)

    def draw_anew(self) -> None:
        """The chosen one; one that was driven is the policy's own again."""
        if self.task is not None and self.chosen is not None:
            held = self._state.workspace.in_view.locked - {(0, self.chosen)}
            self._edit(self.task.drawn_anew((0, self.chosen)), held)

    def draw_all_anew(self) -> None:
        """All that are the policy's own."""
        from workbench.core.seeds import generator

        task = self.task
        if task is not None:
            self._edit(task.another_support(generator(task.support_seed, "all anew")))

    def only_chosen(self) -> None:
        if self.task is not None and self.chosen is not None:
            others = frozenset(range(self.count)) - {self.chosen}
            self._edit(replace(self.task, left_out=others))

    def take_all(self) -> None:
        if self.task is not None:
            self._edit(replace(self.task, left_out=frozenset()))

    @Slot(list)
    def keep_drive(self, actions: list[list[float]]) -> None:
        """In the place of the chosen trajectory, else of the first that nobody has driven.

        The first drive is imitated alone: the sampled ones are switched off, and can be taken in
        again.
        """
        import torch

        task = self.task
        if task is None:
            return
        number = self._place_for_drive(task)
        edited = task.with_item((0, number), torch.tensor(actions))
        if not task.driven:
            edited = replace(edited, left_out=frozenset(range(self.count)) - {number})
        self._edit(edited)
        self.choose(number)

    def _place_for_drive(self, task: ControlTask) -> int:
        if self.chosen is not None and self.chosen < self.count:
            return self.chosen
        free = (number for number in range(self.count) if number not in task.driven)
        return next(free, 0)

    def _edit(self, task: ControlTask, locked: Locked | None = None) -> None:
        self.accepted.emit()
        self._state.edit(task, locked=locked)
