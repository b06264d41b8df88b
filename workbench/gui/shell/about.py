"""What this program is made of."""

from __future__ import annotations

import html
import importlib.metadata as metadata
import platform

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.plugins.listing import PluginList, Review
from workbench.gui.style.widgets import strong

WIDTH = 380
"""Pixels of a text; a longer line breaks."""
PARTS = ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph", "numpy", "pydantic")


def tr(text: str) -> str:
    return QCoreApplication.translate("About", text)


def about_box(parent: QWidget, review: Review = lambda package: None) -> QDialog:
    """``review`` asks whether a package is trusted that waits for a decision."""
    title = tr("Workbench for few-shot meta-learning")
    lines = [f"{name} {_version(name)}{_state(name)}" for name in PARTS]
    body = tr("Train models that adapt to new tasks from a few examples, and watch them do it.")
    facts = "<br>".join([f"Python {platform.python_version()}", *lines])
    text = f"{strong(title)}<p>{body}</p><p>{facts}</p>"
    box = _box(parent, "dialog.about", tr("About"), text)
    layout = box.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.insertWidget(1, PluginList(box, WIDTH, review))
    return box


def _box(parent: QWidget, name: str, title: str, text: str) -> QDialog:
    """A message box of Qt's would cut lines that are longer than it thought."""
    box = QDialog(parent)
    box.setObjectName(name)
    box.setWindowTitle(title)
    body = QLabel(text, box)
    body.setWordWrap(True)
    body.setFixedWidth(WIDTH)
    body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=box)
    buttons.rejected.connect(box.reject)
    close = buttons.button(QDialogButtonBox.StandardButton.Close)
    close.setDefault(True)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(24, 20, 24, 16)
    layout.setSpacing(16)
    layout.addWidget(body)
    layout.addWidget(buttons)
    layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
    close.setFocus()
    return box


def _state(name: str) -> str:
    """torchvision may be half usable: which half, and why not the other."""
    if name != "torchvision":
        return ""
    from workbench.core import vision

    found = vision.state()
    kinds = {"full": tr("complete"), "python-only": tr("Python half only"), "absent": tr("absent")}
    reason = f": {html.escape(found.reason)}" if found.reason else ""
    return f" ({kinds[found.kind]}{reason})"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return tr("absent")
