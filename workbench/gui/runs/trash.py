"""Runs that are thrown away from the window: to the trash, and back by Ctrl+Z or a bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.gui.runs.book import Book
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import counts, theme
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.labbook.trash import Deleted


class Deletions(QObject):
    """`changed` comes when runs went to the trash or came back; `last` are those that went last."""

    changed = Signal()

    def __init__(self, workspace: Workspace, book: Book, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._book = workspace, book
        self.last: tuple[Deleted, ...] = ()

    def delete(self, paths: Sequence[Path]) -> None:
        """Move runs to the trash as one step of undo; where one cannot go, why is said."""
        moved = self.move(paths)
        if moved:
            self._workspace.draft.undo.push(_Deletion(self, tuple(paths), moved))

    def move(self, paths: Sequence[Path]) -> tuple[Deleted, ...]:
        """Move, and tell the book; nothing where that is refused."""
        from workbench.experiments.labbook import trash

        training = self._workspace.training
        try:
            if training.busy and training.path is not None and training.path in paths:
                raise BadInput(
                    printable(training.path.name),
                    marked("is being trained here"),
                    marked("Stop the training first"),
                )
            moved = tuple(trash.delete(paths))
        except (BadInput, OSError) as problem:
            self._workspace.troubles.say("trash", problem)
            return ()
        self._workspace.troubles.end("trash")
        self.last = moved
        self._book.forget(list(paths))
        self.changed.emit()
        return moved

    def restore(self, deleted: Sequence[Deleted]) -> bool:
        """Bring runs back, those that are not back already; whether they are there now."""
        from workbench.experiments.labbook import trash

        gone = [one for one in deleted if one.folder.is_dir()]
        try:
            trash.restore(gone)
        except (BadInput, OSError) as problem:
            self._workspace.troubles.say("trash", problem)
            return False
        self._workspace.troubles.end("trash")
        self.last = tuple(one for one in self.last if one not in deleted)
        self._workspace.run_list.reload()
        self.changed.emit()
        return True

    def empty(self, lying: Sequence[Deleted]) -> None:
        """Take these away for good; that this is wanted was asked before."""
        from workbench.experiments.labbook import trash

        try:
            trash.empty(lying)
        except OSError as problem:
            self._workspace.troubles.say("trash", problem)
        self.last = ()
        self.changed.emit()

    def lying(self) -> list[Deleted]:
        """What lies in the trash, newest first."""
        from workbench.experiments.labbook import trash

        return trash.deleted_runs()


class _Deletion(QUndoCommand):
    """Runs went to the trash. They are there when it is pushed."""

    def __init__(
        self, deletions: Deletions, paths: tuple[Path, ...], moved: tuple[Deleted, ...]
    ) -> None:
        super().__init__()
        self._deletions, self._paths, self._moved = deletions, paths, moved
        self._there = True

    def redo(self) -> None:
        if not self._there:
            self._moved = self._deletions.move([path for path in self._paths if path.is_dir()])
            self._there = bool(self._moved)

    def undo(self) -> None:
        self._there = not self._deletions.restore(self._moved)


class TrashBar(QFrame):
    """Says what went to the trash last, with a way back; closed, or gone when it is back."""

    def __init__(self, deletions: Deletions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs.trashBar")
        self.setAccessibleName(self.tr("Deleted runs"))
        self.setProperty("banner", "info")
        self._deletions = deletions
        self.text = label("", wrap=True)
        self.back = QPushButton(self.tr("Bring back"), self)
        self.back.setObjectName("runs.trashBar.back")
        self.back.setAccessibleName(self.back.text())
        self.back.setToolTip(self.tr("Put these runs back where they stood (Ctrl+Z)"))
        self.back.clicked.connect(self._on_back)
        close = QToolButton(self)
        close.setObjectName("runs.trashBar.close")
        close.setAccessibleName(self.tr("Close the message"))
        close.setToolTip(self.tr("Close; the runs stay in the trash"))
        theme.current().set_icon(close, "close", "muted")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.back)
        row.addWidget(close)
        deletions.changed.connect(self._refresh)
        self.hide()

    @Slot()
    def _refresh(self) -> None:
        last = self._deletions.last
        what = last[0].name if len(last) == 1 else counts.runs(len(last))
        self.text.setText(self.tr("In the trash: {0}").format(what))
        self.setVisible(bool(last))

    @Slot()
    def _on_back(self) -> None:
        self._deletions.restore(self._deletions.last)
