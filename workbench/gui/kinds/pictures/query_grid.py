"""The query items of one column, small: what is predicted right and what wrong, class by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.kinds.pictures import picture_sheets
from workbench.gui.kinds.pictures.answer import Answer
from workbench.gui.kinds.pictures.cards import best
from workbench.gui.style import paint
from workbench.gui.style.images import paint_image
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode

LETTER = 13
GAP = 2
LEAST, MOST = 7, 28
"""Sides of a cell, in pixels."""
PICTURE = 15
"""From this side on a cell shows its picture."""


class QueryGrid(QWidget):
    """A row or more a class: ✓ and a green edge, or ✗ and a red one; the tooltip has the rest."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Query items predicted right and wrong"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pictures: Sequence[QImage] = ()
        self._task: Any = None
        self._outputs: Any = None
        self._truths: list[int] = []
        self.predicted: list[tuple[int | None, float]] = []

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage]) -> None:
        self._task = task
        self._pictures, self._truths = images, episode.query.y.tolist()
        self._fit()
        self.update()

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        """Class probabilities ``[items, classes]``; None where none are known."""
        self._outputs = outputs
        self.predicted = [] if outputs is None else [best(row) for row in outputs.tolist()]
        if len(self.predicted) != len(self._truths):
            self.predicted = []
        self.setAccessibleDescription(self._tally() if self.predicted else "")
        self.update()

    def sheet(self) -> Sheet | None:
        if not self.predicted:
            return None
        pairs = zip(self._truths, self.predicted, strict=True)
        said = [Answer(truth, *predicted) for truth, predicted in pairs]
        return picture_sheets.answers(self.accessibleName(), self._task, said, self._outputs)

    def _tally(self) -> str:
        """``A 4/5, B 3/5``."""
        parts = []
        for way in sorted(set(self._truths)):
            mine = [p for (p, _), t in zip(self.predicted, self._truths, strict=True) if t == way]
            parts.append(f"{paint.letter(way)} {mine.count(way)}/{len(mine)}")
        return ", ".join(parts)

    # --- where things are --------------------------------------------------------------------

    @property
    def _most(self) -> int:
        """Items of the largest class."""
        return max((self._truths.count(way) for way in set(self._truths)), default=1)

    @property
    def _side(self) -> float:
        room = (self.width() - LETTER + GAP) / self._most - GAP
        return min(max(room, LEAST), MOST)

    @property
    def _each(self) -> int:
        """Cells in one line."""
        return max(int((self.width() - LETTER + GAP) / (self._side + GAP) + 1e-6), 1)

    def _rows(self) -> Iterator[tuple[int, float, list[int]]]:
        """Class, top and the numbers of its items."""
        top = 0.0
        for way in sorted(set(self._truths)):
            items = [number for number, truth in enumerate(self._truths) if truth == way]
            yield way, top, items
            top += -(-len(items) // self._each) * (self._side + GAP) + GAP

    def _cells(self) -> Iterator[tuple[int, QRectF]]:
        side, each = self._side, self._each
        for _, top, items in self._rows():
            for place, number in enumerate(items):
                line, column = divmod(place, each)
                x, y = LETTER + column * (side + GAP), top + line * (side + GAP)
                yield number, QRectF(x, y, side, side)

    def item_at(self, point: QPoint) -> int | None:
        hits = (number for number, cell in self._cells() if cell.contains(point.toPointF()))
        return next(hits, None)

    def cell(self, number: int) -> QRectF:
        return dict(self._cells())[number]

    def _fit(self) -> None:
        self.setFixedHeight(self._high())

    def _high(self) -> int:
        return int(max((cell.bottom() for _, cell in self._cells()), default=0.0)) + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(LETTER + 5 * LEAST, 10)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = paint.colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(paint.small_font(self.font()))
        painter.setPen(colors.muted)
        for way, top, _ in self._rows():
            line = QRectF(0, top, LETTER, max(self._side, 11))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, paint.letter(way))
        for number, cell in self._cells():
            self._paint_cell(painter, number, cell)

    def _paint_cell(self, painter: QPainter, number: int, cell: QRectF) -> None:
        colors = paint.colors()
        right = self._right(number)
        tone = {None: colors.border, True: colors.good, False: colors.bad}[right]
        painter.setPen(QPen(tone, 1.5))
        painter.setBrush(colors.paper)
        painter.drawRoundedRect(cell.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)
        if cell.width() >= PICTURE:
            paint_image(painter, cell.adjusted(2, 2, -2, -2), self._pictures[number])
        if right is not None:
            side = min(max(cell.width() * 0.42, 6.0), 10.0)
            corner = QRectF(cell.right() - side, cell.bottom() - side, side, side)
            place = corner if cell.width() >= PICTURE else cell.adjusted(1, 1, -1, -1)
            _paint_mark(painter, place, right, tone)

    def _right(self, number: int) -> bool | None:
        """None where nothing is predicted."""
        if not self.predicted or self.predicted[number][0] is None:
            return None
        return self.predicted[number][0] == self._truths[number]

    # --- telling -----------------------------------------------------------------------------

    def told(self, number: int) -> str:
        truth = self._truths[number]
        place = self._truths[: number + 1].count(truth)
        item = self.tr("Query item {0} of class {1}").format(place, paint.letter(truth))
        right = self._right(number)
        if right is None:
            return self.tr("{0}, not predicted").format(item)
        predicted, probability = self.predicted[number]
        verdict = self.tr("right") if right else self.tr("wrong")
        text = self.tr("{0}, predicted {1} with {2} %: {3}")
        letter = paint.letter(predicted or 0)
        return text.format(item, letter, f"{100 * probability:.0f}", verdict)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.item_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if number is None else self.told(number), self)
            return True
        return super().event(event)


def _paint_mark(painter: QPainter, box: QRectF, right: bool, tone: QColor) -> None:
    """A small ✓ or ✗ on a patch of its own, since a picture may be as dark as the mark."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paint.colors().paper)
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(QPen(tone, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
    if right:
        low = QPointF(inner.left() + 0.38 * inner.width(), inner.bottom())
        painter.drawPolyline([QPointF(inner.left(), inner.center().y()), low, inner.topRight()])
    else:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.bottomLeft(), inner.topRight())
