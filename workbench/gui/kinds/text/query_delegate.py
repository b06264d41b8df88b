"""How query sentences are drawn; the one asked about with its words coloured, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.kinds.text import bars, marked, wrapping
from workbench.gui.kinds.text.carry import Carry
from workbench.gui.kinds.text.query_rows import Query, best
from workbench.gui.kinds.text.row_delegate import HEAD, LEFT, PAD, RIGHT, paint_class
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.style.list_model import ROW
from workbench.gui.takeaway.flow import Block

Index = QModelIndex | QPersistentModelIndex
MOST = 2
"""Lines of a sentence that was not asked about."""
WIDE, BESIDE = 400, 190
"""Pixels of width from which on the prediction has its place beside the sentence, and its own."""
CAPTION, LEGEND, GAP = 18, 18, 6
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class AtStep(NamedTuple):
    """The sentence at a step, with its words in colour."""

    step: int
    top: int
    """Of the caption, below the top of the row."""


class QueryDelegate(QStyledItemDelegate):
    """``asked`` is the number of the query item that is open."""

    def __init__(self, state: LabState, carry: Carry, parent: QListView) -> None:
        super().__init__(parent)
        self._state, self._carry = state, carry
        self.asked: int | None = None

    # --- how high ----------------------------------------------------------------------------

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view, row = self.parent(), index.data(ROW)
        assert isinstance(view, QListView)
        width = view.viewport().width()
        return QSize(width, HEAD if row.kind == "class" else self._height(row, width))

    def _height(self, row: Query, width: int) -> int:
        if self._open(row):
            last = list(self.blocks(row, width))[-1]
            below = 0 if width >= WIDE else LEGEND
            return last.top + CAPTION + self._words_height(row, width) + bars.HEIGHT + 14 + below
        if width >= WIDE:
            room = width - LEFT - RIGHT - BESIDE
            return max(wrapping.height(row.text, room, MOST), bars.HEIGHT) + 2 * PAD
        text = wrapping.height(row.text, width - LEFT - RIGHT, MOST)
        return text + bars.HEIGHT + 2 * PAD + 2

    def block(self, row: Query) -> Block:
        """The row, for a page of any width."""
        draw = self._paint_open if self._open(row) else self._paint_closed
        return Block(
            lambda width: self._height(row, int(width)),
            lambda painter, box: draw(painter, box.toRect(), row),
        )

    def marked(self, row: Query) -> str:
        """What its words add at the step looked at, of the sentence that is open."""
        values = self._carry.effects(self._state.cursor) if self._open(row) else []
        words = marked.Words(row.text, self._carry.strongest)
        if len(values) != len(words.spans):
            return ""
        told = (f"{words.word(number)} {value:+.6g}" for number, value in enumerate(values))
        return "; ".join(told)

    def _words_height(self, row: Query, width: int) -> int:
        return wrapping.height(row.text, width - LEFT - RIGHT)

    def _open(self, row: Query) -> bool:
        return row.kind == "item" and row.number == self.asked

    def blocks(self, row: Query, width: int) -> Iterator[AtStep]:
        """Before adapting and at the step looked at; one where that is the same."""
        cursor = self._state.cursor
        each = CAPTION + self._words_height(row, width) + GAP
        for number, step in enumerate([0, cursor] if cursor else [0]):
            yield AtStep(step, PAD + number * each)

    # --- drawing -----------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Query = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind == "class":
            paint_class(painter, QRectF(option.rect), row.way, row.text)
        else:
            self._paint_ground(painter, option, self._open(row))
            draw = self._paint_open if self._open(row) else self._paint_closed
            draw(painter, option.rect, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, opened: bool) -> None:
        colors = paint.colors()
        over = option.state & QStyle.StateFlag.State_MouseOver
        focused = option.state & QStyle.StateFlag.State_HasFocus
        if not (over or focused or opened):
            return
        edge = colors.accent if focused or opened else None
        painter.setPen(Qt.PenStyle.NoPen if edge is None else QPen(edge, 1.5))
        ground = theme.current().color("hover") if over and not opened else colors.paper
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_closed(self, painter: QPainter, rect: QRect, row: Query) -> None:
        box = QRectF(rect).adjusted(LEFT, PAD, -RIGHT, -PAD)
        self._paint_mark(painter, rect, PAD, row)
        if rect.width() >= WIDE:
            text = box.adjusted(0, 0, -BESIDE, 0)
            place = _beside(box)
        else:
            text = box
            lines = wrapping.height(row.text, int(box.width()), MOST)
            place = QRectF(box.left(), box.top() + lines + 2, box.width(), bars.HEIGHT)
        wrapping.paint_lines(painter, text, row.text, paint.colors().text, MOST)
        bars.paint_prediction(painter, place, row)

    def _paint_mark(self, painter: QPainter, rect: QRect, top: int, row: Query) -> None:
        """✓ or ✗ beside the first line; a dot on what was written by hand."""
        line = QRectF(rect.left() + 4, rect.top() + top, LEFT - 4, wrapping.line_height())
        if row.right is not None:
            painter.setFont(theme.current().font(12))
            painter.setPen(bars.tone(row))
            painter.drawText(line, CENTER, "✓" if row.right else "✗")
        if row.own:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(paint.colors().accent)
            painter.drawEllipse(QRectF(line.left() + 2, line.bottom() + 2, 6, 6))

    def _paint_open(self, painter: QPainter, rect: QRect, row: Query) -> None:
        carry, width = self._carry, rect.width()
        left, room = rect.left() + LEFT, width - LEFT - RIGHT
        words = marked.Words(row.text, carry.strongest)
        bottom = 0.0
        for block in self.blocks(row, width):
            top = rect.top() + block.top
            self._paint_caption(painter, QRectF(left, top, room, CAPTION), row, block.step)
            text = QRectF(left, top + CAPTION, room, self._words_height(row, width))
            words.paint(painter, text, carry.effects(block.step))
            bottom = text.bottom()
        self._paint_mark(painter, rect, PAD, row)
        below = QRectF(left, bottom + 6, room, bars.HEIGHT)
        wide = width >= WIDE
        bars.paint_prediction(painter, _beside(below) if wide else below, row)
        legend = QRectF(left, bottom + (6 if wide else 8 + bars.HEIGHT), room, 16)
        if carry.problem:
            painter.setPen(paint.colors().bad)
            painter.drawText(legend, CENTER, carry.problem)
        elif carry.found:
            marked.paint_legend(painter, legend)

    def _paint_caption(self, painter: QPainter, box: QRectF, row: Query, step: int) -> None:
        shares = row.now if step else row.before
        guess = best(shares)
        text = "" if guess is None else self._why(guess, shares[guess])
        if self._state.stepwise:
            text = ": ".join(filter(None, (self.tr("step {0}").format(step), text)))
        painter.setFont(paint.small_font(painter.font()))
        painter.setPen(paint.colors().muted)
        painter.drawText(box, CENTER, text)

    def _why(self, guess: int, share: float) -> str:
        text = self.tr("what makes it {0} ({1} %)")
        return text.format(paint.letter(guess), f"{100 * share:.0f}")

    # --- telling -----------------------------------------------------------------------------

    def word_at(self, rect: QRect, row: Query, place: QPoint) -> str:
        """What a word below the mouse adds; empty where there is none."""
        if not self._open(row):
            return ""
        for block in self.blocks(row, rect.width()):
            below = place - rect.topLeft() - QPoint(LEFT, block.top + CAPTION)
            words = marked.Words(row.text, self._carry.strongest)
            found = words.at(below, rect.width() - LEFT - RIGHT)
            values = self._carry.effects(block.step)
            if found is not None and found < len(values):
                return f"{words.word(found)}  {values[found]:+.2f}"
        return ""


def _beside(box: QRectF) -> QRectF:
    """The room of a prediction at the end of its line."""
    return QRectF(box.right() - BESIDE + 14, box.top(), BESIDE - 14, bars.HEIGHT)
