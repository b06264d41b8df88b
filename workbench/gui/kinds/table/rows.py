"""Items of a set as rows of a table: what each holds, what is predicted, what may be changed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.gui.kinds.table.words import tr, written
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.core.episode import Batch

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
MOST_ROWS = 500
"""Rows that are shown; a longer set says how many it has."""
INPUT, TARGET, PREDICTION, INFLUENCE = range(4)
COLUMNS = 4


class Told(NamedTuple):
    """A prediction in words, and whether it is right where that can be said."""

    text: str
    right: bool | None


class Rows(QAbstractTableModel):
    """Items of one set: number, input, target, prediction, influence.

    `lockToggled` comes with the row whose box was clicked; rows have boxes where ``locked`` is
    known. `written` comes with row, column and text where inputs and targets are ``editable``.
    """

    lockToggled = Signal(int)
    written = Signal(int, int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._titles = (tr("Input"), tr("Target"), tr("Prediction"), tr("Influence"))
        self._batch: Batch | None = None
        self.locked: list[bool] | None = None
        self.editable = False
        self.told: list[Told] = []
        self._outputs: list[list[float]] = []
        self._influence: list[float] | None = None

    @property
    def labels(self) -> bool:
        """Whether targets are classes."""
        return self._batch is not None and self._batch.y.dim() == 1

    def show_set(self, batch: Batch) -> None:
        self.beginResetModel()
        self._batch, self.told, self._outputs, self._influence = batch, [], [], None
        self.endResetModel()

    def show_outputs(self, outputs: Any) -> None:
        """As `AdaptStep.query_outputs`; None takes the predictions away."""
        fits = outputs is not None and self._batch is not None
        if fits and len(outputs) == len(self._batch.y):  # type: ignore[union-attr]
            self._outputs = outputs.tolist()
            self.told = [self._in_words(*pair) for pair in enumerate(self._outputs)]
        else:
            self.told, self._outputs = [], []
        self._say_changed(PREDICTION)

    def show_influence(self, values: list[float] | None) -> None:
        self._influence = values
        self._say_changed(INFLUENCE)

    def show_locks(self, locked: list[bool] | None) -> None:
        self.locked = locked
        self._say_changed(0)

    def _in_words(self, row: int, output: list[float]) -> Told:
        if not all(math.isfinite(value) for value in output):
            return Told("–", None)
        if not self.labels:
            return Told(written(output), None)
        assert self._batch is not None
        best = max(range(len(output)), key=output.__getitem__)
        text = f"{paint.letter(best)}  {100 * output[best]:.0f} %"
        return Told(text, best == int(self._batch.y[row]))

    def _say_changed(self, column: int) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, column), self.index(self.rowCount() - 1, column))

    # --- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        whole = 0 if self._batch is None else len(self._batch.y)
        return 0 if parent.isValid() else min(whole, MOST_ROWS)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Role.DisplayRole:
            return None
        return self._titles[section] if orientation == Qt.Orientation.Horizontal else section + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        if index.column() == INPUT and self.locked is not None:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() in (INPUT, TARGET) and self.editable:
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
            return self._text(row, column)
        if role == Role.EditRole:
            return self._whole(row, column)
        if role == Role.ToolTipRole:
            return self._help(row, column)
        if role == Role.CheckStateRole and column == 0 and self.locked is not None:
            held = row < len(self.locked) and self.locked[row]
            return Qt.CheckState.Checked if held else Qt.CheckState.Unchecked
        if role == Role.ForegroundRole and column == PREDICTION and row < len(self.told):
            right = self.told[row].right
            return None if right is None else paint.colors().good if right else paint.colors().bad
        return None

    def _text(self, row: int, column: int) -> str:
        assert self._batch is not None
        if column == 0:
            return written(self._batch.x[row].flatten().tolist())
        if column == 1:
            y = self._batch.y[row]
            return paint.letter(int(y)) if self.labels else written(y.flatten().tolist())
        if column == PREDICTION:
            return self.told[row].text if row < len(self.told) else ""
        values = self._influence
        return "" if values is None or row >= len(values) else f"{values[row]:+.2g}"

    def numbers(self, row: int, column: int) -> list[float] | str:
        """What a cell stands for, with all digits; a class is a letter."""
        assert self._batch is not None
        if column == TARGET and self.labels:
            return paint.letter(int(self._batch.y[row]))
        if column in (INPUT, TARGET):
            part = self._batch.x if column == INPUT else self._batch.y
            values: list[float] = part[row].flatten().tolist()
            return values
        if column == PREDICTION:
            return self._outputs[row] if row < len(self._outputs) else []
        found = self._influence
        return [] if found is None or row >= len(found) else [found[row]]

    def _whole(self, row: int, column: int) -> str:
        """All numbers of an input or a target, as they are edited."""
        assert self._batch is not None
        if column == TARGET and self.labels:
            return paint.letter(int(self._batch.y[row]))
        part = self._batch.x if column == INPUT else self._batch.y
        return ", ".join(f"{value:.6g}" for value in part[row].flatten().tolist())

    def _help(self, row: int, column: int) -> str:
        if column == INPUT and self.locked is not None:
            what = tr("Tick to keep this item in new draws; double-click to change it")
            return f"{self._whole(row, column)}\n{what}"
        if column in (INPUT, TARGET):
            return self._whole(row, column)
        if column == PREDICTION and row < len(self.told) and self.told[row].right is not None:
            return tr("right") if self.told[row].right else tr("wrong")
        return self._text(row, column)
