"""What is said of the one run that is chosen: its name, its tags, a note."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from workbench.gui.runs.book import Book
from workbench.gui.runs.chips import Chips
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

SETTLE_MS = 800
"""After the last keystroke a note is kept; at once when the field or the run is left."""
HIGH = 104


class Details(QFrame):
    def __init__(self, book: Book, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs.details")
        self.setAccessibleName(self.tr("What is said of the run"))
        self.setProperty("card", True)
        self._book = book
        self._path: Path | None = None
        self.name = self._make_name()
        self.tags = Chips(book.tags, self)
        self.note = self._make_note()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.keep)
        self.tags.wanted.connect(self._on_tags)
        book.updated.connect(self._on_updated)
        self._lay_out()
        self.setFixedHeight(HIGH)
        self.hide()

    def show_run(self, entry: Entry | None) -> None:
        """Keep what was written of the run before, and show another, or none."""
        path = None if entry is None else entry.path
        if path != self._path:
            self.keep()
            self._path = path
            self._show(entry)
        self.setVisible(entry is not None)

    @Slot()
    def keep(self) -> None:
        """Write down what has been typed."""
        self._settle.stop()
        entry = None if self._path is None else self._book.at(self._path)
        if entry is None:
            return
        text = " ".join(self.name.text().split())
        name = "" if text == entry.default else text
        said = {"name": name, "note": self.note.toPlainText().strip()}
        if (name, said["note"]) != (entry.notes.name, entry.notes.note):
            self._book.change(entry.path, **said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.keep()
        return super().eventFilter(watched, event)

    def _show(self, entry: Entry | None) -> None:
        if entry is None:
            return
        self.name.setText(entry.notes.name)
        self.name.setPlaceholderText(entry.default)
        self.tags.show_tags(entry.notes.tags)
        self.note.setPlainText(entry.notes.note)
        self._settle.stop()

    @Slot(list)
    def _on_updated(self, paths: list[Path]) -> None:
        """A name or tags given elsewhere; what is being written here stays."""
        entry = None if self._path is None else self._book.at(self._path)
        if entry is None or self._path not in paths:
            return
        self.tags.show_tags(entry.notes.tags)
        if not self.name.hasFocus():
            self.name.setText(entry.notes.name)

    @Slot(list)
    def _on_tags(self, tags: list[str]) -> None:
        if self._path is not None:
            self._book.change(self._path, tags=tuple(tags))

    def _make_name(self) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName("runs.name")
        line.setAccessibleName(self.tr("Name"))
        line.setToolTip(self.tr("What you call this run; F2 in the table does the same"))
        line.setMaxLength(120)
        line.editingFinished.connect(self.keep)
        return line

    def _make_note(self) -> QPlainTextEdit:
        note = QPlainTextEdit(self)
        note.setObjectName("runs.note")
        note.setAccessibleName(self.tr("Note"))
        note.setToolTip(self.tr("Kept by itself in notes.json of the run"))
        note.setPlaceholderText(self.tr("Why this run, what it showed, what comes next"))
        note.setTabChangesFocus(True)
        note.textChanged.connect(self._on_note)
        note.installEventFilter(self)
        return note

    @Slot()
    def _on_note(self) -> None:
        self._settle.start()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for row, (title, field) in enumerate(
            ((self.tr("Name"), self.name), (self.tr("Tags"), self.tags))
        ):
            grid.addWidget(label(title, "muted"), row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.note, 0, 2, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
