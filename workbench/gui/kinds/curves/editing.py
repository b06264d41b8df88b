"""What a hand does to the support points of a curve: choose, move, add and remove."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.curves.room import LIMIT, Ends, room_of
from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import locks_without

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

CURVE = "workbench.tasks.sinusoid.CurveTask"
"""The type of task that can be edited here."""
HEIGHT = 6.0
"""Points of a sine stay within -LIMIT..LIMIT and -HEIGHT..HEIGHT."""


def curve_in_view(state: LabState) -> CurveTask | None:
    """The task looked at, where it is a curve."""
    return state.task if type_names.is_a(state.task, CURVE) else None  # type: ignore[return-value]


class PointEditing(QObject):
    """`chosen` is the point that the keyboard means; `choiceChanged` when another one is."""

    choiceChanged = Signal()

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.chosen = 0
        state.taskChanged.connect(self._on_task)

    @property
    def task(self) -> CurveTask | None:
        return curve_in_view(self._state)

    @property
    def place(self) -> tuple[float, float]:
        """Where the chosen point is."""
        assert self.task is not None
        return float(self.task.support_x[self.chosen]), float(self.task.support_y[self.chosen])

    def choose(self, index: int) -> None:
        """Past the last one comes the first one."""
        if self.task is not None:
            self.chosen = index % len(self.task.support_x)
            self.choiceChanged.emit()

    @Slot(int, float, float)
    def move(self, index: int, x: float, y: float) -> None:
        """A point that was removed while the mouse holds it is let go."""
        if self.task is not None and index < len(self.task.support_x):
            self.chosen = index
            self._state.edit(self.task.with_item((0, index), self._kept_in(x, y)), f"point {index}")

    def add(self, x: float, y: float) -> None:
        """A new point, which is then the chosen one."""
        if self.task is not None:
            self.chosen = len(self.task.support_x)
            self._state.edit(self.task.with_added_point(*self._kept_in(x, y)))

    def add_anywhere(self) -> None:
        """A point where the others leave most room: on the true curve, else at their mean."""
        if self.task is not None:
            x = _middle_of_widest_gap(self.task.support_x.tolist(), room_of(self.task).x)
            mean = float(self.task.support_y.mean())
            self.add(x, self.task.value(x) if self.task.known else mean)

    def _kept_in(self, x: float, y: float) -> tuple[float, float]:
        """Points of one's own may lie anywhere."""
        if self.task is not None and not self.task.known:
            return x, y
        most = HEIGHT if self.task is None else self.task.function.height
        return min(max(x, -LIMIT), LIMIT), min(max(y, -most), most)

    @Slot()
    def remove(self) -> None:
        """Take the chosen point away; the last one stays, and a sentence says so."""
        if self.task is None:
            return
        gone, locked = (0, self.chosen), self._state.workspace.in_view.locked
        try:
            self._state.edit(self.task.without(gone), locked=locks_without(locked, gone))
        except BadInput as problem:
            self._state.failed.emit(problem)

    @Slot()
    def toggle_lock(self) -> None:
        """Whether new draws leave the chosen point, and with it the curve, as they are."""
        if self.task is not None:
            self._state.workspace.in_view.toggle_lock((0, self.chosen))

    @Slot()
    def _on_task(self) -> None:
        if self.task is not None:
            self.chosen = min(self.chosen, len(self.task.support_x) - 1)


def _middle_of_widest_gap(xs: list[float], ends: Ends) -> float:
    """Between two neighbours among the points, or between a point and an end of the plot."""
    left, right = max(pairwise([ends[0], *sorted(xs), ends[1]]), key=lambda gap: gap[1] - gap[0])
    return (left + right) / 2
