"""How a rated item is drawn: its name, its stars, and what the mouse finds at its end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.kinds.ratings.cards import Card, Cards
from workbench.gui.kinds.ratings.stars import Scale, paint_stars, width
from workbench.gui.kinds.text.list_model import ROW
from workbench.gui.style import paint, theme

Index = QModelIndex | QPersistentModelIndex
HIGH, STAR, LEFT, RIGHT, NAME = 46, 17, 20, 8, 20
"""Pixels of a card, of a star, before and behind, and of the line with the name."""
ICON = 22
MARK = 74
"""Pixels of the mark of influence."""
TOOLS = (("roll", "dice"), ("lock", "lock"), ("remove", "close"))
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
        _paint_ground(painter, option, over)
        tried = self.tried
        stars = tried[1] if tried is not None and tried[0] == row.place else row.stars
        paint_card(painter, QRectF(option.rect), row, model, stars)
        if over:
            _paint_tools(painter, option.rect, row)
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


def tool_at(rect: QRect, place: QPoint) -> str | None:
    """What of `TOOLS` is below the mouse on a card."""
    boxes = zip(TOOLS, _boxes(rect), strict=True)
    return next((name for (name, _), box in boxes if box.contains(place)), None)


def tool_box(rect: QRect, name: str) -> QRect:
    return _boxes(rect)[[known for known, _ in TOOLS].index(name)]


def _boxes(rect: QRect) -> list[QRect]:
    left, top = rect.right() - 3 - ICON * len(TOOLS), rect.top() + 2
    return [QRect(left + ICON * n, top, ICON, ICON) for n in range(len(TOOLS))]


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, over: bool) -> None:
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    if not (over or focused):
        return
    painter.setPen(QPen(paint.colors().accent, 1.5) if focused else Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("hover") if over else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 6, 6)


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


def _paint_tools(painter: QPainter, rect: QRect, row: Card) -> None:
    """On a ground of their own, for a name may reach below them."""
    boxes = _boxes(rect)
    ground = QRectF(boxes[0].united(boxes[-1])).adjusted(-2, -0.5, 1.5, 0.5)
    painter.setPen(QPen(paint.colors().border, 1))
    painter.setBrush(paint.colors().surface)
    painter.drawRoundedRect(ground, 6, 6)
    for (name, icon), box in zip(TOOLS, boxes, strict=True):
        tone = "accent" if name == "lock" and row.locked else "muted"
        theme.current().icon(icon, tone).paint(painter, box.adjusted(4, 4, -4, -4))
