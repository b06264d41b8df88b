"""Something computes: how far it is where that is known, and a way out."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

HEIGHT = 6
WIDTH = 160


class Busy(QWidget):
    """A bar that moves to and fro until a fraction is known; `cancel` is the button beside it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setObjectName(f"{name}.busy")
        self.bar.setAccessibleName(self.tr("Computing"))
        self.bar.setToolTip(self.tr("Computing"))
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(WIDTH, HEIGHT)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setObjectName(f"{name}.cancel")
        self.cancel.setAccessibleName(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop computing; nothing else changes (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self.hide()

    def show_progress(self, fraction: float | None) -> None:
        """Of 1, or that nobody knows."""
        self.bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.bar.setValue(round(1000 * fraction))
        self.show()
