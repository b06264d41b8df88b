"""A row a class: how many of its items were right, and what it is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workbench.core.errors import printable
from workbench.gui.style import counts
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.experiments.tasks_seen.by_class import ByClass, ClassResult

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
TOLD = 8
"""Classes that a sentence names."""


class ClassModel(QAbstractTableModel):
    """The hardest class stands first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: ByClass | None = None
        self.titles = (
            self.tr("Class"),
            self.tr("Right"),
            self.tr("Accuracy, 95 % CI"),
            self.tr("Most taken for"),
        )

    def show(self, found: ByClass | None) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self.found is None else len(self.found.results)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self.titles[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        if self.found is None:
            return None
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return plain(self.told(index.row()))
        if role == Role.DisplayRole:
            return self._cells(self.found.results[index.row()])[index.column()]
        if role == Role.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def lines(self) -> list[tuple[str, ...]]:
        """The cells of every row."""
        return [self._cells(one) for one in self.found.results] if self.found is not None else []

    def told(self, row: int) -> str:
        """All that a class was taken for, most often first."""
        assert self.found is not None
        one, went = self.found.results[row], self.found.confusion[row]
        order = [at for at in went.argsort(descending=True).tolist() if went[at] and at != row]
        names = [f"{self._name(at)} ({int(went[at]):,})" for at in order[:TOLD]]
        more = ", …" if len(order) > TOLD else ""
        text = self.tr("{name}, in {tasks}: all right")
        if names:
            text = self.tr("{name}, in {tasks}, was taken for {others}")
        others = ", ".join(names) + more
        return text.format(name=printable(one.name), tasks=counts.tasks(one.tasks), others=others)

    def _name(self, place: int) -> str:
        assert self.found is not None
        return printable(self.found.results[place].name)

    def _cells(self, one: ClassResult) -> tuple[str, ...]:
        right = self.tr("{right} of {items}").format(right=f"{one.right:,}", items=f"{one.items:,}")
        accuracy, low, high = (f"{100 * share:.1f}" for share in (one.accuracy, one.low, one.high))
        confused = f"{one.confused:,} × {printable(one.confused_with)}" if one.confused else ""
        return printable(one.name), right, f"{accuracy} [{low}, {high}] %", confused


def _alignment(column: int) -> int:
    """Numbers end below each other."""
    side = Qt.AlignmentFlag.AlignRight if column in (1, 2) else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
