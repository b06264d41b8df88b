"""The matrix of pairs of classes as a sheet to take away: as large as the page has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from workbench.core.errors import printable
from workbench.gui.explorer.pair_model import PairModel, paint_cell
from workbench.gui.style import theme
from workbench.gui.takeaway.sheet import Cell, Sheet, Table

CELL = (40.0, 26.0)
TEXT, GAP, HEAD, WIDEST, MOST = 12, 8.0, 20.0, 200.0, 2.0
"""Pixels of letters, beside names, of the numbers above and of names; how much is enlarged."""


def sheet(title: str, notes: Sequence[str], model: PairModel) -> Sheet:
    return Sheet("classes", title, Matrix(model), _table(model), tuple(notes))


@dataclass(frozen=True)
class Matrix:
    """Drawn by what draws the cells of the window."""

    model: PairModel

    def draw(self, painter: QPainter, box: QRectF) -> None:
        font = theme.current().font(TEXT)
        metrics, count = QFontMetricsF(font), self.model.rowCount()
        names = [self._name(row) for row in range(count)]
        left = min(max(map(metrics.horizontalAdvance, names)), WIDEST) + GAP
        wide, high = left + count * CELL[0], HEAD + count * CELL[1]
        factor = min(box.width() / wide, box.height() / high, MOST)
        painter.translate(box.topLeft())
        painter.scale(factor, factor)
        painter.setFont(font)
        for place, name in enumerate(names):
            cut = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, left - GAP)
            top, middle = HEAD + place * CELL[1], Qt.AlignmentFlag.AlignVCenter
            painter.setPen(theme.current().color("text"))
            painter.drawText(QRectF(0, top, left - GAP, CELL[1]), middle, cut)
            above = QRectF(left + place * CELL[0], 0, CELL[0], HEAD)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, str(place + 1))
            for other in range(count):
                cell = QRectF(left + other * CELL[0], top, *CELL)
                paint_cell(painter, cell, self.model.index(place, other))

    def _name(self, row: int) -> str:
        return str(self.model.headerData(row, Qt.Orientation.Vertical, Qt.ItemDataRole.DisplayRole))


def _table(model: PairModel) -> Table:
    """Every pair once, with its number of tasks; the diagonal has a class with itself."""
    pairs = model.pairs
    assert pairs is not None
    names = [printable(name) for name in pairs.names]
    rows: list[tuple[Cell, ...]] = [
        (one, names[other], float(pairs.means[row, other]), int(pairs.counts[row, other]))
        for row, one in enumerate(names)
        for other in range(row, len(names))
        if pairs.counts[row, other]
    ]
    return Table(("class", "with", model.metric, "tasks"), rows)
