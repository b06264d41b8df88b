"""Rows of a set in the units of the data: inputs, outputs, and what is predicted of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.gui.kinds.measured.words import short, tr, whole
from workbench.gui.style import paint
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.core.units import Units
    from workbench.tasks.measured.task import Rows

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()


class Part(NamedTuple):
    """What a column holds: ``x``, ``y``, ``predicted`` or ``influence``, and which one of them."""

    kind: str
    number: int


class MeasuredRows(QAbstractTableModel):
    """`written` comes with row, column and text, `lockToggled` with a row whose box was clicked.

    Rows have boxes where ``locked`` is known; inputs and outputs are written where ``editable``.
    """

    written = Signal(int, int, str)
    lockToggled = Signal(int)

    def __init__(self, parent: QObject, inputs: bool = True) -> None:
        super().__init__(parent)
        self._inputs = inputs
        self._rows: Rows | None = None
        self._units: Units | None = None
        self.parts: list[Part] = []
        self.predicted: list[list[float]] = []
        self.influence: list[float] | None = None
        self.locked: list[bool] | None = None
        self.editable = False

    def show_rows(self, rows: Rows, units: Units) -> None:
        """In the units of the data; predictions are gone."""
        same = self.parts and self._units is units and self.rowCount() == len(rows)
        self._rows, self._units = rows, units
        self.predicted = []
        if same:  # rows that were written stay where they are, and with them the chosen one
            self._say_changed()
            return
        self.beginResetModel()
        inputs = len(units.x.names) if self._inputs else 0
        self.parts = [
            *(Part("x", at) for at in range(inputs)),
            *(Part(kind, at) for at in range(len(units.y.names)) for kind in ("y", "predicted")),
            Part("influence", 0),
        ]
        self.endResetModel()

    def show_outputs(self, outputs: Any) -> None:
        """Standardised ``[n, e]``; None takes the predictions away."""
        fits = outputs is not None and self._units is not None and len(outputs) == self.rowCount()
        self.predicted = self._units.y.own(outputs).tolist() if fits else []  # type: ignore[union-attr]
        self._say_changed()

    def show_influence(self, values: list[float] | None) -> None:
        self.influence = values
        self._say_changed()

    def show_locks(self, locked: list[bool] | None) -> None:
        self.locked = locked
        self._say_changed()

    def _say_changed(self) -> None:
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def number(self, row: int, column: int) -> float:
        """What a cell stands for, with all digits; NaN where it has nothing."""
        kind, at = self.parts[column]
        assert self._rows is not None
        if kind in ("x", "y"):
            return float((self._rows.x if kind == "x" else self._rows.y)[row, at])
        if kind == "predicted":
            return self.predicted[row][at] if row < len(self.predicted) else math.nan
        values = self.influence
        return math.nan if values is None or row >= len(values) else values[row]

    def title(self, column: int) -> str:
        kind, at = self.parts[column]
        assert self._units is not None
        if kind == "influence":
            return tr("Influence")
        name = (self._units.x if kind == "x" else self._units.y).names[at]
        return tr("{0}, predicted").format(name) if kind == "predicted" else name

    def heading(self, column: int) -> str:
        """`title`, as short as a column is narrow."""
        title = self.title(column)
        if self.parts[column].kind != "predicted":
            return title
        assert self._units is not None
        return f"≈ {self._units.y.names[self.parts[column].number]}"

    # --- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self._rows is None else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.parts)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Role.DisplayRole else None
        if role == Role.ToolTipRole:
            return plain(self.title(section))
        return self.heading(section) if role == Role.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found, kind = super().flags(index), self.parts[index.column()].kind
        if index.column() == 0 and self.locked is not None:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        if kind in ("x", "y") and self.editable:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role == Role.EditRole and self.editable:
            if value != self.data(index, Role.EditRole):
                self.written.emit(index.row(), index.column(), str(value))
            return True
        if role != Role.CheckStateRole or self.locked is None:
            return False
        self.lockToggled.emit(index.row())
        return True

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return short(self.number(row, column))
        if role == Role.EditRole:
            return whole(self.number(row, column))
        if role == Role.ToolTipRole:
            return plain(f"{self.title(column)}: {whole(self.number(row, column))}")
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.CheckStateRole and column == 0 and self.locked is not None:
            held = row < len(self.locked) and self.locked[row]
            return Qt.CheckState.Checked if held else Qt.CheckState.Unchecked
        if role == Role.ForegroundRole and self.parts[column].kind == "predicted":
            return paint.colors().accent
        return None


def columns_of(rows: MeasuredRows, kinds: Sequence[str]) -> list[int]:
    """The places of the columns of some kinds."""
    return [at for at, part in enumerate(rows.parts) if part.kind in kinds]
