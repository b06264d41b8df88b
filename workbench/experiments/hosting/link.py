"""A connection that neither side is held up by: saying and hearing each have a thread."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection

from workbench.core.errors import BadInput
from workbench.experiments.hosting.wire import Message, Tensors, unpack

log = logging.getLogger(__name__)
MOST_WAITING = 256 * 2**20
"""Bytes that wait for a side that reads nothing; with more of them it is let go."""


class Link:
    """Hands what it hears to ``on_heard``, and says once by ``on_lost`` that no more comes.

    Both are called on the thread that hears.
    """

    def __init__(
        self,
        connection: Connection[bytes, bytes],
        on_heard: Callable[[Message, Tensors], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._on_heard, self._on_lost = on_heard, on_lost
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._change = threading.Condition()
        self._closed = False
        self._says = threading.Thread(target=self._say_on, name="link.says", daemon=True)
        self._hears = threading.Thread(target=self._hear, name="link.hears", daemon=True)

    def start(self) -> None:
        self._says.start()
        self._hears.start()

    def say(self, message: bytes) -> None:
        """Takes no time: it is said on a thread. Nothing comes of it where nobody is there."""
        with self._change:
            if self._closed:
                return
            self._waiting.append(message)
            self._bytes += len(message)
            self._change.notify_all()
            too_slow = self._bytes > MOST_WAITING
        if too_slow:
            log.warning("the other side reads nothing, and is let go")
            self.close()

    def close(self) -> None:
        """Say no more, and let the other side go; what waits is lost. May be called twice."""
        with self._change:
            if self._closed:
                return
            self._closed = True
            self._waiting.clear()
            self._change.notify_all()
        _shut(self._connection)

    def close_when_said(self, seconds: float) -> None:
        """As `close`, after what waits was said, or after that long."""
        until = time.monotonic() + seconds
        with self._change:
            while self._bytes and not self._closed and (left := until - time.monotonic()) > 0:
                self._change.wait(left)
        self.close()

    def _say_on(self) -> None:
        while True:
            with self._change:
                while not self._waiting and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                message = self._waiting.popleft()
            try:
                self._connection.send_bytes(message)
            except (OSError, ValueError):  # it has gone: whoever hears says so
                self.close()
                return
            with self._change:
                self._bytes -= len(message)
                self._change.notify_all()

    def _hear(self) -> None:
        try:
            while not self._closed:
                self._on_heard(*unpack(self._connection.recv_bytes()))
        except (EOFError, OSError, ValueError):
            pass
        except BadInput:
            log.exception("what the other side says cannot be read")
        finally:
            self.close()
            self._says.join()  # it is in the middle of a message, which ends at once now
            with contextlib.suppress(OSError):
                self._connection.close()
            self._on_lost()


def _shut(connection: Connection[bytes, bytes]) -> None:
    """Whoever waits for more on it hears that no more comes; its end is closed by that thread."""
    with contextlib.suppress(OSError):
        if os.name == "nt":
            connection.close()
            return
        with socket.socket(fileno=os.dup(connection.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)
