"""Ctrl-C and a polite kill close the window in order; a second one ends the process."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Slot

CAUGHT = (signal.SIGINT, signal.SIGTERM)


class SignalWatch(QObject):
    """Python runs handlers only between byte codes; the socket wakes an idle event loop."""

    def __init__(self, close: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._close = close
        self._count = 0
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_wake)
        self._old_fd = signal.set_wakeup_fd(self._write.fileno())
        self._old: dict[int, Any] = {
            number: signal.signal(number, self._on_signal) for number in CAUGHT
        }

    def remove(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        if self._count > 1:
            os._exit(128 + number)

    @Slot()
    def _on_wake(self) -> None:
        try:
            self._read.recv(64)
        except BlockingIOError:
            return
        if self._count == 1:
            self._close()
