"""A line in which the lab says what it refused, or did."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget


class Notice(QLabel):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("lab.notice")
        self.setAccessibleName(self.tr("What was refused, or done"))
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._failure = ""
        self.hide()

    @Slot(object)
    def show_problem(self, problem: Exception) -> None:
        self._say(str(problem) or type(problem).__name__, "error")

    @Slot(object)
    def show_failure(self, problem: Exception) -> None:
        """Of a computation; it is over when the next one succeeds."""
        self.show_problem(problem)
        self._failure = self.text()

    @Slot()
    def end_failure(self) -> None:
        if self._failure and self._failure == self.text():
            self.hide()
        self._failure = ""

    @Slot(str)
    def show_message(self, text: str) -> None:
        self._say(text, "small")

    def _say(self, text: str, role: str) -> None:
        self.setProperty("role", role)
        self.style().polish(self)
        self.setText(text)
        self.show()
