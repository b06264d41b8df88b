"""A parameter's row in a form: label, editor, error, and the mark of a changed value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from workbench.gui import theme
from workbench.gui.forms import Editor, PathEditor, format_value

if TYPE_CHECKING:
    from workbench.core.errors import BadInput

LABEL_WIDTH = 118


def tr(text: str) -> str:
    return QCoreApplication.translate("Fields", text)


class FieldRow(QWidget):
    """Speaks in values: `edited` with what was typed, `reset` when the mark is clicked."""

    edited = Signal(object)
    reset = Signal()
    settled = Signal()

    def __init__(self, label: str, symbol: str, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.editor = editor
        self.field = ""
