"""Drains a `Runner` on a timer of the GUI thread: many events a second become one list a tick."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

INTERVAL_MS = 90


class Pump(QObject):
    """Between `watch` and the runner's end: everything drained comes out of `arrived`, in order.

    What is ``alone`` comes in a list and a turn of the event loop of its own: much is done for it,
    and much for what stands around it. `finished` comes once, after the last list; a runner that is
    replaced is never read again.
    """

    arrived = Signal(list)
    stateChanged = Signal()
    finished = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        interval_ms: int = INTERVAL_MS,
        alone: Callable[[Any], bool] = lambda item: False,
    ) -> None:
        super().__init__(parent)
        self._alone = alone
        self._runner: Any = None
        self._state = ""
        self._left: list[Any] = []
        """Drained, but for another turn."""
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.drain)
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self.drain)

    @property
    def state(self) -> str:
        """The runner's state as last announced; empty with no runner."""
        return self._state

    def watch(self, runner: Any) -> None:
        self._left = []
        self._runner = runner
        self._state = ""
        self._timer.start()
        self._announce(runner.state.name)

    def forget(self) -> None:
        """Stop reading the runner, which may go on or not."""
        self._timer.stop()
        self._left = []
        self._runner = None
        self._state = ""

    @Slot()
    def drain(self) -> None:
        runner = self._runner
        if runner is None:
            return
        # The state first: what came before it is then told before it, the last item above all.
        state = runner.state.name
        items = self._of_this_turn([*self._left, *runner.drain()])
        if items:
            self.arrived.emit(items)
        if self._runner is not runner:
            return
        if self._left:
            self._next_turn.start()
            return
        if state == "FINISHED":
            self._timer.stop()
        self._announce(state)
        if state == "FINISHED":
            self.finished.emit()

    def _of_this_turn(self, items: list[Any]) -> list[Any]:
        """The first of them; the others are left."""
        together = sum(1 for _ in takewhile(lambda item: not self._alone(item), items))
        share = together or 1
        self._left = items[share:]
        return items[:share]

    def _announce(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.stateChanged.emit()
