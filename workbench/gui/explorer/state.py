"""What the explorer shows: the curves of all tasks, a step, and the task that is pointed at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.core.task import Task
    from workbench.experiments.tasks_seen.seen import Seen

NOBODY = -1


@dataclass(frozen=True)
class Drawn:
    """The tasks themselves, in their order, and numbers ``[T]`` that may make them hard."""

    tasks: tuple[Task, ...] = ()
    traits: dict[str, Tensor] = field(default_factory=dict)


class ExplorerState(QObject):
    """`changed` comes with other curves, `drawnChanged` when their tasks come or go."""

    changed = Signal()
    drawnChanged = Signal()
    stepChanged = Signal()
    pointedChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seen: Seen | None = None
        self.drawn = Drawn()
        self.why_not = ""
        """Why the tasks themselves are not there, if they are not waited for."""
        self.closed = ""
        """Why the lab cannot open these tasks; empty where it can."""
        self.step = 0
        self.pointed = NOBODY

    def show(self, seen: Seen | None, same_tasks: bool = False, closed: str = "") -> None:
        """Other curves, by default of other tasks; a step that was chosen is kept."""
        before = self.seen
        at_end = before is None or self.step == before.last
        self.seen, self.closed = seen, closed
        last = 0 if seen is None else seen.last
        self.step = last if at_end else min(self.step, last)
        if not same_tasks:
            self.pointed, self.drawn, self.why_not = NOBODY, Drawn(), ""
        elif self.drawn.tasks:
            self._add_classes()
        self.changed.emit()

    def take(self, drawn: Drawn) -> None:
        self.drawn, self.why_not = drawn, ""
        self._add_classes()
        self.drawnChanged.emit()

    def _add_classes(self) -> None:
        from workbench.experiments.tasks_seen.seen import with_classes

        if self.seen is not None:
            classes = tuple(task.class_names for task in self.drawn.tasks)
            self.seen = with_classes(self.seen, classes)

    def refuse(self, why: str) -> None:
        """The tasks cannot be shown; their curves are."""
        self.drawn, self.why_not = Drawn(), why
        self.drawnChanged.emit()

    @Slot(int)
    def set_step(self, step: int) -> None:
        step = min(max(step, 0), self.seen.last) if self.seen is not None else 0
        if step != self.step:
            self.step = step
            self.stepChanged.emit()

    @Slot(int)
    def point(self, task: int) -> None:
        """Which curve stands out; `NOBODY` for none."""
        if task != self.pointed:
            self.pointed = task
            self.pointedChanged.emit()
