"""Tables whose cells are two lines: what all of them share."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from workbench.gui.style.two_line_delegate import TwoLineDelegate, TwoLines
from workbench.gui.style.widgets import plain

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
ROW = 46


class TwoLineModel(QAbstractTableModel):
    """Rows that are shown all at once; a kind of row says its cells and what it helps with."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = self.titles()
        self._rows: list[Any] = []

    def titles(self) -> tuple[str, ...]:
        """Of the columns."""
        raise NotImplementedError

    def show(self, rows: list[Any]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def cells(self, row: Any) -> tuple[TwoLines, ...]:
        """One for each title."""
        raise NotImplementedError

    def help(self, row: Any, column: int) -> str:
        """What the pointer over a cell is told."""
        raise NotImplementedError

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        row = self._rows[index.row()]
        if role == Role.ToolTipRole:
            return plain(self.help(row, index.column()))
        return self.cells(row)[index.column()].data(role)


class TwoLineTable(QTableView):
    """Rows are chosen as a whole, and nothing is edited."""

    def __init__(self, model: TwoLineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(TwoLineDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
