"""What a hand does to the support rows of measurements: choose, write, move, add and remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.measured.rows import Part
from workbench.gui.kinds.measured.task import measured_in_view
from workbench.gui.kinds.measured.words import tr
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import locks_without

if TYPE_CHECKING:
    from workbench.tasks.measured.task import MeasuredTask

LARGEST = 1e30


class RowEditing(QObject):
    """`chosen` is the row that the keyboard means. `refused` comes with what cannot be."""

    choiceChanged = Signal()
    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.chosen = 0
        state.taskChanged.connect(self._on_task)

    @property
    def task(self) -> MeasuredTask | None:
        return measured_in_view(self._state)

    def choose(self, row: int) -> None:
        """Past the last one comes the first one."""
        if self.task is not None and row != self.chosen:
            self.chosen = row % len(self.task.support)
            self.choiceChanged.emit()

    def write(self, row: int, part: Part, text: str) -> None:
        """A number as it was typed, with a decimal point or a comma."""
        from workbench.tasks.tables.numbers import number_in

        if self.task is None or row >= len(self.task.support):
            return
        where = tr("row {0}").format(row + 1)
        try:
            value = number_in(text, decimal_comma=True)
        except ValueError as error:
            problem = BadInput(where, str(error), tr("Write a number, such as 1.5"))
            self.refused.emit(problem)
            return
        self._set(row, {part: value}, "")

    def move(self, row: int, places: dict[Part, float]) -> None:
        """A row's numbers, while it is dragged; one step of undo."""
        if self.task is not None and row < len(self.task.support):
            self.chosen = row
            self._set(row, places, f"row {row}")

    def place(self, part: Part) -> float:
        """A number of the chosen row."""
        assert self.task is not None
        rows = self.task.support
        return float((rows.x if part.kind == "x" else rows.y)[self.chosen, part.number])

    def _set(self, row: int, places: dict[Part, float], melted: str) -> None:
        assert self.task is not None
        x, y = self.task.support.x[row].tolist(), self.task.support.y[row].tolist()
        for part, value in places.items():
            if not abs(value) <= LARGEST:
                where = tr("row {0}").format(row + 1)
                self.refused.emit(BadInput(where, tr("is too large a number")))
                return
            (x if part.kind == "x" else y)[part.number] = value
        self.accepted.emit()
        self._state.edit(self.task.with_item((0, row), (x, y)), melted)

    @Slot()
    def add_anywhere(self) -> None:
        """A row at the mean of the others."""
        self.add({})

    def add(self, places: dict[Part, float]) -> None:
        """A new row, which is then the chosen one: a place, and else the mean of the others."""
        if self.task is None:
            return
        rows = self.task.support
        x, y = rows.x.mean(0).tolist(), rows.y.mean(0).tolist()
        for part, value in places.items():
            (x if part.kind == "x" else y)[part.number] = value
        try:
            edited = self.task.with_added((x, y))
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self.chosen = len(rows)
        self.accepted.emit()
        self._state.edit(edited)
        self.choiceChanged.emit()

    @Slot()
    def remove(self) -> None:
        """Take the chosen row away; the last one stays, and a sentence says so."""
        if self.task is None:
            return
        gone, locked = (0, self.chosen), self._state.workspace.in_view.locked
        try:
            edited = self.task.without(gone)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self.accepted.emit()
        self._state.edit(edited, locked=locks_without(locked, gone))

    @Slot()
    def toggle_lock(self) -> None:
        """Whether new draws leave the chosen row, and with it the id, as they are."""
        if self.task is not None:
            self._state.workspace.in_view.toggle_lock((0, self.chosen))

    @Slot()
    def _on_task(self) -> None:
        if self.task is not None:
            self.chosen = min(self.chosen, len(self.task.support) - 1)
