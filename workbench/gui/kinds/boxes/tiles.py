"""Square tiles in whatever room there is, as large as fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

GAP = 6.0
MOST = 300.0
"""Pixels of a tile's side."""


@dataclass(frozen=True)
class Tiles:
    """``count`` tiles of one side, row by row from the top left corner."""

    count: int
    columns: int
    side: float

    @classmethod
    def within(cls, count: int, room: QSizeF) -> Tiles:
        """The largest that all fit."""
        sides = {columns: _side(count, columns, room) for columns in range(1, max(count, 1) + 1)}
        columns = max(sides, key=lambda c: (sides[c], -c))
        return cls(count, columns, max(min(sides[columns], MOST), 1.0))

    def box(self, index: int) -> QRectF:
        row, column = divmod(index, self.columns)
        step = self.side + GAP
        return QRectF(column * step, row * step, self.side, self.side)

    def at(self, point: QPointF) -> int | None:
        """The tile under a point."""
        return next((i for i in range(self.count) if self.box(i).contains(point)), None)

    def place(self, index: int, point: QPointF) -> tuple[float, float]:
        """A point as shares of a tile's sides, on the tile."""
        box = self.box(index)
        x, y = (point.x() - box.x()) / box.width(), (point.y() - box.y()) / box.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def _side(count: int, columns: int, room: QSizeF) -> float:
    rows = math.ceil(count / columns)
    across = (room.width() - GAP * (columns - 1)) / columns
    return min(across, (room.height() - GAP * (rows - 1)) / max(rows, 1))
