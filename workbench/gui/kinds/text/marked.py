"""Words of a sentence in two tones: for the predicted class, and against it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from workbench.gui.kinds.text import wrapping
from workbench.gui.style import paint, theme

LEAST = 0.03
"""Of the strongest word's part; what is less has no colour."""
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def tr(text: str) -> str:
    return QCoreApplication.translate("MarkedWords", text)


def tone(value: float, strongest: float) -> QColor | None:
    """The ground of a word: the stronger the more it counts."""
    share = min(abs(value) / strongest, 1.0)
    if share < LEAST:
        return None
    token = "accent" if value > 0 else "before"
    return theme.current().color(token, 0.1 + 0.45 * share)


@dataclass(frozen=True)
class Words:
    """A sentence, and the size of a word's part that has the full colour."""

    text: str
    strongest: float

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        from workbench.tasks.texts.words import spans

        return spans(self.text)

    def word(self, number: int) -> str:
        start, end = self.spans[number]
        return self.text[start:end]

    def paint(self, painter: QPainter, box: QRectF, effects: list[float]) -> None:
        """Words against the prediction are underlined, so that colour is not all there is."""
        if len(effects) == len(self.spans):
            for word, place in wrapping.word_boxes(self.text, int(box.width()), self.spans):
                _paint_ground(
                    painter, place.translated(box.topLeft()), effects[word], self.strongest
                )
        wrapping.paint_lines(painter, box, self.text, paint.colors().text)

    def at(self, place: QPoint, width: int) -> int | None:
        boxes = wrapping.word_boxes(self.text, width, self.spans)
        return next((word for word, box in boxes if box.contains(place.toPointF())), None)


def _paint_ground(painter: QPainter, box: QRectF, value: float, strongest: float) -> None:
    ground = tone(value, strongest)
    if ground is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box.adjusted(-1.5, 1, 1.5, -1), 3, 3)
    if value < 0:
        line = QPen(theme.current().color("before"), 1.2, Qt.PenStyle.DotLine)
        painter.setPen(line)
        painter.drawLine(
            box.bottomLeft().toPoint() - QPoint(0, 2), box.bottomRight().toPoint() - QPoint(0, 2)
        )


def paint_legend(painter: QPainter, box: QRectF) -> None:
    painter.setFont(paint.small_font(painter.font()))
    left = box.left()
    for value, text in ((1.0, tr("for it")), (-1.0, tr("against it"))):
        width = painter.fontMetrics().horizontalAdvance(text)
        place = QRectF(left, box.top(), width, box.height())
        _paint_ground(painter, place, 0.6 * value, 1.0)
        painter.setPen(paint.colors().muted)
        painter.drawText(place, CENTER, text)
        left += width + 14
