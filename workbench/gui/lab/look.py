"""How the lab and the task browser draw themselves: the theme's tokens as colours, and letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QSpinBox

from workbench.gui import theme
from workbench.gui.images import to_image


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
    return _colors(theme.current().dark)


@lru_cache(2)
def _colors(dark: bool) -> Colors:
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


def bare(spin: QSpinBox) -> None:
    """A number field without buttons: arrow keys and the wheel step it. The text field inside it
    must not draw a frame of its own."""
    spin.setKeyboardTracking(False)
    spin.setStyleSheet(
        "QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }"
        "QSpinBox QLineEdit { border: none; padding: 0 0 0 6px; min-height: 0;"
        " background: transparent; }"
    )
