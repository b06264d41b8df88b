"""How taking something away came out: plots stand everywhere, and one window says it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication


class Outcome(QObject):
    """`failed` carries the error, `done` a sentence for the status bar."""

    failed = Signal(object)
    done = Signal(str)


def current() -> Outcome:
    """That of the running application, made at first use."""
    app = QApplication.instance()
    assert app is not None
    found = app.findChild(Outcome, "outcome", Qt.FindChildOption.FindDirectChildrenOnly)
    if found is None:
        found = Outcome(app)
        found.setObjectName("outcome")
    return found
