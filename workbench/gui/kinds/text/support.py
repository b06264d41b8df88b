"""The support set: lines to edit, and below them what adds classes and shots."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kinds.text.lines import SupportLines
from workbench.gui.lab.state import LabState


class SupportSet(QWidget):
    def __init__(self, state: LabState) -> None:
        super().__init__()
        self.lines = SupportLines(state)
        row = QHBoxLayout()
        row.setSpacing(4)
        editing = self.lines.editing
        row.addWidget(
            _adder(
                "lab.addClass",
                self.tr("+ Class"),
                self.tr("Add a class of this split to the task"),
                editing.add_class,
            )
        )
        row.addWidget(
            _adder(
                "lab.addShot",
                self.tr("+ Shot"),
                self.tr("Add a drawn sentence to every class"),
                editing.add_shots,
            )
        )
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.lines, 1)
        layout.addLayout(row)


def _adder(name: str, text: str, tip: str, act: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.clicked.connect(act)
    return button
