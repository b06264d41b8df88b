"""Cells of the table of runs: two lines, one line in the middle, or a small curve; names edited."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from workbench.gui.runs.model import SPARK
from workbench.gui.style import theme
from workbench.gui.style.two_line_delegate import (
    INSET,
    LOWER,
    UPPER_TOKEN,
    Index,
    TwoLineDelegate,
    paint_lines,
)

if TYPE_CHECKING:
    from workbench.experiments.labbook.learned import Learned

DOT = 2.6
"""Radius of the mark at the best validation, in pixels."""


class RunDelegate(TwoLineDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.current().color("accentSoft"))
        box = QRect(option.rect).adjusted(INSET, 4, -INSET, -4)
        told = index.data(SPARK)
        if told is not None:
            paint_curve(painter, QRectF(box).adjusted(0, 5, 0, -5), *told)
        elif index.data(LOWER):
            paint_lines(painter, box, index)
        else:
            _paint_one(painter, box, index)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("runs.rename")
        editor.setAccessibleName(self.tr("Name of the run"))
        editor.setToolTip(self.tr("Enter keeps the name, Esc leaves it; empty takes it away"))
        editor.setMaxLength(120)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        high = editor.sizeHint().height()
        top = option.rect.top() + (option.rect.height() - high) // 2
        editor.setGeometry(QRect(option.rect.left() + 2, top, option.rect.width() - 4, high))


def _paint_one(painter: QPainter, box: QRect, index: Index) -> None:
    look = theme.current()
    painter.setFont(look.font(theme.BASE_PX))
    painter.setPen(look.color(str(index.data(UPPER_TOKEN) or "text")))
    elide = Qt.TextElideMode.ElideRight
    text = painter.fontMetrics().elidedText(str(index.data() or ""), elide, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)


def paint_curve(painter: QPainter, box: QRectF, learned: Learned, best: int) -> None:
    """Validations over iterations, from the lowest to the highest; a dot at the best."""
    seen = [(x, y) for x, y in learned.validations if math.isfinite(y)]
    if not seen:
        return
    look, points = theme.current(), _places(box, seen)
    painter.setPen(QPen(look.color("after"), 1.4))
    painter.drawPolyline(QPolygonF(list(points.values())))
    if best in points or len(seen) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("star"))
        painter.drawEllipse(points.get(best, next(iter(points.values()))), DOT, DOT)


def _places(box: QRectF, seen: list[tuple[int, float]]) -> dict[int, QPointF]:
    """Where each validation stands, by its iteration."""
    across, up = [x for x, _ in seen], [y for _, y in seen]
    left, wide = min(across), max(max(across) - min(across), 1)
    low, high = min(up), max(up)
    shares = (
        (x, (x - left) / wide, (y - low) / (high - low) if high > low else 0.5) for x, y in seen
    )
    return {
        x: QPointF(box.left() + right * box.width(), box.bottom() - rise * box.height())
        for x, right, rise in shares
    }
