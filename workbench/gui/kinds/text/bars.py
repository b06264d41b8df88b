"""A prediction as a small chart: a bar for every class, and the likeliest one in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from workbench.gui.kinds.text.query_rows import Query, best
from workbench.gui.style import paint, theme

HEIGHT = 28
WORDS = 72
"""Pixels of the likeliest class in words."""
WIDEST, LETTERED = 30, 11
"""Pixels of a bar with its gap; from the second on a letter fits below it."""
LETTER = 11
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def tone(row: Query) -> QColor:
    colors = paint.colors()
    return {None: colors.muted, True: colors.good, False: colors.bad}[row.right]


def paint_prediction(painter: QPainter, box: QRectF, row: Query) -> None:
    """In a box of `HEIGHT`; nothing where nothing is predicted."""
    guess = best(row.now)
    if guess is None:
        return
    painter.setFont(paint.small_font(painter.font()))
    painter.setPen(tone(row))
    flip = " ↺" if row.flipped else ""
    text = f"{paint.letter(guess)}  {100 * row.now[guess]:.0f} %{flip}"
    painter.drawText(QRectF(box.left(), box.top(), WORDS, HEIGHT - LETTER + 2), CENTER, text)
    bars = QRectF(box.left() + WORDS, box.top(), box.width() - WORDS, HEIGHT)
    _paint_bars(painter, bars, row, guess)


def _paint_bars(painter: QPainter, box: QRectF, row: Query, guess: int) -> None:
    each = min(box.width() / len(row.now), WIDEST)
    lettered = each >= LETTERED
    gap = 3.0 if lettered else min(1.0, each / 3)
    high = box.height() - LETTER - 2
    for way, share in enumerate(row.now):
        place = QRectF(box.left() + way * each, box.top() + 1, each - gap, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("track"))
        painter.drawRoundedRect(place, 2, 2)
        filled = QRectF(place)
        filled.setTop(place.bottom() - max(share, 0.0) * high)
        painter.setBrush(tone(row) if way == guess else theme.current().color("faint"))
        painter.drawRoundedRect(filled, min(2.0, filled.height() / 2), min(2.0, each / 4))
        below = QRectF(place.left() - 2, place.bottom(), place.width() + 4, LETTER + 2)
        if lettered:
            _paint_letter(painter, below, way, way == row.way)
        elif way == row.way:
            painter.setBrush(paint.colors().text)
            painter.drawEllipse(below.center(), 1.5, 1.5)


def _paint_letter(painter: QPainter, box: QRectF, way: int, true: bool) -> None:
    """The true class's is the strong one."""
    font = paint.small_font(painter.font())
    font.setPixelSize(9)
    font.setWeight(font.Weight.DemiBold if true else font.Weight.Normal)
    painter.setFont(font)
    painter.setPen(paint.colors().text if true else theme.current().color("faint"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, paint.letter(way))
