"""The entries as a list whose waiting rows can be dragged to another place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt

from workbench.gui.queue import rows
from workbench.gui.state.queue_list import Line
from workbench.gui.style.two_line_table import NO_PARENT, Index, Role
from workbench.gui.style.widgets import plain

STATE, STATE_TOKEN, SHARE = (Qt.ItemDataRole.UserRole + n for n in (31, 32, 33))
"""What stands at the right, its colour, and how much is done of what runs, from 0 to 1."""
MIME = "application/x-workbench-queue-entry"
Move = Callable[[str, int], None]


class QueueModel(QAbstractListModel):
    """``move`` is told the entry that was dropped, and its place among those that wait."""

    def __init__(self, move: Move, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._move = move
        self._elsewhere = ""
        self._running = ("", -1.0)
        self.lines: list[Line] = []

    def show_all(self, lines: Sequence[Line], elsewhere: str) -> None:
        self.beginResetModel()
        self.lines, self._elsewhere = list(lines), elsewhere
        self.endResetModel()

    def tell(self, text: str, share: float) -> None:
        """How far what runs here has come; no text where nothing of the queue runs here."""
        self._running = (text, share)
        for row, line in enumerate(self.lines):
            if line.entry.state == "running":
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, named: str) -> int:
        """-1 where it is not there."""
        return next((row for row, line in enumerate(self.lines) if line.entry.id == named), -1)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = 0) -> Any:
        line = self.lines[index.row()]
        mine = line.entry.state == "running" and bool(self._running[0])
        if role == STATE:
            return self._running[0] if mine else rows.state(line, self._elsewhere)
        if role == STATE_TOKEN:
            return rows.TOKENS.get(str(line.entry.state), "muted")
        if role == SHARE:
            return self._running[1] if mine else -1.0
        cell = rows.cell(line)
        if role == Role.ToolTipRole:
            told = (cell.upper, cell.lower, rows.place_of(line.entry.path))
            return plain("\n".join(text for text in told if text))
        if role == Role.AccessibleTextRole:
            return f"{cell.upper}, {cell.lower}, {self.data(index, STATE)}"
        return cell.data(role)

    # --- dragging ----------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = super().flags(index)
        if self.lines[index.row()].entry.pending:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, self.lines[indexes[0].row()].entry.id.encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """The list itself changes when the queue has: nothing is moved here."""
        if not data.hasFormat(MIME):
            return False
        named = bytes(data.data(MIME).data()).decode(errors="replace")
        before = self.lines[: row if row >= 0 else len(self.lines)]
        waiting = [line for line in before if line.entry.pending and line.entry.id != named]
        self._move(named, len(waiting))
        return False
