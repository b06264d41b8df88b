"""What this program is made of."""

from __future__ import annotations

import html
import importlib.metadata as metadata
import platform

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

PARTS = ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph", "numpy", "pydantic")


def tr(text: str) -> str:
    return QCoreApplication.translate("About", text)


def about_box(parent: QWidget) -> QMessageBox:
    title = tr("Workbench for few-shot meta-learning")
    lines = [f"{name} {_version(name)}{_state(name)}" for name in PARTS]
    body = tr("Train models that adapt to new tasks from a few examples, and watch them do it.")
    facts = "<br>".join([f"Python {platform.python_version()}", *lines])
    return _box(parent, "dialog.about", tr("About"), f"<b>{title}</b><p>{body}</p><p>{facts}</p>")


def _box(parent: QWidget, name: str, title: str, text: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setWindowTitle(title)
    box.setText(f"<div style='font-weight:400'>{text}</div>")
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    return box


def _state(name: str) -> str:
    """torchvision may be half usable: which half, and why not the other."""
    if name != "torchvision":
        return ""
    from workbench.tasks import vision

    found = vision.state()
    kinds = {"full": tr("complete"), "python-only": tr("Python half only"), "absent": tr("absent")}
    reason = f": {html.escape(found.reason)}" if found.reason else ""
    return f" ({kinds[found.kind]}{reason})"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return tr("absent")
