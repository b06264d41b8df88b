"""A list of rows with a text each: what the models of support and query sets share."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
ROW = Role.UserRole
"""The row itself, of an index."""


class Titled(Protocol):
    @property
    def text(self) -> str: ...


R = TypeVar("R", bound=Titled)


class ListModel(QAbstractListModel, Generic[R]):
    """`rows`, each with the text that it shows."""

    rows: list[R]

    @abstractmethod
    def described(self, row: R) -> str:
        """For who listens."""

    @abstractmethod
    def help_on(self, row: R) -> str:
        """For who points at it."""

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Role.DisplayRole:
            return row.text
        if role == Role.AccessibleTextRole:
            return self.described(row)
        return self.help_on(row) if role == Role.ToolTipRole else None
