"""The inner steps there are, how many are asked for, and which one is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.limits import MAX_STEPS

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep


def diverged_at(steps: Sequence[AdaptStep]) -> int | None:
    """The first step whose losses are not finite, as far as it is judged."""
    for step in steps:
        judged = not step.judged or math.isfinite(step.query_loss)
        if not (math.isfinite(step.support_loss) and judged):
            return step.step
    return None


class Walk(QObject):
    """Signals: `stepsChanged` (steps came or went), `cursorChanged` (another step is looked at)
    and `plannedChanged` (another number of steps is asked for)."""

    stepsChanged = Signal()
    cursorChanged = Signal()
    plannedChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: int | None = None
        self._chosen: int | None = None

    @property
    def steps(self) -> list[AdaptStep]:
        raise NotImplementedError

    @property
    def stepwise(self) -> bool:
        """Whether anybody adapts in inner steps, and not in a closed form."""
        raise NotImplementedError

    @property
    def usual(self) -> int:
        """The steps taken while the user asks for no other number."""
        raise NotImplementedError

    @property
    def planned(self) -> int:
        """Inner steps asked for."""
        if not self.stepwise:
            return 0
        return self.usual if self._chosen is None else self._chosen

    @property
    def cursor(self) -> int:
        """The step looked at: the wanted one where it has come, else the last one there is."""
        last = max(len(self.steps) - 1, 0)
        return last if self._wanted is None else min(self._wanted, last)

    @property
    def current(self) -> AdaptStep | None:
        return self.steps[self.cursor] if self.steps else None

    def set_cursor(self, step: int) -> None:
        before = self.cursor
        last = max(len(self.steps) - 1, self.planned)
        self._wanted = None if step >= last else max(step, 0)
        if self.cursor != before:
            self.cursorChanged.emit()

    def set_planned(self, steps: int) -> None:
        steps = min(max(steps, 0), MAX_STEPS)
        if steps != self.planned and self.stepwise:
            self._chosen = steps
            self.plannedChanged.emit()

    def fix_planned(self, steps: int) -> None:
        """Ask for a number of steps that stays, whoever adapts next."""
        self._chosen = None
        self.set_planned(steps)
        self._chosen = min(max(steps, 0), MAX_STEPS)

    @Slot()
    def step_inner(self) -> None:
        """Look at the next step; past the last one, take one more."""
        if self.cursor < len(self.steps) - 1:
            self.set_cursor(self.cursor + 1)
        elif len(self.steps) == self.planned + 1:
            self._wanted = None
            self.set_planned(self.planned + 1)

    def _start_over(self) -> None:
        """The usual number of steps, and the last one looked at."""
        self._wanted = self._chosen = None
