"""How the rows of the support set are drawn."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.kinds.text import wrapping
from workbench.gui.kinds.text.rows import Row, SupportRows
from workbench.gui.style import paint, theme
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_tools import paint_ground, paint_tools

Index = QModelIndex | QPersistentModelIndex
HEAD, PLUS = 26, 18
"""Pixels of a class's name, and of the plus at its end."""
LEFT, RIGHT, PAD = 20, 8, 4
"""Pixels before, behind, and above and below a sentence."""
MARK = 20
"""Pixels of the mark of influence below a sentence."""
LETTER = 16
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class RowDelegate(QStyledItemDelegate):
    """``editing`` is the place whose row an editor covers, and the height that it needs."""

    editing: tuple[tuple[str, int, int], int] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view, row = self.parent(), index.data(ROW)
        assert isinstance(view, QListView)
        width = view.viewport().width()
        if self.editing is not None and self.editing[0] == row.place:
            return QSize(width, self.editing[1])
        if row.kind != "line":
            return QSize(width, HEAD)
        return QSize(width, line_height(row, width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        if self.editing is not None and self.editing[0] == row.place:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        paint_ground(painter, option, over, focused)
        if row.kind == "class":
            box = QRectF(option.rect)
            paint_class(painter, box.adjusted(0, 0, -PLUS, 0), row.way, row.text, row.group)
            self._paint_plus(painter, option.rect, over or focused)
        elif row.kind == "line":
            model = index.model()
            assert isinstance(model, SupportRows)
            paint_line(painter, option.rect, row, model.strongest)
            if over:
                paint_tools(painter, option.rect, row.locked)
        painter.restore()

    def _paint_plus(self, painter: QPainter, rect: QRect, strong: bool) -> None:
        """At the end of a class's name, where another sentence is written."""
        place = QRect(rect.right() - RIGHT - 11, rect.center().y() - 7, 15, 15)
        theme.current().icon("plus", "accent" if strong else "faint").paint(painter, place)


def line_height(row: Row, width: int) -> int:
    """Of a sentence of the support set, with the mark of its influence."""
    below = MARK if row.influence is not None else 0
    return wrapping.height(row.text, width - LEFT - RIGHT) + 2 * PAD + below


def paint_line(painter: QPainter, rect: QRect, row: Row, strongest: float) -> None:
    colors = paint.colors()
    each = wrapping.line_height()
    if row.locked:
        lock = theme.current().icon("lock", "accent")
        lock.paint(painter, QRect(rect.left() + 3, rect.top() + PAD + (each - 14) // 2, 14, 14))
    elif row.edited:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.accent)
        painter.drawEllipse(QRectF(rect.left() + 7, rect.top() + PAD + each / 2 - 3, 6, 6))
    box = QRectF(rect).adjusted(LEFT, PAD, -RIGHT, -PAD)
    wrapping.paint_lines(painter, box, row.text, colors.text)
    if row.influence is not None:
        strip = QRectF(box.left() - 1, rect.bottom() - MARK - 1, 74, 17)
        paint.paint_influence(painter, strip, row.influence, strongest)


def paint_class(painter: QPainter, box: QRectF, way: int, name: str, group: str = "") -> None:
    """Letter and name of a class; its group where that has room."""
    colors, letter, font = paint.colors(), paint.letter(way), theme.current().font(wrapping.SIZE)
    strong = theme.current().font(wrapping.SIZE)
    strong.setWeight(strong.Weight.DemiBold)
    painter.setFont(strong)
    painter.setPen(colors.text)
    painter.drawText(box.adjusted(4, 0, 0, 0), CENTER, letter)
    taken = max(LETTER, painter.fontMetrics().horizontalAdvance(letter) + 6)
    room = box.adjusted(4 + taken, 0, -RIGHT, 0)
    painter.setFont(font)
    painter.setPen(colors.muted)
    metrics, cut = painter.fontMetrics(), Qt.TextElideMode.ElideRight
    painter.drawText(room, CENTER, metrics.elidedText(name, cut, int(room.width())))
    room.setLeft(room.left() + metrics.horizontalAdvance(name) + 12)
    painter.setFont(paint.small_font(font))
    if group and painter.fontMetrics().horizontalAdvance(group) <= room.width():
        painter.setPen(theme.current().color("faint"))
        painter.drawText(room, CENTER | Qt.AlignmentFlag.AlignRight, group)
