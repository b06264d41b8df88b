"""A table turned on its side: a row for each column, with its use and its first values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workbench.core.errors import printable
from workbench.gui.forms.columns.roles import Role, given_to, used_as, written
from workbench.gui.forms.columns.words import tr
from workbench.gui.style import paint
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.tasks.tables.table import Table

Index = QModelIndex | QPersistentModelIndex
Asked = Qt.ItemDataRole
NO_PARENT = QModelIndex()
NAME, USE, FIRST = range(3)
"""Columns of the view; from `FIRST` on a row of the file each."""
LONGEST = 40
"""Characters of a cell that are shown; its tooltip has more."""


class ColumnsModel(QAbstractTableModel):
    """`values` is what the fields are to hold; ``USE`` cells are edited by the name of a field."""

    def __init__(self, roles: Sequence[Role], parent: QObject) -> None:
        super().__init__(parent)
        self.roles = tuple(roles)
        self._table: Table | None = None
        self._used: list[str] = []

    def show(self, table: Table | None, named: Mapping[str, Sequence[str]]) -> None:
        """The first rows of a table, with the columns that each field names."""
        self.beginResetModel()
        self._table = table
        self._used = [] if table is None else used_as(named, table.names)
        self.endResetModel()

    @property
    def values(self) -> dict[str, str]:
        """The text of each field."""
        names = () if self._table is None else self._table.names
        return written(self._used, names, self.roles)

    def use(self, row: int, field: str) -> None:
        """Use a column for a field; an empty one uses it for nothing."""
        role = next((one for one in self.roles if one.field == field), None)
        self._used = given_to(self._used, row, role)
        self.dataChanged.emit(self.index(0, USE), self.index(self.rowCount() - 1, USE))

    # --- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._used)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        rows = 0 if self._table is None else len(self._table.rows)
        return 0 if parent.isValid() else FIRST + rows

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Asked.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        if section < FIRST:
            return tr("Used as") if section == USE else tr("Column")
        assert self._table is not None
        return tr("Row {0}").format(self._table.rows[section - FIRST].number)

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == USE else found

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Asked.EditRole or index.column() != USE:
            return False
        self.use(index.row(), str(value))
        return True

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        if role == Asked.DisplayRole:
            return printable(self._text(row, column), LONGEST)
        if role == Asked.ToolTipRole:
            return plain(self._help(row, column))
        if role == Asked.EditRole and column == USE:
            return self._used[row]
        unused = column != USE and not self._used[row]
        return paint.colors().muted if role == Asked.ForegroundRole and unused else None

    def _text(self, row: int, column: int) -> str:
        assert self._table is not None
        if column == NAME:
            return self._table.names[row]
        if column == USE:
            return f"{self.title_of(self._used[row])}  ▾"
        return self._table.rows[column - FIRST].cells[row]

    def _help(self, row: int, column: int) -> str:
        if column != USE:
            return printable(self._text(row, column))
        used = (role.help for role in self.roles if role.field == self._used[row])
        return next(used, tr("Click to say what this column is used as"))

    def title_of(self, field: str) -> str:
        """What a field is called in the list of uses."""
        return next((role.title for role in self.roles if role.field == field), tr("not used"))
