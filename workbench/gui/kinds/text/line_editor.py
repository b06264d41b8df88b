"""The editor of one sentence, which stands in place of its row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextBlockFormat
from PySide6.QtWidgets import QFrame, QTextEdit, QVBoxLayout, QWidget

from workbench.core.errors import BadInput
from workbench.gui.kinds.text import wrapping
from workbench.gui.style import theme
from workbench.gui.style.widgets import label

FRAME = 5
"""Pixels between border and text."""
LEFT = 18
"""Before the text, as in the rows around it."""


class Written(QTextEdit):
    """One sentence; pasted lines after the first are sentences of their own."""

    accepted = Signal(list)
    taken_back = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptRichText(False)
        self.setPlainText(text)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self._space_lines()
        self.moveCursor(self.textCursor().MoveOperation.End)

    def _space_lines(self) -> None:
        """As far apart as in the rows around."""
        spaced, cursor = QTextBlockFormat(), self.textCursor()
        fixed = QTextBlockFormat.LineHeightTypes.FixedHeight
        spaced.setLineHeight(wrapping.line_height(), fixed.value)
        cursor.select(cursor.SelectionType.Document)
        cursor.setBlockFormat(spaced)
        self.document().clearUndoRedoStacks()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("While a sentence is written"), (
            (self.tr("Accept it"), "Return"),
            (self.tr("Take it back"), "Esc"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.taken_back.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def accept(self) -> None:
        self.accepted.emit(lines_of(self.toPlainText()))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Several lines are accepted at once."""
        lines = lines_of(source.text())
        if len(lines) < 2:
            self.insertPlainText(" ".join(lines) or source.text())
            return
        self.insertPlainText("\n".join(lines))
        self.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes on elsewhere has written what was to be written."""
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in stays:
            self.accept()


class LineEditor(QFrame):
    """`grown` when it needs another height; what is refused stays, with the reason below it."""

    grown = Signal()

    def __init__(self, text: str, meaning: str, hint: str) -> None:
        super().__init__()
        self.setObjectName("lab_text_editor")
        self.written = Written(text, self)
        self.written.setObjectName("lab.text.editor")
        self.written.setAccessibleName(meaning)
        self.written.setToolTip(self.tr("Enter accepts, Escape takes back"))
        self.written.setPlaceholderText(hint)
        self.problem = label("", "error", wrap=True)
        self.problem.setObjectName("lab.text.problem")
        self.problem.setAccessibleName(self.tr("Why this sentence is refused"))
        self.problem.hide()
        self.setFocusProxy(self.written)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LEFT, FRAME, FRAME, FRAME)
        layout.setSpacing(4)
        layout.addWidget(self.written)
        layout.addWidget(self.problem)
        self.written.textChanged.connect(self._fit)
        theme.current().follow(self._on_theme)
        self._on_theme()

    @Slot()
    def _on_theme(self) -> None:
        colors = theme.current().tokens
        self.setStyleSheet(
            f"QFrame#lab_text_editor {{ border: 1px solid {colors['accent']};"
            f" border-radius: 6px; background: {colors['field']}; }}"
            "QTextEdit { background: transparent; border: none; padding: 0; }"
        )

    def refuse(self, problem: BadInput) -> None:
        """Show why, and keep what was typed."""
        self.problem.setText(sentence(problem))
        self.problem.show()
        self._fit()

    def needed(self) -> int:
        """The height at the width there is."""
        inner = max(self.width() - LEFT - FRAME, 40)
        text = wrapping.height(self.written.toPlainText(), inner - 2) + 2 * FRAME + 2
        if self.problem.isHidden():
            return text
        return text + 4 + self.problem.heightForWidth(inner)

    @Slot()
    def _fit(self) -> None:
        self.grown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def event(self, event: QEvent) -> bool:
        """Keys that the text does not use are not the list's below it."""
        if event.type() == QEvent.Type.KeyPress:
            return True
        return super().event(event)


def lines_of(text: str) -> list[str]:
    """Lines with something on them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentence(problem: BadInput) -> str:
    """Without the place, which is where it is shown."""
    parts = (problem.problem, problem.remedy)
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part)
