"""The rows of the support set: a class's name, its sentences, and one that is being written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QMimeData, QModelIndex, Qt

from workbench.gui.style import paint
from workbench.gui.style.list_model import Index, ListModel
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.tasks.texts.text_task import TextTask


def tr(text: str) -> str:
    return QCoreApplication.translate("SupportRows", text)


@dataclass(frozen=True)
class Row:
    kind: Literal["class", "line", "add"]
    way: int
    shot: int = -1
    text: str = ""
    """A sentence, or a class's name."""
    group: str = ""
    edited: bool = False
    """Put here by hand."""
    locked: bool = False
    influence: float | None = None

    @property
    def place(self) -> tuple[str, int, int]:
        return self.kind, self.way, self.shot


class SupportRows(ListModel[Row]):
    """Rows are told apart by their places, so that the one with the focus keeps it."""

    strongest: float

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.strongest = [], 1.0

    def show(self, rows: list[Row]) -> None:
        if [row.place for row in rows] != [row.place for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        before, self.rows = self.rows, rows
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number), self.index(number))

    def at(self, place: tuple[str, int, int]) -> QModelIndex:
        """Where a place is; no index where it is gone."""
        found = (n for n, row in enumerate(self.rows) if row.place == place)
        return self.index(next(found, -1))

    # --- what Qt asks ------------------------------------------------------------------------

    def described(self, row: Row) -> str:
        return described(row)

    def help_on(self, row: Row) -> str:
        return help_on(row)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        return ["text/plain", "text/uri-list"]

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        return data.hasText() or data.hasUrls()


def rows_of(
    task: TextTask,
    drawn: Collection[str],
    locked: Collection[tuple[int, ...]],
    influence: list[float] | None,
    adding: int | None = None,
) -> list[Row]:
    """``drawn`` were not put in by hand; ``adding`` is the class another one is written of."""
    found, number = list[Row](), 0
    for way, sentences in enumerate(task.support_texts):
        found.append(Row("class", way, text=task.class_title(way), group=task.group_title(way)))
        for shot, text in enumerate(sentences):
            value = influence[number] if influence is not None else None
            held = (way, shot) in locked
            found.append(Row("line", way, shot, text, "", text not in drawn, held, value))
            number += 1
        if way == adding:
            found.append(Row("add", way))
    return found


def described(row: Row) -> str:
    """For who listens."""
    letter = paint.letter(row.way)
    if row.kind == "class":
        return tr("Class {0}: {1}").format(letter, row.text)
    if row.kind == "add":
        return tr("Write another sentence of class {0}").format(letter)
    name = tr("Support sentence {0} of class {1}").format(row.shot + 1, letter)
    states = [name, tr("locked")] if row.locked else [name]
    if row.influence is not None:
        states.append(tr("influence {0}").format(paint.influence_mark(row.influence)))
    return f"{', '.join(states)}: {row.text}"


def help_on(row: Row) -> str:
    if row.kind == "class":
        name = f"{row.text} ({row.group})" if row.group else row.text
        return tr("{0}\nClick to write another sentence; right-click for more").format(plain(name))
    lines = [plain(row.text)]
    if row.influence is not None:
        lines.append(tr("Influence: {0}").format(paint.influence_mark(row.influence)))
    if row.edited:
        lines.append(tr("Put here by hand"))
    if row.locked:
        lines.append(tr("Locked: new draws leave it here (L unlocks)"))
    lines.append(tr("Click to write; right-click for more"))
    return "\n".join(lines)
