"""A parameter's row in a form: label, editor, error, and the mark of a changed value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from workbench.gui.forms.editors import Editor, PathEditor, format_value
from workbench.gui.style import theme, widgets

if TYPE_CHECKING:
    from workbench.core.errors import BadInput

LABEL_WIDTH = 118


def tr(text: str) -> str:
    return QCoreApplication.translate("Fields", text)


class FieldRow(QWidget):
    """Speaks in values: `edited` with what was typed, `reset` when the mark is clicked."""

    edited = Signal(object)
    reset = Signal()
    settled = Signal()
    wayOut = Signal(object)
    """One of those that `show_ways_out` offered."""

    def __init__(self, field: str, text: str, symbol: str, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = editor
        self._own = False
        self._label = self._make_label(text, symbol)
        self._mark = self._make_mark(text)
        self._error = widgets.label("", parent=self)
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._ways = QHBoxLayout()
        self._shown: tuple[tuple[str, str], ...] = ()
        self._lay_out()
        editor.edited.connect(self._on_edited)
        editor.settled.connect(self.settled.emit)

    @property
    def target(self) -> QWidget:
        """The widget that has the focus and carries the parameter's name."""
        return self.editor.line if isinstance(self.editor, PathEditor) else self.editor

    @property
    def error(self) -> str:
        return self._error.text()

    def widen(self) -> None:
        """Give the editor the room of the label, where a heading says the same."""
        self._label.hide()
        layout = self.layout()
        assert isinstance(layout, QGridLayout)
        layout.addWidget(self.editor, 0, 0, 1, 2)

    def show_value(self, value: Any) -> None:
        """Show a value; letters just typed into this very field stay as they are."""
        if not self._own:
            self.editor.show_value(value)

    def show_change(self, changed: bool, baseline: Any) -> None:
        self._mark.setVisible(changed)
        text = tr("Changed; the preset has {value}. Click to reset.")
        self._mark.setToolTip(text.format(value=widgets.plain(format_value(baseline) or "–")))

    def show_problem(self, problem: BadInput | None) -> None:
        text = ""
        if problem is not None:
            text = problem.problem[:1].upper() + problem.problem[1:] + "."
            text += f" {problem.remedy}." if problem.remedy else ""
        if text == self._error.text():
            return
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.target.setProperty("invalid", bool(text))
        self.target.style().unpolish(self.target)
        self.target.style().polish(self.target)

    def show_ways_out(self, ways: tuple[tuple[str, str], ...]) -> None:
        """Buttons below the error, for values given as (name, title)."""
        if ways == self._shown:
            return
        self._shown = ways
        while (item := self._ways.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for name, title in ways:
            self._ways.addWidget(self._make_way(name, title))
        if ways:
            self._ways.addStretch(1)

    def _make_way(self, name: str, title: str) -> QPushButton:
        button = QPushButton(tr("Use {part}").format(part=title), self)
        button.setObjectName(f"{self.target.objectName()}.use.{name}")
        button.setAccessibleName(button.text())
        button.setToolTip(tr("Choose this instead; Ctrl+Z takes it back"))
        button.clicked.connect(lambda: self.wayOut.emit(name))
        return button

    def _make_label(self, text: str, symbol: str) -> QLabel:
        label = QLabel(f"{text}  {symbol}" if symbol else text, self)
        label.setProperty("role", "muted")
        label.setBuddy(self.target)
        label.setWordWrap(True)
        label.setFixedWidth(LABEL_WIDTH)
        label.setToolTip(self.target.toolTip())
        return label

    def _make_mark(self, text: str) -> QToolButton:
        mark = QToolButton(self)
        mark.setObjectName(f"{self.target.objectName()}.reset")
        mark.setAccessibleName(tr("Reset {name}").format(name=text))
        mark.setFixedSize(20, 20)
        mark.setStyleSheet("padding: 0px;")
        mark.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.current().set_icon(mark, "dot", "accent")
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        mark.setSizePolicy(policy)
        mark.hide()
        mark.clicked.connect(self.reset)
        return mark

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(3)
        layout.addWidget(self._label, 0, 0)
        layout.addWidget(self.editor, 0, 1)
        layout.addWidget(self._mark, 0, 2)
        layout.addWidget(self._error, 1, 0, 1, 3)
        layout.addLayout(self._ways, 2, 0, 1, 3)
        layout.setColumnStretch(1, 1)

    @Slot(object)
    def _on_edited(self, value: Any) -> None:
        self._own = True
        try:
            self.edited.emit(value)
        finally:
            self._own = False
