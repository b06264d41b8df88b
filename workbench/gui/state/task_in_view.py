"""The task that tasks panel and lab show: drawn from a seed, then changed by hand."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from workbench.core.errors import BadInput

if TYPE_CHECKING:
    from workbench.core.task import Slot, Split, Task, TaskFamily

Locked = frozenset[tuple[int, ...]]
"""Slots of support items that stay in new draws."""
MERGE_SECONDS = 1.5
SEEDS = 10_000
"""Seeds that the dice draws from."""
MAX_SEED = 2**31 - 1


def locks_without(locked: Locked, gone: Slot) -> Locked:
    """By the slots that items have when one of them is gone: those behind it move up."""
    (way, shot), held = gone, locked - {gone}
    return frozenset((w, s - (w == way and s > shot)) for w, s in held)


def locks_without_class(locked: Locked, way: int) -> Locked:
    """By the slots that items have when a class is gone."""
    return frozenset((w - (w > way), s) for w, s in locked if w != way)


class TaskInView(QObject):
    """Every change by hand goes through the undo stack; a new draw does not.

    `changed` comes with another task; `locksChanged` when an item is locked or unlocked.
    """

    changed = Signal()
    locksChanged = Signal()
    refused = Signal(object)

    def __init__(self, undo: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._undo = undo
        self._family: TaskFamily | None = None
        self.split: Split = "val"
        self.seed = 1
        self.task: Task | None = None
        self.drawn: Task | None = None
        """The task as it was drawn, before any change by hand."""
        self.place: int | None = None
        """Of a task of an evaluation, in the order of their drawing; None for that of the seed."""
        self.locked: Locked = frozenset()

    @property
    def edited(self) -> bool:
        return self.task is not self.drawn

    def take_from(self, family: TaskFamily | None) -> None:
        """Draw from other data, or show nothing while it is not ready."""
        self._family, self.locked = family, frozenset()
        self._draw()
        self.changed.emit()

    def resample(self, seed: int | None = None, split: Split | None = None) -> None:
        """Draw the task of a seed and split; without a seed, of a new one.

        Locked items stay, unless the split is another one.
        """
        other = split is not None and split != self.split
        self.split = split or self.split
        if seed is not None:
            self.seed = seed
        elif not other:
            self.seed = random.randrange(1, SEEDS)
        if other:
            self.locked = frozenset()
        if self._family is not None:
            self._draw()
            self.changed.emit()

    def restore(self) -> None:
        """The task as it was drawn, without locks."""
        if self.place is not None and self.drawn is not None:
            self.bring(self.split, self.seed, self.place, self.drawn)
            return
        self.locked = frozenset()
        self.resample(seed=self.seed)

    def bring(self, split: Split, seed: int, place: int, task: Task) -> None:
        """The task at a place of an evaluation with that seed, as it was met there."""
        self.split, self.seed, self.place = split, min(seed, MAX_SEED), place
        self.locked, self.task, self.drawn = frozenset(), task, task
        self.changed.emit()

    def edit(self, task: Task, kind: str = "", locked: Locked | None = None) -> None:
        """Show a task changed by hand; changes of one kind in quick succession are undone as one.

        Raises `BadInput` when no learner could be made for its classes.
        """
        assert self._family is not None
        self._family.fitting(task)
        before = (self.task, None if locked is None else self.locked)
        self._undo.push(_Edit(self, before, (task, locked), kind))

    def open(self, split: Split, seed: int, task: Task, locked: Locked) -> None:
        """A task as it was saved; what differs from the seed's draw counts as changed by hand."""
        self.split, self.seed, self.locked = split, seed, frozenset()
        self._draw()
        self.changed.emit()
        self.edit(task, locked=locked)

    def toggle_lock(self, slot: Slot) -> None:
        self.locked = self.locked ^ {slot}
        self.locksChanged.emit()

    def become(self, task: Task | None, locked: Locked | None) -> None:
        """Take on a state, without locks the present ones; called by the undo stack."""
        self.task = task
        self.locked = self.locked if locked is None else locked
        self.changed.emit()

    def _draw(self) -> None:
        self.place = None
        family, held = self._family, self.task if self.locked else None
        try:
            self.task = None if family is None else self._fresh(family, held)
        except BadInput as problem:
            self.task = None
            self.refused.emit(problem)
        self.drawn = self.task

    def _fresh(self, family: TaskFamily, held: Task | None) -> Task:
        if held is None:
            return family.draw(self.split, self.seed)
        from workbench.core.seeds import generator

        fresh = family.fitting(held).draw(self.split, self.seed)
        return held.redrawn(fresh, self.locked, generator(self.seed, "locked"))


_State = tuple["Task | None", Locked | None]


class _Edit(QUndoCommand):
    """From one task to another; it can be taken back while the second one is in view."""

    def __init__(self, view: TaskInView, before: _State, after: _State, kind: str) -> None:
        super().__init__(QCoreApplication.translate("TaskInView", "support set"))
        self._view, self._before, self._after, self._kind = view, before, after, kind
        self._when = time.monotonic()

    def id(self) -> int:
        return 2 if self._kind else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._kind != self._kind:
            return False
        if other._before[0] is not self._after[0]:
            return False
        if other._when - self._when > MERGE_SECONDS:
            return False
        self._after, self._when = other._after, other._when
        return True

    def redo(self) -> None:
        self._go(self._before, self._after)

    def undo(self) -> None:
        self._go(self._after, self._before)

    def _go(self, start: _State, end: _State) -> None:
        if self._view.task is start[0]:
            self._view.become(*end)
        else:
            self.setObsolete(True)
