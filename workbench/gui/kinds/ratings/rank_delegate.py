"""How a place of the ranking is drawn: number, how far it moved, name, predicted and true stars."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.kinds.ratings.ranks import Ranked, Ranks
from workbench.gui.kinds.ratings.stars import Scale, paint_stars, width
from workbench.gui.style import paint, theme
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_tools import paint_ground

Index = QModelIndex | QPersistentModelIndex
HIGH, STAR, NUMBER, MOVED, RIGHT, NAME = 44, 13, 24, 30, 8, 20
"""Pixels of a row, of a star, of its number, of how far it moved, behind, and of its name."""
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
END = CENTER | Qt.AlignmentFlag.AlignRight


class RankDelegate(QStyledItemDelegate):
    """``asked`` is the number of the query item that is asked about."""

    asked: int | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        assert isinstance(view, QListView)
        return QSize(view.viewport().width(), HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Ranked = index.data(ROW)
        model = index.model()
        assert isinstance(model, Ranks)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        paint_ground(painter, option, over, focused or row.number == self.asked)
        paint_ranked(painter, QRectF(option.rect), index.row(), row, model.scale)
        painter.restore()


def paint_ranked(painter: QPainter, box: QRectF, place: int, row: Ranked, scale: Scale) -> None:
    colors = paint.colors()
    painter.setFont(theme.current().font(13))
    painter.setPen(colors.muted)
    painter.drawText(QRectF(box.left(), box.top() + 3, NUMBER, NAME), END, f"{place + 1}")
    left = box.left() + NUMBER + 8
    line = QRectF(left, box.top() + 3, box.right() - RIGHT - left - MOVED, NAME)
    painter.setPen(colors.text)
    cut = Qt.TextElideMode.ElideRight
    painter.drawText(
        line, CENTER, painter.fontMetrics().elidedText(row.text, cut, int(line.width()))
    )
    _paint_moved(painter, QRectF(line.right(), line.top(), MOVED, NAME), row.moved)
    below = QRectF(left, line.bottom(), width(scale.count, STAR), STAR)
    if row.now is not None:
        paint_stars(painter, below, scale, row.now, colors.accent)
    painter.setFont(paint.small_font(painter.font()))
    _paint_numbers(painter, QRectF(below.right() + 6, below.top() - 1, 200, STAR + 2), row)


def _paint_numbers(painter: QPainter, box: QRectF, row: Ranked) -> None:
    """What is predicted; what was given, where that is known."""
    colors = paint.colors()
    said = "" if row.now is None else f"{row.now:.1f}"
    painter.setPen(colors.text)
    painter.drawText(box, CENTER, said)
    if math.isnan(row.truth):
        return
    painter.setPen(colors.truth)
    painter.drawText(box.adjusted(26, 0, 0, 0), CENTER, f"★ {row.truth:g}")


def _paint_moved(painter: QPainter, box: QRectF, places: int) -> None:
    if not places:
        return
    colors = paint.colors()
    painter.setFont(paint.small_font(painter.font()))
    painter.setPen(colors.good if places > 0 else colors.muted)
    painter.drawText(box, END, f"▲ {places}" if places > 0 else f"▼ {-places}")
