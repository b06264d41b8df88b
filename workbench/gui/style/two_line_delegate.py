"""Rows of two lines: what it is, and below it, small, what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.style import theme

Index = QModelIndex | QPersistentModelIndex
LOWER, UPPER_TOKEN, LOWER_TOKEN = (Qt.ItemDataRole.UserRole + n for n in (11, 12, 13))
"""Roles of the second line, and of the colours of both."""
INSET = 10


@dataclass(frozen=True)
class TwoLines:
    """What one cell shows; tokens name colours of the theme."""

    upper: str
    lower: str = ""
    upper_token: str = "text"
    lower_token: str = "muted"

    def data(self, role: int) -> str | None:
        """What a model answers for this cell."""
        return {
            int(Qt.ItemDataRole.DisplayRole): self.upper,
            LOWER: self.lower,
            UPPER_TOKEN: self.upper_token,
            LOWER_TOKEN: self.lower_token,
            int(Qt.ItemDataRole.AccessibleTextRole): f"{self.upper}, {self.lower}".rstrip(", "),
        }.get(int(role))


class TwoLineDelegate(QStyledItemDelegate):
    """Draws what the roles of `TwoLines` say, over the row's background."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        upper = theme.current().metrics(theme.BASE_PX).horizontalAdvance(str(index.data()))
        lower = theme.current().metrics(11).horizontalAdvance(str(index.data(LOWER) or ""))
        return QSize(max(upper, lower) + 2 * INSET + 4, 46)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.current().color("accentSoft"))
        paint_lines(painter, QRect(option.rect).adjusted(INSET, 4, -INSET, -4), index)
        painter.restore()


def paint_lines(painter: QPainter, box: QRect, index: Index) -> None:
    """Both lines of a cell, cut with an ellipsis where there is no room."""
    half, look = box.height() // 2, theme.current()
    lines = (
        (box.adjusted(0, 0, 0, -half), index.data(), UPPER_TOKEN, "text", theme.BASE_PX),
        (box.adjusted(0, half, 0, 0), index.data(LOWER), LOWER_TOKEN, "muted", 11),
    )
    for line, text, role, token, pixels in lines:
        font = look.font(pixels)
        if role == UPPER_TOKEN:
            font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(look.color(str(index.data(role) or token)))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(str(text or ""), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
