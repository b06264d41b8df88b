"""One confusion matrix, drawn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.lab.views import heat
from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing

Counts = tuple[tuple[int, ...], ...]
"""``[true][predicted]``."""
HEAD, MARGIN = 18, 18
LARGEST = 56
"""A cell is at most as wide."""
LEAST_WIDTH = 220
"""Room for the heading."""
GAP, WIDEST = 8.0, 84.0
"""Beside a name, and of names at the left at most."""
NAMED = 40
"""From this size on a column has room for its name; below it has a letter."""
LEGIBLE = 15
"""From this size on a cell has room for its number."""


class MatrixView(Drawing, QWidget):
    """A heading, names along two sides, and a square cell for every pair of classes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.counts: Counts = ()
        self.names: tuple[str, ...] = ()
        self.heading = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 140)

    def show_counts(self, heading: str, counts: Counts, names: tuple[str, ...]) -> None:
        """``names`` of the classes; their letters where they have none."""
        self.counts, self.names = counts, names
        total = sum(map(sum, counts))
        right = sum(row[way] for way, row in enumerate(counts))
        self.heading = f"{heading}:  {right} / {total}" if total else heading
        self.setAccessibleName(self.tr("Confusion matrix, {0}").format(self.heading))
        self.setAccessibleDescription(
            "; ".join(f"{names[way]}: {', '.join(map(str, row))}" for way, row in enumerate(counts))
        )
        self.setToolTip(self.accessibleName())
        self.setMaximumWidth(max(round(self._left) + LARGEST * len(counts), LEAST_WIDTH))
        self.update()

    @property
    def _left(self) -> float:
        """Room for the names of the rows."""
        metrics = QFontMetricsF(paint.small_font(self.font()))
        told = map(self._lettered, range(len(self.names)))
        widest = max(map(metrics.horizontalAdvance, told), default=0.0)
        return min(max(widest + GAP, MARGIN), WIDEST)

    def _lettered(self, way: int) -> str:
        """For columns that have no room for a name."""
        letter, name = paint.letter(way), self.names[way]
        return name if name == letter else f"{name}  {letter}"

    @property
    def _side(self) -> float:
        """Of a cell."""
        ways = max(len(self.counts), 1)
        room = min(self.room.width() - self._left, self.room.height() - HEAD - MARGIN)
        return min(room / ways, LARGEST)

    def cell(self, row: int, column: int) -> QRectF:
        side = self._side
        return QRectF(self._left + column * side, HEAD + MARGIN + row * side, side, side)

    def at(self, place: QPointF) -> tuple[int, int] | None:
        """Row and column under a point."""
        row = int((place.y() - HEAD - MARGIN) // self._side)
        column = int((place.x() - self._left) // self._side)
        inside = 0 <= row < len(self.counts) and 0 <= column < len(self.counts)
        return (row, column) if inside else None

    def describe(self, row: int, column: int) -> str:
        text = self.tr("{0} of {1} query items of class {2} are predicted {3}")
        names = self.names[row], self.names[column]
        return text.format(self.counts[row][column], sum(self.counts[row]), *names)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.at(QPointF(event.pos()))
            if found is not None:
                QToolTip.showText(event.globalPos(), self.describe(*found), self)
                return True
        return super().event(event)

    def needs(self, width: int) -> float:
        ways = max(len(self.counts), 1)
        return HEAD + MARGIN + min((width - self._left) / ways, LARGEST) * ways

    def draw(self, painter: QPainter) -> None:
        colors = paint.colors()
        painter.setFont(paint.small_font(self.font()))
        painter.setPen(colors.text)
        painter.drawText(QRectF(0, 0, self.room.width(), HEAD), self.heading)
        painter.setPen(colors.muted)
        center = Qt.AlignmentFlag.AlignCenter
        every = 1 if self._side >= LEGIBLE - 3 else 2
        metrics, cut = QFontMetricsF(painter.font()), Qt.TextElideMode.ElideRight
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for way in range(0, len(self.counts), every):
            corner = self.cell(way, way)
            top = QRectF(corner.left() - 6, HEAD, corner.width() + 12, MARGIN)
            left = QRectF(0, corner.top() - 6, self._left - GAP / 2, corner.height() + 12)
            name = metrics.elidedText(self.names[way], cut, corner.width() - 2)
            above = name if corner.width() >= NAMED else paint.letter(way)
            painter.drawText(top, center, above)
            told = self.names[way] if above == name else self._lettered(way)
            painter.drawText(left, side, metrics.elidedText(told, cut, left.width()))
        for row in range(len(self.counts)):
            for column in range(len(self.counts)):
                self._paint_cell(painter, row, column)
        self._mark_diagonal(painter)

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        count, total = self.counts[row][column], sum(self.counts[row])
        box = self.cell(row, column).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = heat.shade(count / total) if count else paint.colors().paper
        painter.fillRect(box, ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(paint.colors().border, 1))
        painter.drawRect(box)
        if count and self._side >= LEGIBLE:
            painter.setPen(heat.ink_on(ground))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count))

    def _mark_diagonal(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(paint.colors().good, 2 if self._side >= LEGIBLE else 1))
        for way in range(len(self.counts)):
            painter.drawRect(self.cell(way, way).adjusted(1, 1, -1, -1))
