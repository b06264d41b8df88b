"""A question about a run, where it is seen and without a dialog in the way: text and buttons."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from workbench.gui.state.waiting import Choice, FolderChoice, Waiting
from workbench.gui.style import theme
from workbench.gui.style.widgets import label


class QuestionBar(QFrame):
    """Shows what `Waiting` asks, and takes the answer."""

    def __init__(self, waiting: Waiting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("questionBar")
        self.setAccessibleName(self.tr("Question about a run"))
        self.setProperty("banner", "info")
        self._waiting = waiting
        self._icon = QLabel(self)
        self.text = label("", wrap=True)
        self.text.setObjectName("questionBar.text")
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 8, 8, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.text, 1)
        waiting.changed.connect(self.refresh)
        self.hide()

    @Slot()
    def refresh(self) -> None:
        question = self._waiting.question
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        if question is not None:
            self._icon.setPixmap(theme.current().pixmap("warning", 18, "warning"))
            self.text.setText(question.text)
            self.buttons = [self._button(choice) for choice in question.choices]
        self.setVisible(question is not None)

    def _button(self, choice: Choice | FolderChoice) -> QPushButton:
        button = QPushButton(choice.text, self)
        button.setObjectName(f"questionBar.{choice.name}")
        button.setAccessibleName(choice.text)
        button.setToolTip(choice.tip)
        button.clicked.connect(partial(self._on_clicked, choice))
        self._row.addWidget(button)
        button.show()
        return button

    def _on_clicked(self, choice: Choice | FolderChoice, checked: bool = False) -> None:
        folder = ""
        if isinstance(choice, FolderChoice):
            title = self.tr("An empty folder for the run")
            folder = QFileDialog.getExistingDirectory(self, title)
        self._waiting.answer(choice, Path(folder) if folder else None)
