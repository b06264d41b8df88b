"""Pictures of equal size in rows, as large as all of them have room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from workbench.gui.style import theme

Paint = Callable[[QPainter, QRectF], None]
"""Draws one of them into its box, in the colours that are worn."""
GAP, ROW_GAP, BESIDE = 3.0, 8.0, 28.0
LARGEST, SMALLER, STEPS = 3.0, 0.96, 90
"""How much larger than on the screen they get at most, and by how much less in every try."""
NAME = 12


class Row(NamedTuple):
    """Goes on in another line where one is too short."""

    name: str
    cells: Sequence[Paint]


@dataclass(frozen=True)
class Cells:
    """The content of a sheet: ``size`` is that of a cell on the screen."""

    rows: Sequence[Row]
    size: QSizeF

    def draw(self, painter: QPainter, box: QRectF) -> None:
        left = self._left()
        scale, beside = self._fit(box, left)
        wide = (box.width() + BESIDE) / beside
        each, high = self._each(scale, wide - BESIDE - left), -(-len(self.rows) // beside)
        top = box.top()
        for number, row in enumerate(self.rows):
            top = box.top() if number % high == 0 else top
            name = QRectF(box.left() + number // high * wide, top, left, 0)
            self._draw_row(painter, row, name, scale, each)
            top += self._row_high(row, scale, each) + ROW_GAP

    def _fit(self, box: QRectF, left: float) -> tuple[float, int]:
        """The largest scale, and how many rows then stand beside each other."""
        for scale in (LARGEST * SMALLER**step for step in range(STEPS)):
            for beside in range(1, len(self.rows) + 1):
                width = (box.width() + BESIDE) / beside - BESIDE - left
                if self._high(scale, width, beside) <= box.height():
                    return scale, beside
        return LARGEST * SMALLER**STEPS, 1

    def _draw_row(self, painter: QPainter, row: Row, name: QRectF, scale: float, each: int) -> None:
        wide, high = self.size.width() * scale + GAP, self.size.height() * scale + GAP
        painter.setFont(theme.current().font(NAME))
        painter.setPen(theme.current().color("muted"))
        name.setHeight(high - GAP)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, row.name)
        for place, paint in enumerate(row.cells):
            line, column = divmod(place, each)
            painter.save()
            painter.translate(QPointF(name.right() + column * wide, name.top() + line * high))
            painter.scale(scale, scale)
            paint(painter, QRectF(0, 0, self.size.width(), self.size.height()))
            painter.restore()

    def _left(self) -> float:
        """Room for the names."""
        metrics = theme.current().metrics(NAME)
        widest = max((metrics.horizontalAdvance(row.name) for row in self.rows), default=0)
        return widest + 8.0 if widest else 0.0

    def _each(self, scale: float, width: float) -> int:
        """Cells in a line."""
        return max(int((width + GAP) / (self.size.width() * scale + GAP)), 1)

    def _row_high(self, row: Row, scale: float, each: int) -> float:
        lines = -(-len(row.cells) // each)
        return lines * (self.size.height() * scale + GAP) - GAP

    def _high(self, scale: float, width: float, beside: int) -> float:
        """Of the highest column, with so many of them; a row is broken only in a single one."""
        each = self._each(scale, width)
        longest = max(len(row.cells) for row in self.rows)
        if self.size.width() * scale > width or (beside > 1 and each < longest):
            return float("inf")
        highs = [self._row_high(row, scale, each) + ROW_GAP for row in self.rows]
        count = -(-len(highs) // beside)
        return max(sum(highs[at : at + count]) for at in range(0, len(highs), count)) - ROW_GAP
