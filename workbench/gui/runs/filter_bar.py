"""The field that runs are found with: it completes names and values, and says what is at fault."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Signal, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.style import counts, words
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.experiments.labbook.filtering import Filter

EXAMPLES = "algo:maml  acc>80  tag:paper  -status:failed  α:0.1"


class FilterBar(QWidget):
    """`changed` comes with another text; `current` is what of it can be read."""

    changed = Signal()

    def __init__(self, entries: Callable[[], list[Entry]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = entries
        self._start = 0
        self.current: Filter | None = None
        """None asks for nothing."""
        self.line = self._make_line()
        self.count = label("", "small")
        self.count.setObjectName("runs.count")
        self.problem: QLabel = label("", "error", wrap=True)
        self.problem.setObjectName("runs.filter.problem")
        self.problem.hide()
        self._offered = QStringListModel(self)
        self._completer = self._make_completer()
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addWidget(self.line, 1)
        self.row.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.row)
        layout.addWidget(self.problem)

    def matching(self, entries: list[Entry]) -> list[Entry]:
        found = self.current
        return entries if found is None else [one for one in entries if found.matches(one)]

    def show_count(self, shown: int, all: int) -> None:
        among = counts.runs(all)
        part = self.tr("{0} of {1}").format(words.thousands(shown), among)
        self.count.setText(among if shown == all else part)

    def _make_line(self) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName("runs.filter")
        line.setAccessibleName(self.tr("Filter"))
        line.setPlaceholderText(self.tr("Find, e.g. {0}").format(EXAMPLES))
        line.setToolTip(
            self.tr(
                "algo: task: model: name: note: tag: status: date: iterations seconds val test acc "
                "mse, and any parameter (inner_rate or α), with : > >= < <= !=\n"
                "A word is looked for in names, notes and tags; - in front turns it round; "
                '| between values is or; "…" holds blanks'
            )
        )
        line.setClearButtonEnabled(True)
        line.textChanged.connect(self._on_text)
        line.textEdited.connect(self._offer)
        line.editingFinished.connect(self._on_finished)
        return line

    def _make_completer(self) -> QCompleter:
        completer = QCompleter(self._offered, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setWidget(self.line)
        popup = QListView()
        popup.setObjectName("runs.filter.offers")
        popup.setAccessibleName(self.tr("What could be typed"))
        popup.setToolTip(self.tr("Down and Enter take one, Esc leaves it"))
        popup.setProperty("offers", True)
        completer.setPopup(popup)
        self._popup = popup
        completer.activated.connect(self._complete)
        return completer

    @Slot()
    def _offer(self) -> None:
        from workbench.experiments.labbook.completing import completions

        before = self.line.text()[: self.line.cursorPosition()]
        self._start, texts = completions(before, self._entries())
        texts = [text for text in texts if text != before[self._start :]]
        self._offered.setStringList(texts)
        if texts:
            self._completer.complete()
        else:
            self._popup.hide()

    @Slot(str)
    def _complete(self, text: str) -> None:
        """A value ends its term; a name waits for one, and its values are offered."""
        whole, at = self.line.text(), self.line.cursorPosition()
        named = text.endswith(":")
        rest = whole[at:]
        put = text if named or rest.startswith(" ") else f"{text} "
        self.line.setText(whole[: self._start] + put + rest)
        self.line.setCursorPosition(self._start + len(put))
        if named:
            self._offer()

    @Slot()
    def _on_text(self) -> None:
        """What stands before a fault is asked for already."""
        from workbench.experiments.labbook.filtering import FilterFault, parse

        text, problem, typing = self.line.text(), "", False
        try:
            self.current = parse(text)
        except FilterFault as fault:
            problem, typing = str(fault), fault.end == len(text) and self.line.hasFocus()
            with contextlib.suppress(FilterFault):
                self.current = parse(text[: fault.start])
        self.problem.setText(f"{problem[:1].upper()}{problem[1:]}")
        self.problem.setVisible(bool(problem))
        self._accuse(bool(problem) and not typing)
        self.changed.emit()

    @Slot()
    def _on_finished(self) -> None:
        """What is still at fault when the field is left, or at Enter, is an error."""
        self._accuse(bool(self.problem.text()))

    def _accuse(self, wrong: bool) -> None:
        """A word that is still being typed is hinted at, not marked as wrong."""
        self.line.setProperty("invalid", wrong)
        self.problem.setProperty("role", "error" if wrong else "small")
        for part in (self.line, self.problem):
            part.style().polish(part)
