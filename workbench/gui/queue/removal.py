"""An entry that was taken out of the queue, and its way back by Ctrl+Z."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from workbench.gui.state.queueing import Queueing

if TYPE_CHECKING:
    from workbench.experiments.queue.folder import Removed


class Removal(QUndoCommand):
    """The entry is gone when it is pushed."""

    def __init__(self, queue: Queueing, named: str, removed: Removed) -> None:
        super().__init__()
        self._queue, self._named = queue, named
        self._removed: Removed | None = removed

    def redo(self) -> None:
        if self._removed is None:
            self._removed = self._queue.remove(self._named)

    def undo(self) -> None:
        if self._removed is not None:
            self._queue.put_back(self._removed)
            self._removed = None
