"""What can be done to the ratings of a task: rate, add, remove, order, lock, be somebody else."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.errors import BadInput
from workbench.gui.kinds.ratings.stars import Scale
from workbench.gui.kinds.ratings.task import rated_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import locks_without

if TYPE_CHECKING:
    from workbench.gui.state.task_in_view import Locked
    from workbench.tasks.rated.rated_task import RatedTask


class RatingEditing(QObject):
    """Every change makes a new task, and the lab re-adapts by itself.

    `refused` carries the problem of a change that cannot be, `accepted` says that one was made.
    """

    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state

    @property
    def task(self) -> RatedTask | None:
        return rated_in_view(self._state)

    @property
    def scale(self) -> Scale:
        task = self.task
        return Scale(1, 5) if task is None else Scale(task.pool.lowest, task.pool.highest)

    def rate(self, place: int, stars: float) -> None:
        task = self.task
        if task is not None and task.support[place].stars != stars:
            self._do(lambda task: task.with_stars(place, stars), kind=f"stars {place}")

    def add(self, item: int, stars: float | None = None) -> None:
        """An item with stars; without, what the user gave it, else what most give it."""
        self._do(lambda task: task.with_added(item, self._usual(task, item, stars)))

    def add_yourself(self, item: int, stars: float | None = None) -> None:
        """Of a person of whom nothing else is known: the first rating."""

        def first(task: RatedTask) -> RatedTask:
            from workbench.tasks.rated.rated_task import Rating

            return task.yourself([Rating(item, self._usual(task, item, stars))])

        self._do(first, frozenset())

    def remove(self, place: int) -> None:
        held = self._state.workspace.in_view.locked
        self._do(lambda task: task.without((0, place)), locks_without(held, (0, place)))

    def move(self, place: int, to: int) -> None:
        """Another order of the cards; locks go with theirs."""
        task = self.task
        if task is None or not 0 <= to < len(task.support):
            return
        order = list(range(len(task.support)))
        order.insert(to, order.pop(place))
        held = self._state.workspace.in_view.locked
        locked = frozenset((0, at) for at, old in enumerate(order) if (0, old) in held)
        self._do(lambda task: task.moved(place, to), locked)

    def toggle_lock(self, place: int) -> None:
        self._state.workspace.in_view.toggle_lock((0, place))

    def roll(self, place: int) -> None:
        """Another item that the user has rated, in place of one."""
        from workbench.core.seeds import generator

        def other(task: RatedTask) -> RatedTask:
            kept = {slot for slot in task.slots if slot != (0, place)}
            return task.redrawn(task, kept, generator("by hand", random.getrandbits(31)))

        self._do(other)

    def read(self, files: list[Path]) -> None:
        self._do(lambda task: task.with_support_files(files), frozenset())

    def _usual(self, task: RatedTask, item: int, stars: float | None) -> float:
        if stars is not None:
            return stars
        given = task.given(item)
        return self.scale.rounded(task.mean(item)) if given is None else given

    def _do(
        self,
        change: Callable[[RatedTask], RatedTask],
        locked: Locked | None = None,
        kind: str = "",
    ) -> None:
        task = self.task
        if task is None:
            return
        try:
            edited = change(task)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self.accepted.emit()
        self._state.edit(edited, kind, locked)
