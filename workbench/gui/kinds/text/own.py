"""A line for a query sentence of one's own, and the class that it is of."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.kinds.text.editing import TextEditing
from workbench.gui.kinds.text.line_editor import sentence
from workbench.gui.kinds.text.task import text_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint
from workbench.gui.style.widgets import label, plain


class OwnSentence(QWidget):
    """`written` comes with the class of a sentence that was taken; what is refused stays."""

    written = Signal(int)

    def __init__(self, state: LabState, editing: TextEditing) -> None:
        super().__init__()
        self._state, self._editing = state, editing
        self.classes, self.line = QComboBox(), QLineEdit()
        self.classes.setObjectName("lab.own.class")
        self.classes.setAccessibleName(self.tr("Class of your own sentence"))
        self.classes.setToolTip(self.tr("The class that your sentence is of"))
        self.line.setObjectName("lab.own.sentence")
        self.line.setAccessibleName(self.tr("A query sentence of your own"))
        self.line.setPlaceholderText(self.tr("Your own sentence"))
        self.line.setToolTip(self.tr("Enter adds it to the query set, as one of the class beside"))
        self.line.setMinimumWidth(60)
        self.problem = label("", "error", wrap=True)
        self.problem.setObjectName("lab.own.problem")
        self.problem.setAccessibleName(self.tr("Why this sentence is refused"))
        self.problem.hide()
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.classes)
        row.addWidget(self.line, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.problem)
        layout.addLayout(row)
        self.line.returnPressed.connect(self._on_written)
        self.line.textChanged.connect(self.problem.hide)
        state.taskChanged.connect(self.show_task)
        self.show_task()

    @Slot()
    def show_task(self) -> None:
        task = text_in_view(self._state)
        if task is None:
            return
        chosen = max(self.classes.currentIndex(), 0)
        self.classes.clear()
        for way in range(len(task.classes)):
            self.classes.addItem(paint.letter(way))
            name = plain(task.class_title(way))
            self.classes.setItemData(way, name, Qt.ItemDataRole.ToolTipRole)
        self.classes.setCurrentIndex(min(chosen, len(task.classes) - 1))

    @Slot()
    def _on_written(self) -> None:
        if not self.line.text().strip():
            return
        way = self.classes.currentIndex()
        problem = self._editing.ask(way, self.line.text())
        self.problem.setVisible(problem is not None)
        if problem is not None:
            self.problem.setText(sentence(problem))
            return
        self.line.clear()
        self.written.emit(way)
