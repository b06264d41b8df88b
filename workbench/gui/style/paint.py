"""How the lab and the task browser draw themselves: the theme's tokens as colours, and letters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QAbstractSpinBox

from workbench.gui.style import theme
from workbench.gui.style.images import to_image


@dataclass(frozen=True)
class Colors:
    text: QColor
    muted: QColor
    border: QColor
    surface: QColor
    accent: QColor
    accent_soft: QColor
    support: QColor
    truth: QColor
    good: QColor
    bad: QColor
    ink: QColor
    paper: QColor


def colors() -> Colors:
    """The colours of the theme in use."""
    return _colors(theme.current().palette)


@lru_cache(len(theme.PALETTES))
def _colors(palette: theme.Palette) -> Colors:
    """Made once a palette: every card that is painted asks for them."""
    color = theme.current().color
    return Colors(
        text=color("text"),
        muted=color("muted"),
        border=color("border"),
        surface=color("surface"),
        accent=color("accent"),
        accent_soft=color("accentSoft"),
        support=color("before"),
        truth=color("support"),
        good=color("good"),
        bad=color("danger"),
        ink=color("text"),
        paper=color("field"),
    )


def picture(pixels: Any, style: Any) -> QImage:
    """Pixels of a family for the screen: ink in the theme's colours, photographs as they are."""
    if style.ink_is_one:
        return to_image(pixels, colors().ink, colors().paper)
    return to_image(pixels)


def blend(start: QColor, end: QColor, part: float) -> QColor:
    """A colour on the way from ``start`` (0) to ``end`` (1)."""
    red, green, blue = (
        round(a + (b - a) * part)
        for a, b in (
            (start.red(), end.red()),
            (start.green(), end.green()),
            (start.blue(), end.blue()),
        )
    )
    return QColor(red, green, blue)


def letter(way: int) -> str:
    """A, B, ... Z, AA, AB, ...: how the classes of a task are called."""
    name = ""
    while way >= 0:
        way, rest = divmod(way, 26)
        name = chr(65 + rest) + name
        way -= 1
    return name


def small_font(font: QFont) -> QFont:
    """The caption size of a widget's font."""
    small = QFont(font)
    small.setPixelSize(11)
    return small


def bare(spin: QAbstractSpinBox) -> None:
    """A number field without buttons: arrow keys and the wheel step it. The text field inside it
    must not draw a frame of its own."""
    spin.setKeyboardTracking(False)
    spin.setStyleSheet(
        "QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }"
        "QAbstractSpinBox QLineEdit { border: none; padding: 0; min-height: 0;"
        " background: transparent; }"
    )
    spin.lineEdit().setTextMargins(5, 0, 0, 0)


def influence_mark(value: float) -> str:
    """▲ with a plus or ▼ with a minus: never colour alone."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 0.005:
        return "0.00"
    number = f"{abs(value):.2f}" if abs(value) < 9.995 else f"{abs(value):.0f}"
    return f"▲ +{number}" if value > 0 else f"▼ −{number}"


def paint_influence(painter: QPainter, slot: QRectF, value: float, largest: float) -> None:
    """A strip on top of a slot, the stronger in colour the more it counts among its like."""
    shown = colors()
    tone = shown.accent if value > 0 else shown.support
    share = abs(value) / largest if largest > 0 and math.isfinite(value) else 0.0
    strip = QRectF(slot.left() + 1, slot.top() + 1, slot.width() - 2, 17)
    painter.setPen(QPen(blend(shown.border, tone, min(share + 0.2, 1.0)), 1.5))
    painter.setBrush(blend(shown.paper, tone, 0.08 + 0.3 * share))
    painter.drawRoundedRect(strip, 6, 6)
    painter.setFont(small_font(painter.font()))
    painter.setPen(shown.text)
    painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, influence_mark(value))
