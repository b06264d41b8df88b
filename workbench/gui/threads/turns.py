"""Work of the GUI thread in small pieces: one in a turn of the event loop, so that none is long."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

Piece = Callable[[], object]


class Turns(QObject):
    """Slots that are called at once, or while ``spread`` each in a turn of its own.

    A slot that waits already waits once; one that is called at once waits no longer. ``pause_ms``
    lie before each that has waited: what it has brought about is painted before the next.
    """

    def __init__(self, parent: QObject | None = None, pause_ms: int = 0) -> None:
        super().__init__(parent)
        self.spread = False
        self._waiting: list[Piece] = []
        self._timer = QTimer(self)
        self._timer.setInterval(pause_ms)
        self._timer.timeout.connect(self._next)

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def take(self, slot: Piece) -> Piece:
        """What is to be connected in place of the slot, a method, which is not kept alive by it."""
        method = weakref.WeakMethod(slot)

        def called() -> None:
            alive = method()
            if alive is None:
                return
            if not self.spread:
                self._forget(alive)
                alive()
            elif alive not in self._waiting:
                self._waiting.append(alive)
                if not self._timer.isActive():
                    self._timer.start()

        return called

    @Slot()
    def finish(self) -> None:
        """Everything that waits, now."""
        while self._waiting:
            self._next()

    def _forget(self, slot: Piece) -> None:
        if slot in self._waiting:
            self._waiting.remove(slot)

    @Slot()
    def _next(self) -> None:
        if self._waiting:
            self._waiting.pop(0)()
        if not self._waiting:
            self._timer.stop()
