"""What is said of the chosen runs: the name and the note of one, the tags of all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QTimer, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from workbench.gui.runs.book import Book
from workbench.gui.runs.chips import Chips
from workbench.gui.style import counts
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

SETTLE_MS = 800
"""After the last keystroke a note is kept; at once when the field or the run is left."""
GAP = 8
HIGH, SLIM = 104, 60
"""Pixels, of one run and of several, whose table and comparison need the room."""


class Details(QFrame):
    """Of several runs tags are given to all and taken from all, and a note is added to each."""

    def __init__(self, book: Book, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs.details")
        self.setAccessibleName(self.tr("What is said of the run"))
        self.setProperty("card", True)
        self._book = book
        self._paths: tuple[Path, ...] = ()
        self._tags: tuple[str, ...] = ()
        self._known = ("", "")
        """The name and the note that were shown: what is still so was not written here."""
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

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Keep what was written of the runs before, and show others, or none."""
        paths = tuple(entry.path for entry in entries)
        if paths != self._paths:
            self.keep()
            self._paths = paths
            self._show(entries)
        else:
            self._on_updated(list(paths))
        self.setVisible(bool(entries))

    @Slot()
    def keep(self) -> None:
        """Write down what has been typed."""
        self._settle.stop()
        entries = self._entries()
        if len(entries) == 1:
            self._keep_one(entries[0])
        elif text := self.note.toPlainText().strip():
            with QSignalBlocker(self.note):
                self.note.clear()
            notes = {one.path: f"{one.notes.note}\n{text}".strip() for one in entries}
            self._book.change_each({path: {"note": note} for path, note in notes.items()})

    def _entries(self) -> list[Entry]:
        """The chosen runs that are there, as they are now."""
        return [entry for path in self._paths if (entry := self._book.at(path)) is not None]

    def _keep_one(self, entry: Entry) -> None:
        text = " ".join(self.name.text().split())
        name = "" if text == entry.default else text
        typed = {"name": name, "note": self.note.toPlainText().strip()}
        pairs = zip(typed.items(), self._known, strict=True)
        said = {field: value for (field, value), before in pairs if value != before}
        if said:
            self._known = (typed["name"], typed["note"])
            self._book.change(entry.path, **said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.keep()
        return super().eventFilter(watched, event)

    def _show(self, entries: Sequence[Entry]) -> None:
        one = entries[0] if len(entries) == 1 else None
        self._known = (one.notes.name, one.notes.note) if one else ("", "")
        self.name.setText(one.notes.name if one else "")
        self.name.setPlaceholderText(one.default if one else "")
        for part in self._name_row:
            part.setVisible(one is not None)
        self._whose.setText(self.tr("Tags") if one else counts.runs(len(entries)))
        self._grid.setVerticalSpacing(GAP if one else 0)
        self.setFixedHeight(HIGH if one else SLIM)
        self._show_tags(entries)
        self.note.setPlainText(one.notes.note if one else "")
        more = self.tr("Add to the note of each")
        first = self.tr("Why this run, what it showed, what comes next")
        self.note.setPlaceholderText(first if one else more)
        self._settle.stop()

    def _show_tags(self, entries: Sequence[Entry]) -> None:
        """All that any of them has."""
        self._tags = tuple(dict.fromkeys(tag for entry in entries for tag in entry.notes.tags))
        self.tags.show_tags(self._tags)

    @Slot(list)
    def _on_updated(self, paths: list[Path]) -> None:
        """What was said elsewhere; what is being written here stays."""
        if not set(paths).intersection(self._paths):
            return
        entries = self._entries()
        self._show_tags(entries)
        if len(entries) != 1 or self.name.hasFocus() or self.note.hasFocus():
            return
        self._known = (entries[0].notes.name, entries[0].notes.note)
        self.name.setText(entries[0].notes.name)
        with QSignalBlocker(self.note):
            self.note.setPlainText(entries[0].notes.note)

    @Slot(list)
    def _on_tags(self, tags: list[str]) -> None:
        """What was added goes to every run, what was taken away from every run."""
        added = [tag for tag in tags if tag not in self._tags]
        gone = set(self._tags).difference(tags)
        kept = {
            one.path: [tag for tag in one.notes.tags if tag not in gone] for one in self._entries()
        }
        self._book.change_each({path: {"tags": (*own, *added)} for path, own in kept.items()})

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
        note.setTabChangesFocus(True)
        note.setMinimumHeight(SLIM - 22)
        note.textChanged.connect(self._on_note)
        note.installEventFilter(self)
        return note

    @Slot()
    def _on_note(self) -> None:
        """What is added to the notes of several is whole when the field is left."""
        if len(self._paths) == 1:
            self._settle.start()

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(GAP)
        self._whose = label(self.tr("Tags"), "muted")
        self._name_row = label(self.tr("Name"), "muted"), self.name
        for row, parts in enumerate((self._name_row, (self._whose, self.tags))):
            for place, part in enumerate(parts):
                grid.addWidget(part, row, place)
        grid.addWidget(self.note, 0, 2, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
