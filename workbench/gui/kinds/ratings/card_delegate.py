"""How a rated item is drawn: its name, its stars, and what the mouse finds at its end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.kinds.ratings.cards import Card, Cards
from workbench.gui.kinds.ratings.stars import Scale, paint_stars, width
from workbench.gui.style import paint, theme
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_tools import paint_ground, paint_tools

Index = QModelIndex | QPersistentModelIndex
HIGH, STAR, LEFT, RIGHT, NAME = 46, 17, 20, 8, 20
"""Pixels of a card, of a star, before and behind, and of the line with the name."""
MARK = 74
"""Pixels of the mark of influence."""
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class CardDelegate(QStyledItemDelegate):
    """``tried`` is the place of a card whose stars are dragged over, and how many."""

    tried: tuple[int, float] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        assert isinstance(view, QListView)
        return QSize(view.viewport().width(), HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Card = index.data(ROW)
        model = index.model()
        assert isinstance(model, Cards)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        paint_ground(painter, option, over, focused)
        tried = self.tried
        stars = tried[1] if tried is not None and tried[0] == row.place else row.stars
        paint_card(painter, QRectF(option.rect), row, model, stars)
        if over:
            paint_tools(painter, option.rect, row.locked)
        painter.restore()


def paint_card(
    painter: QPainter, box: QRectF, row: Card, model: Cards, stars: float | None = None
) -> None:
    colors, shown = paint.colors(), row.stars if stars is None else stars
    _paint_mark(painter, box, row)
    painter.setFont(theme.current().font(13))
    painter.setPen(colors.text)
    line = QRectF(box.left() + LEFT, box.top() + 3, box.width() - LEFT - RIGHT, NAME)
    cut = Qt.TextElideMode.ElideRight
    name = painter.fontMetrics().elidedText(row.text, cut, int(line.width()))
    painter.drawText(line, CENTER, name)
    place = star_box(box, model.scale)
    paint_stars(painter, place, model.scale, shown, colors.accent)
    painter.setFont(paint.small_font(painter.font()))
    painter.setPen(colors.muted)
    beside = QRectF(place.right() + 6, place.top(), 34, place.height())
    painter.drawText(beside, CENTER, f"{shown:.3g}")
    if row.influence is not None:
        strip = QRectF(box.right() - RIGHT - MARK, place.top() - 1, MARK, 17)
        paint.paint_influence(painter, strip, row.influence, model.strongest)


def star_box(box: QRectF, scale: Scale) -> QRectF:
    """Where the stars of a card are, in the box of its row."""
    return QRectF(box.left() + LEFT, box.top() + 3 + NAME, width(scale.count, STAR), STAR)


def _paint_mark(painter: QPainter, box: QRectF, row: Card) -> None:
    """A lock, or a dot on what was rated by hand."""
    middle = box.top() + 3 + NAME / 2
    if row.locked:
        place = QRect(int(box.left()) + 3, int(middle) - 7, 14, 14)
        theme.current().icon("lock", "accent").paint(painter, place)
    elif row.edited:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(paint.colors().accent)
        painter.drawEllipse(QRectF(box.left() + 7, middle - 3, 6, 6))
