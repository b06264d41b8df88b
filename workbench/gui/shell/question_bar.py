"""A question where it is seen, and without a dialog in the way: text and buttons."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from workbench.gui.state.waiting import Choice, FolderChoice, Question
from workbench.gui.style import theme
from workbench.gui.style.widgets import label


class Asker(Protocol):
    """What asks: `changed` comes with another question, or with none."""

    @property
    def question(self) -> Question | None: ...

    @property
    def changed(self) -> SignalInstance: ...

    def answer(self, choice: Choice | FolderChoice, folder: Path | None = None) -> None: ...


class QuestionBar(QFrame):
    """Shows what is asked, and takes the answer; ``about`` says in a word or two what of."""

    def __init__(
        self, asker: Asker, about: str, parent: QWidget | None = None, name: str = "questionBar"
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Question about {0}").format(about))
        self.setProperty("banner", "info")
        self._asker = asker
        self._icon = QLabel(self)
        self.text = label("", wrap=True)
        self.text.setObjectName(f"{name}.text")
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 8, 8, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.text, 1)
        asker.changed.connect(self.refresh)
        self.hide()

    @Slot()
    def refresh(self) -> None:
        question = self._asker.question
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
        button.setObjectName(f"{self.objectName()}.{choice.name}")
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
        self._asker.answer(choice, Path(folder) if folder else None)
