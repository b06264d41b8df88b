"""Where studies are kept: Optuna's own storages, so that its dashboard opens them.

A file is Optuna's journal, which many processes on one file system may write; anything with
``://`` is a database by SQLAlchemy's URL, for machines that share none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.search.quiet import quiet

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

JOURNAL = "study.journal"
HEARTBEAT_SECONDS, GRACE_SECONDS = 30, 300
"""A database learns that often that a trial is alive, and gives up on it after so long."""


def is_url(place: str) -> bool:
    return "://" in place


def opened(place: str) -> BaseStorage:
    """The storage at a file or a URL, made where there is none; raises `BadInput`."""
    return _database(place) if is_url(place) else _journal(Path(place).absolute())


def _journal(file: Path) -> BaseStorage:
    from optuna.storages.journal import JournalFileBackend, JournalStorage

    try:
        backend = JournalFileBackend(str(file))
        _drop_torn_line(file, backend)
        return JournalStorage(backend)
    except OSError as error:
        raise BadInput(
            str(file),
            marked("cannot be opened ({0})").format(error.strerror or error),
            marked("Choose another file"),
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            str(file), marked("is no journal of a study"), marked("Choose another file")
        ) from error


def _drop_torn_line(file: Path, backend: object) -> None:
    """What a process wrote last when it was killed, or the disk was full: Optuna refuses it."""
    with file.open("rb") as found:
        found.seek(0, 2)
        if found.tell() == 0:
            return
        found.seek(-1, 2)
        if found.read(1) == b"\n":
            return
    lock = backend._lock  # type: ignore[attr-defined]
    lock.acquire()
    try:
        data = file.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole != len(data):
            with file.open("rb+") as torn:
                torn.truncate(whole)
    finally:
        lock.release()


def _database(url: str) -> BaseStorage:
    from optuna.storages import RDBStorage

    try:
        with quiet():
            return RDBStorage(url, heartbeat_interval=HEARTBEAT_SECONDS, grace_period=GRACE_SECONDS)
    except ImportError as error:
        raise BadInput(
            "--storage",
            marked("needs a driver that is not installed ({0})").format(error.name or error),
            marked("Install it, or use a file"),
        ) from error
    except Exception as error:  # SQLAlchemy's many, and the drivers' own
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInput(
            "--storage",
            marked("the database cannot be opened ({0})").format(first),
            marked("Check the URL, e.g. {0}").format("sqlite:///study.db"),
        ) from error
