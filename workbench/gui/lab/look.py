"""How the lab and the task browser draw themselves: the theme's tokens as colours, and letters."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont

from workbench.gui import theme


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


def blend(start: QColor, end: QColor, part: float) -> QColor:
    """A colour on the way from ``start`` (0) to ``end`` (1)."""
    pairs = zip(start.getRgb(), end.getRgb(), strict=True)
    return QColor(*(round(a + (b - a) * part) for a, b in pairs))  # type: ignore[call-overload]


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
