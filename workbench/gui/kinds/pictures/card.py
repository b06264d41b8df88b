"""One query item: what the learner says about it at the step looked at."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from workbench.gui.lab.sizes import Sizes
from workbench.gui.style import paint
from workbench.gui.style.images import paint_image

SIZES = Sizes(least=28, usual=40, most=72)
MARGIN, BELOW = 3, 28
"""Pixels of a card beside its picture, and below it for the verdict."""


def card_size(picture: int) -> QSize:
    return QSize(picture + MARGIN, picture + BELOW)


class QueryCard(QAbstractButton):
    """A query picture, the predicted class with its probability, right or wrong, and flips.

    A click (or Space, Enter) asks why.
    """

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"lab.query.{index}")
        self.index = index
        self.asked = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_picture_side(SIZES.usual)
        self.image = QImage()
        self.truth = 0
        self.predicted: int | None = None
        self.probability = math.nan
        self.flipped = False
        self._describe()

    def set_picture_side(self, side: int) -> None:
        self._side = side
        self.setFixedSize(card_size(side))

    @property
    def right(self) -> bool:
        return self.predicted == self.truth

    def show_item(self, image: QImage, truth: int) -> None:
        self.image, self.truth = image, truth
        self.forget()

    def forget(self) -> None:
        """No prediction is known (yet)."""
        self.predicted, self.probability, self.flipped = None, math.nan, False
        self._describe()

    def show_prediction(
        self, predicted: int | None, probability: float, before: int | None
    ) -> None:
        flipped = before is not None and predicted is not None and predicted != before
        if (predicted, probability, flipped) != (self.predicted, self.probability, self.flipped):
            self.predicted, self.probability, self.flipped = predicted, probability, flipped
            self._describe()

    def _describe(self) -> None:
        truth = paint.letter(self.truth)
        if self.predicted is None:
            text = self.tr("Query item of class {0}, not predicted").format(truth)
        else:
            verdict = self.tr("right") if self.right else self.tr("wrong")
            text = self.tr("Query item of class {0}, predicted {1} with {2} %: {3}").format(
                truth, paint.letter(self.predicted), f"{100 * self.probability:.0f}", verdict
            )
        if self.flipped:
            text += self.tr(", changed since step 0")
        self.setAccessibleName(text)
        why = self.tr("Click: which support pictures helped it, which hurt it?")
        self.setToolTip(f"{text}\n{why}")
        self.update()

    def set_asked(self, asked: bool) -> None:
        if asked != self.asked:
            self.asked = asked
            self.update()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A query item"), (
            (self.tr("Ask which support items moved it"), "Space, Return"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = paint.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.asked or self.underMouse() or self.hasFocus():
            self._paint_ground(painter)
        box = QRectF((self.width() - self._side) / 2, 1, self._side, self._side)
        tone = colors.border if self.predicted is None else self._tone()
        painter.setPen(QPen(tone, 1.5))
        painter.setBrush(colors.paper)
        painter.drawRoundedRect(box, 5, 5)
        paint_image(painter, box.adjusted(3, 3, -3, -3), self.image)
        if self.predicted is not None:
            self._paint_verdict(painter, tone)

    def _paint_ground(self, painter: QPainter) -> None:
        colors = paint.colors()
        edge = QPen(colors.accent, 2) if self.asked or self.hasFocus() else Qt.PenStyle.NoPen
        painter.setPen(edge)
        painter.setBrush(colors.accent_soft)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _tone(self) -> QColor:
        return paint.colors().good if self.right else paint.colors().bad

    def _paint_verdict(self, painter: QPainter, tone: QColor) -> None:
        colors = paint.colors()
        line = QRectF(3, self._side + 3, self.width() - 6, 16)
        painter.setFont(paint.small_font(self.font()))
        painter.setPen(colors.text)
        mark = "✓" if self.right else "✗"
        letter = paint.letter(self.predicted or 0)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, letter)
        painter.setPen(tone)
        text = f"↺ {mark}" if self.flipped else mark
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        bar = QRectF(3, self._side + 21, self.width() - 6, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.border)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(tone)
        bar.setWidth(bar.width() * min(max(self.probability, 0.0), 1.0))
        painter.drawRoundedRect(bar, 2, 2)
