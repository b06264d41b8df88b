"""Small pieces that panels share."""

from __future__ import annotations

import html
from collections.abc import Collection

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QToolTip, QVBoxLayout, QWidget

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


def strong(text: str) -> str:
    """Rich text in the heaviest weight the font has; ``<b>`` would smear it to a heavier one."""
    return f"<span style='font-weight:600'>{html.escape(text)}</span>"


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


def column(*widgets: QWidget, spacing: int = 0, grows: Collection[QWidget] = ()) -> QWidget:
    """Widgets below each other, without a margin; those that grow share the room there is."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget, 1 if widget in grows else 0)
    return box


class OneLine(QLabel):
    """A label that ends in an ellipsis where there is no room; its tooltip then shows the whole."""

    LEAST = 24

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)

    @property
    def cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.LEAST), hint.height())

    def sizeHint(self) -> QSize:
        """A pixel more than Qt's: it rounds down, and the last letter would be cut."""
        return super().sizeHint() + QSize(1, 0)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.cut:
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        box, painter = self.contentsRect(), QPainter(self)
        painter.setPen(self.palette().windowText().color())
        elide = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), elide, box.width())
        painter.drawText(box, self.alignment() | Qt.TextFlag.TextSingleLine, shown)
