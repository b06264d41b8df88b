"""The empty state of a view that computes on demand: what one would see, and the button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from workbench.gui.style.busy import Busy
from workbench.gui.style.widgets import label


class ComputeOffer(QWidget):
    """`ask` is the button; it goes where there is nothing to compute."""

    def __init__(self, name: str, verb: str, tip: str) -> None:
        super().__init__()
        self.text = label("", "muted", wrap=True)
        self.text.setObjectName(f"lab.{name}.invitation")
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.ask = QPushButton(verb)
        self.ask.setObjectName(f"lab.{name}.compute")
        self.ask.setAccessibleName(verb)
        self.ask.setToolTip(tip)
        self.busy = Busy(f"lab.{name}")
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self.text)
        layout.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def say(self, text: str, possible: bool, ready: bool) -> None:
        self.text.setText(text)
        self.ask.setVisible(possible)
        self.ask.setEnabled(ready)

    def show_busy(self, on: bool) -> None:
        """A bar and a way out in place of the button."""
        self.busy.setVisible(on)
        if on:
            self.ask.hide()
            self.busy.show_progress(None)
