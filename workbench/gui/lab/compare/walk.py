"""The inner step at which all columns are looked at, and how many each of them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.lab.compare.column import Column
from workbench.gui.lab.state import MAX_STEPS, LabState

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep


class Walk(QObject):
    """Those of the lab; the comparison's own where the lab's learner is a closed form.

    It has the face of a `LabState` as far as a scrubber and a plot over the steps use it.
    """

    stepsChanged = Signal()
    cursorChanged = Signal()
    plannedChanged = Signal()

    def __init__(self, state: LabState, columns: list[Column], parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._columns = state, columns
        self._wanted: int | None = None
        self._chosen: int | None = None
        state.cursorChanged.connect(self.cursorChanged)
        state.plannedChanged.connect(self.plannedChanged)
        state.stepsChanged.connect(self.stepsChanged)

    @property
    def stepwise(self) -> bool:
        """Whether any column adapts in inner steps."""
        return any(column.stepwise for column in self._columns)

    @property
    def steps(self) -> list[AdaptStep]:
        """Those of the column that has most."""
        return max((column.steps for column in self._columns), key=len)

    @property
    def planned(self) -> int:
        if self._state.stepwise:
            return self._state.planned
        if self._chosen is not None:
            return self._chosen
        walking = [one.learner for one in self._columns if one.stepwise and one.learner]
        return walking[0].algorithm.test_steps if walking else 1

    @property
    def cursor(self) -> int:
        if self._led:
            return self._state.cursor
        last = max(len(self.steps) - 1, 0)
        return last if self._wanted is None else min(self._wanted, last)

    @property
    def _led(self) -> bool:
        return self._state.stepwise and bool(self._state.steps)

    def set_cursor(self, step: int) -> None:
        if self._led:
            self._state.set_cursor(step)
            return
        before = self.cursor
        self._wanted = None if step >= self.planned else max(step, 0)
        if self.cursor != before:
            self.cursorChanged.emit()

    def set_planned(self, steps: int) -> None:
        if self._state.stepwise:
            self._state.set_planned(steps)
            return
        steps = min(max(steps, 0), MAX_STEPS)
        if steps != self.planned:
            self._chosen = steps
            self.plannedChanged.emit()

    @Slot()
    def refresh(self) -> None:
        """A column came, went or has news."""
        self.stepsChanged.emit()
