"""Drains a `Runner` on a timer of the GUI thread: many events a second become one list a tick."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

INTERVAL_MS = 90


class Pump(QObject):
    """Between `watch` and the runner's end: everything drained comes out of `arrived`, in order.

    `finished` comes once, after the last list; a runner that is replaced is never read again.
    """

    arrived = Signal(list)
    stateChanged = Signal()
    finished = Signal()

    def __init__(self, parent: QObject | None = None, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        self._runner: Any = None
        self._state = ""
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.drain)

    @property
    def state(self) -> str:
        """The runner's state as last announced; empty with no runner."""
        return self._state

    def watch(self, runner: Any) -> None:
        self._runner = runner
        self._state = ""
        self._timer.start()
        self._announce(runner.state.name)

    def forget(self) -> None:
        """Stop reading the runner, which may go on or not."""
        self._timer.stop()
        self._runner = None
        self._state = ""

    @Slot()
    def drain(self) -> None:
        runner = self._runner
        if runner is None:
            return
        # The state first: what came before it is then told before it, the last item above all.
        state = runner.state.name
        items = runner.drain()
        if items:
            self.arrived.emit(items)
        if self._runner is not runner:
            return
        if state == "FINISHED":
            self._timer.stop()
        self._announce(state)
        if state == "FINISHED":
            self.finished.emit()

    def _announce(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.stateChanged.emit()
