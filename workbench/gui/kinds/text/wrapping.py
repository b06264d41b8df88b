"""Sentences broken into lines, and where their words stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextLine, QTextOption

from workbench.gui.style import theme

SIZE = 13
"""Pixels of a sentence's font."""
LEADING = 3


def line_height() -> int:
    return theme.current().metrics(SIZE).height() + LEADING


@lru_cache(4096)
def broken(text: str, width: int, most: int = 1000) -> tuple[str, ...]:
    """In lines of at most that width; the last of the ``most`` lines ends in an ellipsis."""
    layout = _laid(text, width)
    starts = [_index(text, layout.lineAt(n).textStart()) for n in range(layout.lineCount())]
    lines = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    if len(lines) > most:
        rest = text[starts[most - 1] :]
        elide = theme.current().metrics(SIZE).elidedText
        lines = [*lines[: most - 1], elide(rest, Qt.TextElideMode.ElideRight, width)]
    return tuple(line.rstrip() for line in lines)


def height(text: str, width: int, most: int = 1000) -> int:
    return max(len(broken(text, width, most)), 1) * line_height()


def paint_lines(painter: QPainter, box: QRectF, text: str, color: QColor, most: int = 1000) -> None:
    painter.setFont(theme.current().font(SIZE))
    painter.setPen(color)
    each = line_height()
    for number, line in enumerate(broken(text, int(box.width()), most)):
        room = QRectF(box.left(), box.top() + number * each, box.width() + 4, each)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, line)


def word_boxes(text: str, width: int, spans: Sequence[tuple[int, int]]) -> list[tuple[int, QRectF]]:
    """Where words stand below (0, 0); a word that is broken has a box in each of its lines."""
    layout, found, each = _laid(text, width), [], line_height()
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first, last = line.textStart(), line.textStart() + line.textLength()
        for word, span in enumerate(spans):
            start, end = (max(first, min(last, _units(text, at))) for at in span)
            if start < end:
                left, right = _across(line, start), _across(line, end)
                found.append((word, QRectF(left, number * each, right - left, each)))
    return found


def _laid(text: str, width: int) -> QTextLayout:
    layout = QTextLayout(text, theme.current().font(SIZE))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 20))
        line.setPosition(QPointF(0, 0))
    layout.endLayout()
    return layout


def _across(line: QTextLine, place: int) -> float:
    """`cursorToX` comes with the place it took."""
    across = line.cursorToX(place)
    return float(across[0])  # type: ignore[index]


def _units(text: str, index: int) -> int:
    """Qt counts UTF-16 units."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def _index(text: str, units: int) -> int:
    whole = text.encode("utf-16-le", "surrogatepass")
    return len(whole[: 2 * units].decode("utf-16-le", "surrogatepass"))
