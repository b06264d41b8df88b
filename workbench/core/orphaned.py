"""A process that works for the one that started it notices when that one has ended."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_SECONDS = 1.0


@contextmanager
def told_when_orphaned(act: Callable[[], None]) -> Iterator[None]:
    """Inside, call ``act`` once, on a thread, soon after the process that started this one is gone.

    Systems give an orphan another parent; Windows does not, and there it is never called.
    """
    parent, left = os.getppid(), threading.Event()

    def look() -> None:
        while not left.wait(LOOK_SECONDS):
            if os.getppid() != parent:
                act()
                return

    threading.Thread(target=look, name="orphaned", daemon=True).start()
    try:
        yield
    finally:
        left.set()
