"""Ctrl-C, a polite kill and a closed terminal close the window in order; see `core.interrupts`."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Slot

from workbench.core import interrupts
from workbench.core.interrupts import Presses, Wish


class SignalWatch(QObject):
    """Python runs handlers only between byte codes; the socket wakes an idle event loop."""

    def __init__(self, close: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._close = close
        self._presses = Presses()
        self._wished = False
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_wake)
        self._old_fd = signal.set_wakeup_fd(self._write.fileno())
        self._old: dict[int, Any] = {
            number: signal.signal(number, self._on_signal) for number in interrupts.caught()
        }

    def remove(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        wish = self._presses.press()
        if wish is Wish.NOW:
            interrupts.leave(number)
        self._wished = self._wished or wish is Wish.END

    @Slot()
    def _on_wake(self) -> None:
        try:
            self._read.recv(64)
        except BlockingIOError:
            return
        if self._wished:
            self._wished = False
            self._close()
