"""Support trajectories as rows: whether the step learns from one, what it earned, whose it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.gui.kinds.control.strokes import hand_color
from workbench.gui.kinds.control.task import lengths, returns
from workbench.gui.style import paint, theme, words

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
NUMBER, RETURN, STEPS = range(3)
BY_HAND = "✎"


class Row(NamedTuple):
    on: bool
    driven: int
    """Steps that a person has driven."""
    earned: float | None = None
    """None where nobody has lived through it yet."""
    steps: int = 0
    locked: bool = False
    """Driven, and to stay when others are drawn."""


def rows_of(task: ControlTask, lived: Lived | None, locked: Collection[int] = ()) -> list[Row]:
    count = int(task.family.params.shots)
    numbers: list[tuple[float | None, int]] = [(None, 0)] * count
    if lived is not None and len(lived.rewards) == count:
        numbers = list(zip(returns(lived), lengths(lived), strict=True))
    return [
        Row(number not in task.left_out, len(task.driven.get(number, ())), *told, number in locked)
        for number, told in enumerate(numbers)
    ]


class TrajectoryRows(QAbstractTableModel):
    """`toggled` comes with the row whose box was clicked."""

    toggled = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._titles = (self.tr("No."), self.tr("Return"), self.tr("Steps"))
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        """Rows that stay as many keep what is chosen among them."""
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, STEPS))

    # --- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Role.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self._titles[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.column() == NUMBER else found

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role == Role.CheckStateRole and index.column() == NUMBER:
            self.toggled.emit(index.row())
            return True
        return False

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Role.DisplayRole:
            return self._text(index.row(), row, column)
        if role == Role.CheckStateRole and column == NUMBER:
            return Qt.CheckState.Checked if row.on else Qt.CheckState.Unchecked
        if role == Role.DecorationRole and column == RETURN and row.locked:
            return theme.current().icon("lock", "accent")
        if role == Role.ForegroundRole:
            if not row.on:
                return paint.colors().muted
            return hand_color() if row.driven else None
        if role == Role.ToolTipRole:
            return self._help(row)
        return None

    def _text(self, number: int, row: Row, column: int) -> str:
        if column == NUMBER:
            return f"{number + 1} {BY_HAND}" if row.driven else str(number + 1)
        if row.earned is None:
            return "–"
        return words.short(row.earned) if column == RETURN else str(row.steps)

    def _help(self, row: Row) -> str:
        if row.driven:
            text = self.tr("You drove its first {0} steps; the policy went on from there")
            kept = self.tr("It stays when others are drawn") if row.locked else ""
            return "\n".join(filter(None, (text.format(row.driven), kept)))
        if row.on:
            return self.tr("The inner step learns from it; clear the box to leave it out")
        return self.tr("Left out: the inner step learns nothing from it")
