"""The name of a class in the support set."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel

from workbench.gui.style import paint
from workbench.gui.style.widgets import plain, strong


class ClassTitle(QLabel):
    """A double click asks for another name."""

    nameAsked = Signal(int)

    def __init__(self, way: int) -> None:
        super().__init__()
        self.way = way
        self.setObjectName(f"lab.class.{way}")
        self.setProperty("role", "muted")
        self.setAccessibleName(self.tr("Class {0}").format(paint.letter(way)))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def show_title(self, text: str, room: int, beside: bool) -> None:
        """In a ``room`` of pixels; ``beside`` a picture it may take several lines."""
        lines = text.split(" · ") if beside else [text]
        elide, middle = self.fontMetrics().elidedText, Qt.TextElideMode.ElideMiddle
        shown = "<br>".join(escape(elide(line, middle, room)) for line in lines)
        gap = "<br>" if beside else "&nbsp;&nbsp;"
        self.setText(f"{strong(paint.letter(self.way))}{gap}{shown}")
        tip = self.tr("{0}\nDouble-click to name it, right-click to add or remove")
        self.setToolTip(tip.format(plain(text)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.nameAsked.emit(self.way)
