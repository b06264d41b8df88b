"""The runs that are shown, as a table: cells are made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from workbench.core.errors import printable
from workbench.gui.runs import columns
from workbench.gui.runs.columns import Column
from workbench.gui.style import words
from workbench.gui.style.two_line_delegate import TwoLines
from workbench.gui.style.two_line_table import Index, Role, TwoLineModel
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

SPARK = Qt.ItemDataRole.UserRole + 21
"""The validations of a run and the iteration of the best, for the cell that draws them."""
Rename = Callable[[Path, str], bool]


class RunsModel(TwoLineModel):
    """Rows and columns change together; a name is edited in its cell."""

    def __init__(self, rename: Rename, parent: QObject | None = None) -> None:
        self._columns: tuple[Column, ...] = (*columns.fixed(), *columns.last())
        super().__init__(parent)
        self._rename = rename
        self._made: dict[tuple[int, int], TwoLines] = {}

    def titles(self) -> tuple[str, ...]:
        return tuple(column.title for column in self._columns)

    @property
    def runs(self) -> list[Entry]:
        return self._rows

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    def show_all(self, rows: list[Entry], shown: Sequence[Column]) -> None:
        """Other rows, under these columns."""
        self.beginResetModel()
        self._rows, self._columns = rows, tuple(shown)
        self._titles = self.titles()
        self._made = {}
        self.endResetModel()

    def put(self, places: dict[int, Entry]) -> None:
        """Rows that say more now, at the places where they stand."""
        for row, entry in places.items():
            self._rows[row] = entry
            for column in range(len(self._columns)):
                self._made.pop((row, column), None)
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def damaged(self) -> list[int]:
        """Rows that have nothing to show but what is wrong with them."""
        return [row for row, entry in enumerate(self.runs) if entry.run.problem]

    def cell(self, row: int, column: int) -> TwoLines:
        found = self._made.get((row, column))
        if found is None:
            found = self._made[row, column] = self._cell(self.runs[row], self._columns[column])
        return found

    def _cell(self, entry: Entry, column: Column) -> TwoLines:
        if not entry.run.problem:
            return column.cell(entry)
        if column.key != columns.NAME:
            return TwoLines("")
        name = entry.notes.name or printable(entry.path.name)
        text = self.tr("⚠ {name} is damaged").format(name=name)
        return TwoLines(text, entry.run.problem, "danger")

    def help(self, entry: Entry, column: int) -> str:
        """The cell in full, since it may be cut, and where the run is."""
        asked = self._columns[column]
        cell = self._cell(entry, asked)
        metrics = {"test": entry.test, "validation": entry.validation}.get(asked.key)
        tasks = words.tasks_text(metrics) if metrics else ""
        protocol = words.protocol_of(metrics) if metrics else ""
        said = entry.notes.note if asked.key == columns.NAME else ""
        error = str((entry.run.result or {}).get("error", "")) if asked.key == "state" else ""
        place = printable(str(entry.path))
        told = (cell.upper.strip("–"), cell.lower, protocol, tasks, said, error, place)
        return "\n".join(line for line in dict.fromkeys(told) if line)

    def data(self, index: Index, role: int = 0) -> Any:
        entry, column = self.runs[index.row()], index.column()
        if role == Role.ToolTipRole:
            return plain(self.help(entry, column))
        if role == Role.EditRole and self._columns[column].key == columns.NAME:
            return entry.title
        if role == SPARK and self._columns[column].key == columns.CURVE:
            return None if entry.learned is None else (entry.learned, entry.best_iteration)
        return self.cell(index.row(), column).data(role)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """An empty name, or the one it had by itself, takes a name away."""
        entry = self.runs[index.row()]
        text = " ".join(str(value).split())
        name = "" if text == entry.default else text
        return name == entry.notes.name or self._rename(entry.path, name)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self._columns[index.column()].key == columns.NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.ToolTipRole:
            return plain(self._columns[section].help)
        return super().headerData(section, orientation, role)

    def place_of(self, path: Path) -> QModelIndex:
        """The first cell of a run; an invalid one where it is not shown."""
        rows = (row for row, entry in enumerate(self.runs) if entry.path == path)
        return self.index(next(rows, -1), 0)
