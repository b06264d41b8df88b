"""A table of words as it stands in a window: what it says, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from workbench.gui.style import theme
from workbench.gui.takeaway import marks
from workbench.gui.takeaway.flow import Block, Flow

LINE, TEXT, GAP = 20.0, 12, 14.0
WIDEST = 300.0
"""Pixels of a column at most; what is longer is cut, and whole in the numbers."""
MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Said(NamedTuple):
    text: str
    token: str = "text"


Line = Sequence[Said]


def listing(header: Sequence[str], rows: Sequence[Line]) -> Flow:
    """A row a line; columns are as wide as what they say."""
    head: Line = [Said(text, "muted") for text in header]
    widths = [
        min(max(_width(row[column].text) for row in (head, *rows)), WIDEST) + GAP
        for column in range(len(header))
    ]
    lines = (head, *rows)
    return Flow([_block(line, widths, line is head) for line in lines], sum(widths))


def _font() -> QFont:
    return theme.current().font(TEXT)


def _width(text: str) -> float:
    return QFontMetricsF(_font()).horizontalAdvance(text)


def _block(line: Line, widths: Sequence[float], head: bool) -> Block:
    return Block(lambda width: LINE, partial(_draw, line, widths, head))


def _draw(line: Line, widths: Sequence[float], head: bool, painter: QPainter, box: QRectF) -> None:
    painter.setFont(_font())
    metrics, left = QFontMetricsF(_font()), box.left()
    for said, width in zip(line, widths, strict=True):
        painter.setPen(theme.current().color(said.token))
        cut = metrics.elidedText(said.text, Qt.TextElideMode.ElideRight, width - GAP + 1)
        painter.drawText(QRectF(left, box.top(), width, LINE), MIDDLE, cut)
        left += width
    if head:
        painter.setPen(marks.pen("borderStrong", 1.0))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
