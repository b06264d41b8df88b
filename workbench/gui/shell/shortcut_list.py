"""All keys there are, read from the actions and widgets that have them."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QMargins, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMainWindow,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

Entry = tuple[str, str]
"""What it does, and its keys."""
NATIVE = QKeySequence.SequenceFormat.NativeText


@runtime_checkable
class HasKeys(Protocol):
    """A widget with keys of its own, that work while it has the focus."""

    def key_help(self) -> tuple[str, tuple[Entry, ...]]:
        """Where they work, and what each does."""
        ...


class Shortcuts(QDialog):
    """Read from the window when it opens, so that it cannot be out of date."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("dialog.shortcuts")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.keys = QLabel(as_html(listed(window)))
        self.keys.setObjectName("dialog.shortcuts.keys")
        self.keys.setTextFormat(Qt.TextFormat.RichText)
        self.keys.setContentsMargins(20, 14, 4, 4)
        self.keys.setProperty("page", True)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.windowTitle())
        scroll.setWidget(self.keys)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(close)
        wanted = self.keys.sizeHint().grownBy(QMargins(20, 10, 30, 70))
        self.resize(wanted.boundedTo(window.size()))


def tr(text: str) -> str:
    return QCoreApplication.translate("Shortcuts", text)


def listed(window: QMainWindow) -> dict[str, list[Entry]]:
    """The window's keys: by menu, then those of no menu, then those of single widgets."""
    groups: dict[str, list[Entry]] = {}
    seen: set[QAction] = set()
    for action in window.menuBar().actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            entries = [_entry(a, seen) for a in _actions(menu)]
            groups[_plain(menu.title())] = [entry for entry in entries if entry is not None]
    others = [_entry(action, seen) for action in window.findChildren(QAction)]
    groups[tr("Elsewhere")] = [entry for entry in others if entry is not None]
    groups[tr("Elsewhere")] += [
        (shortcut.whatsThis() or shortcut.objectName(), _keys(shortcut.keys()))
        for shortcut in window.findChildren(QShortcut)
    ]
    for widget in window.findChildren(QWidget):
        if isinstance(widget, HasKeys):
            place, entries_here = widget.key_help()
            groups.setdefault(place, list(entries_here))
    return {title: entries for title, entries in groups.items() if entries}


def as_html(groups: dict[str, list[Entry]]) -> str:
    """Two columns of groups, as even as can be."""
    total, column, columns = sum(len(e) + 2 for e in groups.values()), 0, ["", ""]
    filled = 0
    for title, entries in groups.items():
        if filled >= total / 2:
            column = 1
        filled += len(entries) + 2
        columns[column] += f"<tr><td colspan='2'><b>{html.escape(title)}</b></td></tr>"
        for text, keys in entries:
            row = f"<td style='padding-right:20px'>{html.escape(text)}</td>"
            columns[column] += f"<tr>{row}<td>{html.escape(keys)}</td></tr>"
        columns[column] += "<tr><td>&nbsp;</td></tr>"
    tables = [f"<table cellspacing='2'>{rows}</table>" for rows in columns]
    cells = "".join(f"<td style='padding-right:36px'>{table}</td>" for table in tables)
    return f"<table><tr>{cells}</tr></table>"


def _entry(action: QAction, seen: set[QAction]) -> Entry | None:
    if not action.shortcuts() or action.shortcut().isEmpty() or action in seen:
        return None
    seen.add(action)
    return _plain(action.text()), _keys(action.shortcuts())


def _keys(sequences: list[QKeySequence]) -> str:
    return ", ".join(sequence.toString(NATIVE) for sequence in sequences)


def _actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _actions(inner)
        else:
            yield action


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")
