"""A line of text that is the value of a parameter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.forms.values import format_value


class TextEditor(QLineEdit):
    """Text, and numbers as text: what is typed is parsed by the parameter's own declaration."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)  # a file dropped here is data for the window
        self.textEdited.connect(self.edited.emit)
        self.editingFinished.connect(self.settled.emit)

    def show_value(self, value: Any) -> None:
        text = format_value(value)
        if text != self.text():
            self.setText(text)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window: there it undoes values, not letters."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return False
        return super().event(event)
