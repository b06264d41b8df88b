"""What the mouse finds at the end of a row of a support set: roll, lock, remove."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from workbench.gui.style import paint, theme

ICON = 22
TOOLS = (("roll", "dice"), ("lock", "lock"), ("remove", "close"))
"""And the icons for it."""


def tool_at(rect: QRect, place: QPoint) -> str | None:
    """What of `TOOLS` is below the mouse on a row."""
    boxes = zip(TOOLS, _boxes(rect), strict=True)
    return next((name for (name, _), box in boxes if box.contains(place)), None)


def tool_box(rect: QRect, name: str) -> QRect:
    return _boxes(rect)[[known for known, _ in TOOLS].index(name)]


def paint_tools(painter: QPainter, rect: QRect, locked: bool) -> None:
    """On a ground of their own, for a text may reach below them."""
    boxes = _boxes(rect)
    ground = QRectF(boxes[0].united(boxes[-1])).adjusted(-2, -0.5, 1.5, 0.5)
    painter.setPen(QPen(paint.colors().border, 1))
    painter.setBrush(paint.colors().surface)
    painter.drawRoundedRect(ground, 6, 6)
    for (name, icon), box in zip(TOOLS, boxes, strict=True):
        tone = "accent" if name == "lock" and locked else "muted"
        theme.current().icon(icon, tone).paint(painter, box.adjusted(4, 4, -4, -4))


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, over: bool, marked: bool) -> None:
    """Of a row below the mouse, or of the one that is marked."""
    if not (over or marked):
        return
    painter.setPen(QPen(paint.colors().accent, 1.5) if marked else Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("hover") if over else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 6, 6)


def _boxes(rect: QRect) -> list[QRect]:
    left, top = rect.right() - 3 - ICON * len(TOOLS), rect.top() + 2
    return [QRect(left + ICON * n, top, ICON, ICON) for n in range(len(TOOLS))]
