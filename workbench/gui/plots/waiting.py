"""What stands in place of a plot that has no numbers yet: a sentence, or what is being prepared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from workbench.gui.style.widgets import label

BAR = (180, 6)


class Waiting(QWidget):
    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._sentence = text
        self._title = label("", "heading")
        self._title.setObjectName(f"{name}.waiting")
        self._text = label(text, "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}.busy")
        self._bar.setAccessibleName(self.tr("Preparing"))
        self._bar.setToolTip(self.tr("Preparing"))
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setFixedSize(*BAR)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(1)
        for part in (self._title, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(part)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.rest()

    def say(self, text: str) -> None:
        """The sentence while nothing goes on."""
        self._sentence = text
        if self._bar.isHidden():
            self._text.setText(text)

    def rest(self) -> None:
        self._title.hide()
        self._bar.hide()
        self._text.setText(self._sentence)

    def show_work(self, title: str, text: str) -> None:
        """Something goes on; nobody knows how long."""
        self._title.setText(title)
        self._text.setText(text)
        self._title.show()
        self._bar.show()
