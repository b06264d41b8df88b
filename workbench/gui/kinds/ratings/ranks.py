"""The items that are asked about, best first, at the step that is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QMimeData, QModelIndex, Qt

from workbench.gui.kinds.ratings.cards import ITEM
from workbench.gui.kinds.ratings.stars import Scale
from workbench.gui.style.list_model import ROW, Index, ListModel
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.tasks.rated.rated_task import RatedTask


def tr(text: str) -> str:
    return QCoreApplication.translate("Ranks", text)


@dataclass(frozen=True)
class Ranked:
    number: int
    """Of the query batch."""
    item: int
    text: str
    truth: float
    """NaN where nobody knows."""
    now: float | None = None
    """Predicted stars; None where nothing is known."""
    before: float | None = None
    """At step 0."""
    moved: int = 0
    """Places up since step 0; below zero is down."""


class Ranks(ListModel[Ranked]):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Ranked] = []
        self.scale = Scale(1, 5)

    def show(self, rows: list[Ranked], scale: Scale) -> None:
        """In a new order the rows are still those of the same items."""
        self.scale = scale
        same = {row.item for row in rows} == {row.item for row in self.rows}
        if not same or len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        places = {row.item: place for place, row in enumerate(rows)}
        old = self.persistentIndexList()
        new = [self.index(places[self.rows[index.row()].item]) for index in old]
        self.rows = rows
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def at(self, number: int | None) -> QModelIndex:
        """Where a query item is; no index where there is none."""
        found = (place for place, row in enumerate(self.rows) if row.number == number)
        return self.index(next(found, -1))

    def described(self, row: Ranked) -> str:
        place = next(at for at, other in enumerate(self.rows, 1) if other.item == row.item)
        parts = [tr("{0}. {1}").format(place, row.text)]
        if row.now is not None:
            parts.append(tr("predicted {0}").format(f"{row.now:.1f}"))
        if not math.isnan(row.truth):
            parts.append(tr("rated {0:g}").format(row.truth))
        return ", ".join(parts)

    def help_on(self, row: Ranked) -> str:
        lines = [plain(self.described(row))]
        if row.before is not None:
            lines.append(tr("Before adapting: {0}").format(f"{row.before:.1f}"))
        lines.append(tr("Click: which ratings moved it? Drag it to the left to rate it."))
        return "\n".join(lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [ITEM]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        row, data = indexes[0].data(ROW), QMimeData()
        data.setData(ITEM, f"{row.item} {stars_of(row, self.scale)}".encode())
        return data


def stars_of(row: Ranked, scale: Scale) -> float:
    """What an item is rated when it is put to the support set: as it was, or as is predicted."""
    if not math.isnan(row.truth):
        return row.truth
    return scale.middle if row.now is None else scale.rounded(row.now)


def ranked(task: RatedTask, now: Any, before: Any) -> list[Ranked]:
    """Best first; ``now`` and ``before`` are ``[Q, 1]``, or None where nothing is known."""
    known = now is not None and len(now) == len(task.query) == len(before)
    after, first = (part.flatten().tolist() if known else [] for part in (now, before))
    rows = [
        Ranked(
            number,
            rating.item,
            task.name(rating.item),
            rating.stars,
            after[number] if known else None,
            first[number] if known else None,
        )
        for number, rating in enumerate(task.query)
    ]
    if not known:
        return rows
    early = {number: place for place, number in enumerate(_order(first))}
    return [
        _moved(rows[number], early[number] - place) for place, number in enumerate(_order(after))
    ]


def _order(values: list[float]) -> list[int]:
    """Places, the best first; what is no number comes last."""
    return sorted(
        range(len(values)), key=lambda n: -values[n] if values[n] == values[n] else math.inf
    )


def _moved(row: Ranked, places: int) -> Ranked:
    return Ranked(row.number, row.item, row.text, row.truth, row.now, row.before, places)
