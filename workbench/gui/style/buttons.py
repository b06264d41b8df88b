"""A button of a dialog or a window: a word and an icon; Enter elsewhere does not press it."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from workbench.gui.style import theme


def worded(parent: QWidget, text: str, icon: str, name: str) -> QPushButton:
    """Its object is called ``name``, what reads aloud says ``text``."""
    button = QPushButton(text, parent)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    theme.current().set_icon(button, icon)
    return button
