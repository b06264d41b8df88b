"""One writer a run: a lock that dies with its process, and who holds it."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import time
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed

log = logging.getLogger(__name__)
LOCK, WRITER = ".lock", "writer.json"
PATIENCE_SECONDS = 0.5
"""Whoever lists the runs asks for a lock and lets it go at once: that refuses no writer."""

ASKING_SECONDS = 0.25
"""Two that list at once are not to take each other for a writer, who holds it for longer."""


class WriterLock:
    """Held from `claim` to `release` by the one process, and the one record, that may write."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: FileLock | None = None

    def claim(self) -> None:
        """Take the lock, unless it is held already; raises `BadInput` when another has it."""
        if self._lock is not None:
            return
        lock = FileLock(self._directory / LOCK, timeout=PATIENCE_SECONDS, thread_local=False)
        try:
            lock.acquire(poll_interval=0.02)
        except Timeout as error:
            raise being_written(self._directory) from error
        except (OSError, NotImplementedError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise BadInput(
                str(self._directory),
                marked("cannot be written ({0})").format(reason),
                marked("Choose another directory, or make this one writable"),
            ) from error
        self._lock = lock
        facts = {"process": os.getpid(), "host": socket.gethostname(), "since": time.time()}
        with contextlib.suppress(OSError):  # only for people: who holds it
            write_sealed(self._directory / WRITER, facts)

    def release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def being_written(directory: Path) -> BadInput:
    """The refusal to write beside somebody else, who is named."""
    return BadInput(
        str(directory),
        marked("is being written by {0}").format(writer(directory)),
        marked("Wait until it ends, or stop it"),
    )


def is_held(directory: Path) -> bool:
    """Whether a process that is alive writes there now."""
    if not (directory / LOCK).exists():
        return False
    lock = FileLock(directory / LOCK, timeout=ASKING_SECONDS, thread_local=False)
    try:
        lock.acquire(poll_interval=0.01)
    except Timeout:
        return True
    except (OSError, NotImplementedError) as error:
        log.info("the lock of %s cannot be asked (%s)", directory, error)
        return False
    lock.release()
    return False


def writer(directory: Path) -> str:
    """Who claimed the directory last, in words."""
    try:
        facts = read_sealed(directory / WRITER)
        return f"process {int(facts['process'])} on {facts['host']}"
    except (BadInput, KeyError, TypeError, ValueError):
        return "another process"
