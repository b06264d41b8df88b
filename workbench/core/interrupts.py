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
from contextlib import contextmanager, suppress
from enum import Enum, auto
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
BOUNCE_SECONDS = 2.0
SAID = "Stopped."
"""All that the user is told of an end that was asked for."""


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

    @property
    def any(self) -> bool:
        return self._first is not None

    def reset(self) -> None:
        self._first = None

    def press(self) -> Wish:
        now = self._clock()
        if self._first is None:
            self._first = now
            return Wish.END
        return Wish.SAME if now - self._first < BOUNCE_SECONDS else Wish.NOW


OnWish = Callable[[Wish, int, FrameType | None], None]


def caught() -> tuple[int, ...]:
    """Those of `SIGNALS` that this process was not started to ignore, as under `nohup`."""
    known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    return tuple(number for number in known if signal.getsignal(number) is not signal.SIG_IGN)


@contextmanager
def answered(on_wish: OnWish) -> Iterator[None]:
    """Hand every signal to ``on_wish`` while inside; the old handlers come back after.

    Who answers within another's time counts on from the other's presses: a key that bounces while
    a training ends must not cut off its result.
    """
    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in caught()} if ours else {}
    if not _answering:
        _presses.reset()

    def handler(number: int, frame: FrameType | None) -> None:
        on_wish(_presses.press(), number, frame)

    _answering.append(on_wish)
    try:
        for number in before:
            signal.signal(number, handler)
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
        _answering.pop()


def ignored_if_pressed() -> None:
    """For the process's last moments: a key that bounces ends nothing, other signals end it."""
    for number in caught():
        signal.signal(number, signal.SIG_IGN if _presses.any else signal.SIG_DFL)


def raising(wish: Wish, number: int, frame: FrameType | None) -> None:
    """For `answered`: the first signal raises `Stopped`, a meant one ends the process."""
    if wish is Wish.END:
        at_once(number, frame)
    elif wish is Wish.NOW:
        leave(number)


def at_once(number: int, frame: FrameType | None = None) -> None:
    """Raise `Stopped`; within what must be whole, right after it.

    An import is left without unwinding: its module may swallow the exception, and compiled ones
    abort the process on it.
    """
    if threading.get_ident() in _inside:
        _pending.append(number)
    elif _imports(frame):
        leave(number)
    else:
        raise Stopped(number)


def leave(number: int, patience: float = 10.0) -> None:
    """End the process without unwinding, when what another thread makes whole is whole."""
    _turn.acquire(timeout=patience)
    with suppress(OSError):
        os.write(2, f"{SAID}\n".encode())
    os._exit(128 + number)


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


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


_presses = Presses()
_answering: list[OnWish] = []
_turn = threading.RLock()
_inside: list[int] = []
_pending: list[int] = []
