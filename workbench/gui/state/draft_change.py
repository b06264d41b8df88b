"""One step of undo in the form."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QUndoCommand

from workbench.gui.state.ranges import Ranges

Values = dict[str, dict[str, Any]]
State = tuple[str, Values, Ranges]
"""Preset, values and ranges."""
Become = Callable[[str, Values, Ranges], None]
MERGE_SECONDS = 1.5


class DraftChange(QUndoCommand):
    """From one state of the draft to another; keystrokes in one field melt into one change."""

    def __init__(
        self, become: Become, text: str, before: State, after: State, merged: str = ""
    ) -> None:
        """Changes that are ``merged`` under one name melt, if they follow each other soon."""
        super().__init__(text)
        self._become, self._merged = become, merged
        self._before, self._after = before, after
        self._when = time.monotonic()

    def id(self) -> int:
        return 1 if self._merged else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, DraftChange) or other._merged != self._merged:
            return False
        if other._when - self._when > MERGE_SECONDS:
            return False
        self._after, self._when = other._after, other._when
        return True

    def redo(self) -> None:
        self._become(*self._after)

    def undo(self) -> None:
        self._become(*self._before)
