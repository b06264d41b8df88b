"""The rated items of a support set as rows, and what is told of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData, QModelIndex, Qt

from workbench.gui.kinds.ratings.stars import Scale
from workbench.gui.style import paint
from workbench.gui.style.list_model import Index, ListModel
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.tasks.rated.rated_task import RatedTask

ITEM = "application/x-workbench-rated-item"
"""What is dragged from the ranking: the item's number, and the stars it may get."""


def tr(text: str) -> str:
    return QCoreApplication.translate("RatedCards", text)


@dataclass(frozen=True)
class Card:
    place: int
    item: int
    text: str
    stars: float
    edited: bool = False
    """Rated otherwise than as it was drawn, or added by hand."""
    locked: bool = False
    influence: float | None = None


class Cards(ListModel[Card]):
    """Cards are told apart by their places, so that the one with the focus keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Card] = []
        self.scale = Scale(1, 5)
        self.strongest = 1.0

    def show(self, rows: list[Card], scale: Scale) -> None:
        self.scale = scale
        if [row.item for row in rows] != [row.item for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        if rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def at(self, item: int) -> QModelIndex:
        """Where an item is; no index where it is not rated."""
        found = (row.place for row in self.rows if row.item == item)
        return self.index(next(found, -1))

    def described(self, row: Card) -> str:
        parts = [tr("{0}: {1:g} of {2:g} stars").format(row.text, row.stars, self.scale.highest)]
        parts += [tr("locked")] if row.locked else []
        if row.influence is not None:
            parts.append(tr("influence {0}").format(paint.influence_mark(row.influence)))
        return ", ".join(parts)

    def help_on(self, row: Card) -> str:
        lines = [plain(row.text), tr("{0:g} of {1:g}").format(row.stars, self.scale.highest)]
        if row.influence is not None:
            lines.append(tr("Influence: {0}").format(paint.influence_mark(row.influence)))
        if row.edited:
            lines.append(tr("Rated by you"))
        if row.locked:
            lines.append(tr("Locked: new draws leave it here (L unlocks)"))
        lines.append(tr("Click or drag over the stars to rate; right-click for more"))
        return "\n".join(lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        return [ITEM]

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        return data.hasFormat(ITEM)


def cards_of(
    task: RatedTask,
    drawn: Collection[tuple[int, float]],
    locked: Collection[tuple[int, ...]],
    influence: Sequence[float] | None,
) -> list[Card]:
    """``drawn`` are the ratings that were not changed by hand."""
    return [
        Card(
            place,
            rating.item,
            task.name(rating.item),
            rating.stars,
            tuple(rating) not in drawn,
            (0, place) in locked,
            None if influence is None else influence[place],
        )
        for place, rating in enumerate(task.support)
    ]
