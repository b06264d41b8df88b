"""Who works on a study: a lock for each process, so that others see when it has died."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.core.errors import BadInput
from workbench.core.marked import marked

WORKERS = ".workers"
ASKING = "asking.lock"
PATIENCE_SECONDS = 120
"""That long one process at most chooses a trial, a fit of the Gaussian process included."""


@dataclass(frozen=True)
class Seat:
    """A process's place at the study in a folder; free again when it ends, however it ends."""

    folder: Path
    name: str
    alone: bool
    """Whether nobody else worked here when it was taken."""

    @contextmanager
    def asking(self) -> Iterator[None]:
        """One process of this folder at a time decides what is done next."""
        with asking(self.folder):
            yield


@contextmanager
def taken(folder: Path) -> Iterator[Seat]:
    """A seat, as long as the block lasts; raises `BadInput` where no file can be written."""
    seats = folder / WORKERS
    try:
        seats.mkdir(exist_ok=True)
        with asking(folder):
            alone = not any(map(_is_held, seats.glob("*.seat")))
            name = f"{socket.gethostname()}-{uuid.uuid4().hex[:12]}"
            lock = FileLock(_file(folder, name), thread_local=False)
            lock.acquire()
    except OSError as error:
        raise BadInput(
            str(folder),
            marked("cannot be written ({0})").format(error.strerror or error),
            marked("Make this directory writable"),
        ) from error
    try:
        yield Seat(folder, name, alone)
    finally:
        lock.release()
        _file(folder, name).unlink(missing_ok=True)


def dead(folder: Path) -> set[str]:
    """Workers of this folder that have ended without a word; those of another are not known."""
    return {file.stem for file in (folder / WORKERS).glob("*.seat") if not _is_held(file)}


def forget(folder: Path, name: str) -> None:
    """Of a worker that has died, once its trial, if it had one, is settled."""
    _file(folder, name).unlink(missing_ok=True)


def asking(folder: Path) -> FileLock:
    """While it is held nobody else of this folder chooses a trial."""
    return FileLock(folder / WORKERS / ASKING, timeout=PATIENCE_SECONDS, thread_local=False)


def _file(folder: Path, name: str) -> Path:
    return folder / WORKERS / f"{name}.seat"


def _is_held(file: Path) -> bool:
    lock = FileLock(file, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
