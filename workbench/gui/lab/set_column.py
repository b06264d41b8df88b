"""One set of the task in view, as its face shows it: heading, hint, and the menu that takes it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.style.widgets import label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet, Source


class SetColumn(QWidget):
    """Keeps the widget of every face that was shown; the menu stands where a face has a sheet."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._source: Source | None = None
        self._title = label("", "heading")
        self.hint = label("", "small", wrap=True)
        self.hint.hide()
        self._stack = QStackedWidget()
        # The right click is left to the items, which have menus of their own.
        self._away = TakeAwayButton(self.sheet, name, self._stack, clicks=False)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._title, 1)
        head.addWidget(self._away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.hint)
        layout.addWidget(self._stack, 1)

    def sheet(self) -> Sheet | None:
        return None if self._source is None else self._source()

    def explain(self, title: str, hint: str) -> None:
        self._title.setText(title)
        self._title.setToolTip(hint)
        self.hint.setText(hint)

    def show_part(self, part: QWidget, source: Source | None) -> None:
        """``source`` is None where the part has the menu itself."""
        if self._stack.indexOf(part) < 0:
            self._stack.addWidget(part)
        self._stack.setCurrentWidget(part)
        self._source = source
        self._away.setVisible(source is not None)
