"""Small pieces that panels share."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from workbench.core.errors import printable

JOINER = "\u2060"
"""Word joiner: it has no width."""


def label(text: str, role: str = "", wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A plain-text label in one of the style sheet's roles."""
    widget = QLabel(text, parent)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if role:
        widget.setProperty("role", role)
    return widget


def plain(text: object) -> str:
    """Text of unknown origin, such as a file's name, for a tooltip.

    Qt takes what looks like a tag in a tooltip for one, and would load its pictures; an invisible
    character behind the bracket keeps it text. Control characters are shown as escapes.
    """
    lines = (printable(line) for line in str(text).split("\n"))
    return "\n".join(lines).replace("<", f"<{JOINER}").replace("&lt;", f"&{JOINER}lt;")


def hairline(parent: QWidget | None = None) -> QFrame:
    line = QFrame(parent)
    line.setProperty("line", True)
    line.setFixedHeight(1)
    return line
