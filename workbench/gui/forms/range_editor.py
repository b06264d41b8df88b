"""Over what a field is searched, as a line of text: in the form, and in the dialog of a search."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from workbench.core.errors import BadInput
from workbench.gui.forms.text_editor import TextEditor
from workbench.gui.forms.told import sentences
from workbench.gui.style import theme
from workbench.gui.style.widgets import label

SIDE = 20
"""Pixels of the button, as of the mark of a changed value."""


def tr(text: str) -> str:
    return QCoreApplication.translate("RangeEditor", text)


class RangeEditor(QWidget):
    """`edited` with every change by hand, `leaveWanted` when the field is not to be searched.

    ``problem`` is a label, which its owner lays out.
    """

    edited = Signal(str)
    leaveWanted = Signal()

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        """``name`` is of its line, ``title`` that of the field, where it is known."""
        super().__init__(parent)
        self.line = TextEditor(self)
        self.line.setObjectName(name)
        told = tr("{0}: range or choices").format(title) if title else tr("Range or choices")
        self.line.setAccessibleName(told)
        self.line.setToolTip(tr("A range, 0.001..1 or log:0.001..1, or choices, 1, 3, 5"))
        self.line.textEdited.connect(self.edited)
        self.leave = QToolButton(self)
        self.leave.setObjectName(f"{name}.leave")
        no_longer = tr("Search {0} no longer") if title else tr("Search this no longer")
        self.leave.setAccessibleName(no_longer.format(title))
        self.leave.setToolTip(no_longer.format(title))
        self.leave.setFixedSize(SIDE, SIDE)
        self.leave.setStyleSheet("padding: 0px;")
        theme.current().set_icon(self.leave, "close", "muted")
        self.leave.clicked.connect(self.leaveWanted)
        self.problem = label("", "error", wrap=True, parent=parent)
        self.problem.setObjectName(f"{name}.problem")
        self.problem.hide()
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.leave)

    @property
    def text(self) -> str:
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """Letters just typed stay as they are."""
        if text != self.line.text():
            self.line.setText(text)

    def offer(self, default: str) -> None:
        """What is searched where nothing is typed; empty where there is no such thing."""
        self.line.setPlaceholderText(default or tr("choices, A, B"))

    def show_problem(self, problem: BadInput | None) -> None:
        """Without the place: it stands beside."""
        text = "" if problem is None else sentences(problem)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if self.line.property("invalid") != bool(text):
            self.line.setProperty("invalid", bool(text))
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)
