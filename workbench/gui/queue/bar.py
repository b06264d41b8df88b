"""The controls of the queue in one line, which gives up the word of its first button for room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.style import theme
from workbench.gui.style.widgets import OneLine

WIDE = 380
"""Pixels from which on the first button has its word."""
LEAST = 120


class QueueBar(QWidget):
    """``go_on``, then what the queue does, then what is done with the chosen entry."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("queue.bar")
        self.go_on = self.button("goOn")
        self.standing = OneLine("", "muted")
        self.standing.setObjectName("queue.standing")
        self._word = self._told = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 2, 2, 4)
        self._row.setSpacing(1)
        self._row.addWidget(self.go_on)
        self._row.addSpacing(6)
        self._row.addWidget(self.standing, 1)

    def add(self, buttons: Sequence[QPushButton]) -> None:
        for button in buttons:
            self._row.addWidget(button)

    def button(self, name: str, text: str = "", icon: str = "", tip: str = "") -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(f"queue.{name}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setProperty("flat", True)
        button.setProperty("iconOnly", True)
        if icon:
            theme.current().set_icon(button, icon, "muted")
        return button

    def say(self, word: str, icon: str, tip: str) -> None:
        """What the first button does now."""
        self._word = word
        self.go_on.setAccessibleName(word)
        self.go_on.setToolTip(tip)
        theme.current().set_icon(self.go_on, icon, "muted")
        self._fit()

    def tell(self, standing: str) -> None:
        """What the queue does; where there is no room, whoever holds the bar says it."""
        self._told = standing
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """A word that will be given up keeps no dock wide."""
        return QSize(LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= WIDE
        self.go_on.setText(self._word if wide else "")
        self.standing.setText(self._told if wide else "")
