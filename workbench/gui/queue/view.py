"""The list of the queue: a line an entry, or two in a narrow place, and a bar below what runs."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from workbench.gui.queue.model import SHARE, STATE, STATE_TOKEN, QueueModel
from workbench.gui.style import theme
from workbench.gui.style.two_line_delegate import (
    INSET,
    LOWER,
    LOWER_TOKEN,
    UPPER_TOKEN,
    Index,
)

ROW, TALL, BAR = 30, 44, 3
"""Pixels of a row, of one in two lines, and of the bar below what runs."""
WIDE = 480
"""From so many pixels on, name and description stand beside each other."""
GAP = 16
PIXELS = 12
MOST = 0.45
"""Of the width, for the state, and of what is left for the description."""


class QueueDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        assert isinstance(view, QueueView)
        return QSize(160, ROW if view.is_wide else TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        box, state = QRect(option.rect), QStyle.StateFlag
        if option.state & (state.State_Selected | state.State_MouseOver):
            token = "accentSoft" if option.state & state.State_Selected else "hover"
            painter.fillRect(box, theme.current().color(token))
        inner = box.adjusted(INSET, 4, -INSET, -4)
        (_paint_line if box.height() < TALL else _paint_two)(painter, inner, index)
        share = float(index.data(SHARE))
        if share >= 0:
            done = QRect(box.left(), box.bottom() - BAR + 1, int(share * box.width()), BAR)
            painter.fillRect(done, theme.current().color("accent"))
        painter.restore()


def _paint_line(painter: QPainter, box: QRect, index: Index) -> None:
    """The name, what it is, and its state, beside each other."""
    left = _paint_right(painter, box, index, STATE, STATE_TOKEN)
    _paint_name(painter, _paint_right(painter, left, index, LOWER, LOWER_TOKEN), index)


def _paint_two(painter: QPainter, box: QRect, index: Index) -> None:
    """The name, and below it what it is, with its state at the right."""
    half = box.height() // 2
    _paint_name(painter, box.adjusted(0, 0, 0, -half), index)
    left = _paint_right(painter, box.adjusted(0, half, 0, 0), index, STATE, STATE_TOKEN, 0.65)
    painter.setPen(theme.current().color(str(index.data(LOWER_TOKEN))))
    elide = Qt.TextElideMode.ElideRight
    text = painter.fontMetrics().elidedText(str(index.data(LOWER)), elide, left.width())
    painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, text)


def _paint_right(
    painter: QPainter, box: QRect, index: Index, role: int, token: int, most: float = MOST
) -> QRect:
    """Small, at the right end, of at most that share; returns what is left of the box."""
    look = theme.current()
    painter.setFont(look.font(PIXELS))
    painter.setPen(look.color(str(index.data(token))))
    metrics, room = painter.fontMetrics(), int(most * box.width())
    text = metrics.elidedText(str(index.data(role)), Qt.TextElideMode.ElideRight, room)
    align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, align, text)
    return box.adjusted(0, 0, -metrics.horizontalAdvance(text) - GAP, 0)


def _paint_name(painter: QPainter, box: QRect, index: Index) -> None:
    look = theme.current()
    font = look.font(theme.BASE_PX)
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(look.color(str(index.data(UPPER_TOKEN))))
    elide = Qt.TextElideMode.ElideRight
    text = painter.fontMetrics().elidedText(str(index.data()), elide, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)


class QueueView(QListView):
    """Says what keys ask for; the panel does it. `moveWanted` carries how far, -1 is up."""

    moveWanted = Signal(int)
    removeWanted = Signal()
    openWanted = Signal()

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setMinimumHeight(34)
        self.doubleClicked.connect(self._on_double_click)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Queue"), (
            (self.tr("Move the entry up or down"), "Ctrl+Up, Ctrl+Down"),
            (self.tr("Remove the entry"), "Del"),
            (self.tr("Open its run or its race"), "Enter"),
        )

    @property
    def is_wide(self) -> bool:
        return self.viewport().width() >= WIDE

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if held and event.key() in steps:
            self.moveWanted.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete:
            self.removeWanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.openWanted.emit()
        else:
            super().keyPressEvent(event)

    def _on_double_click(self, index: QModelIndex) -> None:
        self.openWanted.emit()
