"""What asks the program to end: Ctrl-C, a polite kill, a terminal that closes.

The first signal asks. More of them within `BOUNCE_SECONDS` are the same wish: a key bounced, a
person pressed twice, a shell sent two. A later one is meant, and ends the program at once, though
never in the middle of what must be `whole`.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
BOUNCE_SECONDS = 2.0


class Stopped(KeyboardInterrupt):
    """A signal asked for the end; `code` is the exit code that says which."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


class Wish(Enum):
    END = auto()
    SAME = auto()
    """Already wished; nothing more is to be done."""
    NOW = auto()


class Presses:
    """NONE -> END -> (SAME for `BOUNCE_SECONDS`) -> NOW, NOW ..."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: float | None = None

    def press(self) -> Wish:
        now = self._clock()
        if self._first is None:
            self._first = now
            return Wish.END
        return Wish.SAME if now - self._first < BOUNCE_SECONDS else Wish.NOW


def caught() -> tuple[int, ...]:
    """Those of `SIGNALS` that this process was not started to ignore, as under `nohup`."""
    known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    return tuple(number for number in known if signal.getsignal(number) is not signal.SIG_IGN)


@contextmanager
def answered(on_signal: Callable[[int], None]) -> Iterator[None]:
    """Hand every signal to ``on_signal`` while inside; the old handlers come back after."""

    def handler(number: int, frame: FrameType | None) -> None:
        on_signal(number)

    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in caught()} if ours else {}
    try:
        for number in before:
            signal.signal(number, handler)
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def raising() -> Callable[[int], None]:
    """For `answered`: the first signal raises `Stopped`, a meant one ends the process."""
    presses = Presses()

    def on_signal(number: int) -> None:
        wish = presses.press()
        if wish is Wish.END:
            at_once(number)
        elif wish is Wish.NOW:
            leave(number)

    return on_signal


def at_once(number: int) -> None:
    """Raise `Stopped`; within what must be whole, right after it."""
    if threading.get_ident() in _inside:
        _pending.append(number)
    else:
        raise Stopped(number)


def leave(number: int, patience: float = 10.0) -> None:
    """End the process without unwinding, when what another thread makes whole is whole."""
    _turn.acquire(timeout=patience)
    os._exit(128 + number)


@contextmanager
def whole() -> Iterator[None]:
    """What is inside is not cut in two: a signal that is meant takes effect after it."""
    with _turn:
        _inside.append(threading.get_ident())
        try:
            yield
        finally:
            _inside.pop()
            if _pending and not _inside:
                raise Stopped(_pending.pop())


_turn = threading.RLock()
_inside: list[int] = []
_pending: list[int] = []
