"""The inner step at which all columns are looked at, and how many each of them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workbench.gui.lab.compare.column import Column
from workbench.gui.lab.state import LabState
from workbench.gui.lab.walk import Walk

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep


class CommonWalk(Walk):
    """That of the lab; the comparison's own where the lab's learner is a closed form."""

    def __init__(self, state: LabState, columns: list[Column], parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._columns = state, columns
        state.cursorChanged.connect(self.cursorChanged)
        state.plannedChanged.connect(self.plannedChanged)
        state.stepsChanged.connect(self.stepsChanged)

    @property
    def stepwise(self) -> bool:
        return any(column.stepwise for column in self._columns)

    @property
    def steps(self) -> list[AdaptStep]:
        """Those of the column that has most."""
        return max((column.steps for column in self._columns), key=len)

    @property
    def usual(self) -> int:
        walking = [one.learner for one in self._columns if one.stepwise and one.learner]
        return walking[0].algorithm.test_steps if walking else 1

    @property
    def planned(self) -> int:
        """What is chosen here holds for those that take steps, whoever is first."""
        if self._state.stepwise:
            return self._state.planned
        return self.usual if self._chosen is None else self._chosen

    @property
    def cursor(self) -> int:
        return self._state.cursor if self._led else super().cursor

    @property
    def _led(self) -> bool:
        return self._state.stepwise and bool(self._state.steps)

    def set_cursor(self, step: int) -> None:
        if self._led:
            self._state.set_cursor(step)
        else:
            super().set_cursor(step)

    def set_planned(self, steps: int) -> None:
        if self._state.stepwise:
            self._state.set_planned(steps)
        else:
            super().set_planned(steps)

    @Slot()
    def refresh(self) -> None:
        """A column came, went or has news."""
        self.stepsChanged.emit()
