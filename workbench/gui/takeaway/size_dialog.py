"""A size by hand; what cannot be is refused in the dialog, with the reason."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from workbench.core.errors import BadInput
from workbench.gui.style.widgets import label
from workbench.gui.takeaway import form
from workbench.gui.takeaway.form import Form

HIGHEST = 1_000_000
LEAST_WIDTH = 380
"""Pixels: room for the title, and for a refusal in two or three lines."""


class SizeDialog(QDialog):
    """Width and height in pixels at scale 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("takeAway.size")
        self.setWindowTitle(self.tr("Size of what is taken away"))
        self.setModal(True)
        self.setMinimumWidth(LEAST_WIDTH)
        chosen = form.remembered()
        self.width_box = self._number("width", self.tr("Width in pixels"), chosen.width)
        self.height_box = self._number("height", self.tr("Height in pixels"), chosen.height)
        self.problem = label("", "error", wrap=True)
        self.problem.setObjectName("takeAway.size.problem")
        self.problem.hide()
        self._lay_out()
        self.finished.connect(self.deleteLater)

    def _number(self, name: str, text: str, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName(f"takeAway.size.{name}")
        box.setAccessibleName(text)
        box.setToolTip(self.tr("At scale 1; on a larger page everything is larger"))
        box.setRange(1, HIGHEST)
        box.setValue(value)
        return box

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        fields = QFormLayout()
        for box in (self.width_box, self.height_box):
            fields.addRow(box.accessibleName(), box)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)
        layout.addLayout(fields)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    @property
    def form(self) -> Form:
        width, height = self.width_box.value(), self.height_box.value()
        return replace(form.remembered(), width=width, height=height)

    @Slot()
    def accept(self) -> None:
        """Remember the size, or say why it cannot be."""
        try:
            self.form.check()
        except BadInput as problem:
            self.problem.setText(str(problem))
            self.problem.show()
            self.adjustSize()
            return
        form.remember(self.form)
        super().accept()
