"""One query item: what the learner says about it at the step looked at."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from workbench.gui.kinds.pictures.answer import Answer, card_size, paint_card
from workbench.gui.lab.sizes import Sizes
from workbench.gui.style import paint

SIZES = Sizes(least=28, usual=40, most=72)


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
        self.answer = Answer()
        self._describe()

    def set_picture_side(self, side: int) -> None:
        self.setFixedSize(card_size(side))

    def show_item(self, image: QImage, truth: int) -> None:
        self.image, self.answer = image, Answer(truth)
        self._describe()

    def forget(self) -> None:
        """No prediction is known (yet)."""
        self.answer = Answer(self.answer.truth)
        self._describe()

    def show_prediction(
        self, predicted: int | None, probability: float, before: int | None
    ) -> None:
        flipped = before is not None and predicted is not None and predicted != before
        said = Answer(self.answer.truth, predicted, probability, flipped)
        if said != self.answer:
            self.answer = said
            self._describe()

    def _describe(self) -> None:
        answer, truth = self.answer, paint.letter(self.answer.truth)
        if answer.predicted is None:
            text = self.tr("Query item of class {0}, not predicted").format(truth)
        else:
            verdict = self.tr("right") if answer.right else self.tr("wrong")
            text = self.tr("Query item of class {0}, predicted {1} with {2} %: {3}").format(
                truth, paint.letter(answer.predicted), f"{100 * answer.probability:.0f}", verdict
            )
        if answer.flipped:
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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.asked or self.underMouse() or self.hasFocus():
            self._paint_ground(painter)
        paint_card(painter, QRectF(self.rect()), self.image, self.answer)

    def _paint_ground(self, painter: QPainter) -> None:
        colors = paint.colors()
        edge = QPen(colors.accent, 2) if self.asked or self.hasFocus() else Qt.PenStyle.NoPen
        painter.setPen(edge)
        painter.setBrush(colors.accent_soft)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
