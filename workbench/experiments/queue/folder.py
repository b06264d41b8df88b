"""The queue as a folder among the runs: one file an entry, which holds its place too.

Whoever changes entries holds a lock for that moment; whoever works through them holds another one
all the while, which dies with its process.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.core.errors import BadInput
from workbench.core.files import MAX_JSON_BYTES, read_file, sweep, write_atomically
from workbench.core.marked import marked
from workbench.experiments.queue import entry as files
from workbench.experiments.queue import places
from workbench.experiments.queue.entry import Entry, State
from workbench.experiments.queue.work import Work
from workbench.experiments.record.lock import WRITER, WriterLock, is_held, writer
from workbench.experiments.runs import QUEUE
from workbench.experiments.store import default_root

CHANGING = ".changing"
PATIENCE_SECONDS = 2.0
"""A change takes milliseconds; whoever holds the lock for longer hangs."""
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Removed:
    """An entry that was taken out, so that it can come back as it was."""

    name: str
    data: bytes


class ExperimentQueue:
    """Entries that ended first, then what runs, then what waits in its order, damaged ones last."""

    def __init__(self, root: Path | None = None) -> None:
        self.folder = (root or default_root()) / QUEUE
        self._worker = WriterLock(self.folder)
        self.works_here = False
        """Whether it is worked through by way of this very object."""

    # --- reading -----------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """All of them; a damaged one hides no other."""
        found = [files.read(file) for file in self._files()]
        if any(one.state is State.RUNNING for one in found) and not self.is_worked:
            found = [_interrupted(one) for one in found]
        return sorted(found, key=places.order)

    @property
    def is_worked(self) -> bool:
        """Whether somebody, here or elsewhere, works through it now."""
        return self.works_here or is_held(self.folder)

    @property
    def worker(self) -> str:
        """Who works through it, or did last, in words."""
        return writer(self.folder)

    def stamp(self) -> Stamp:
        """Differs from an earlier one where the entries may."""
        return tuple(sorted(_stamps(self._files())))

    def find(self, named: str) -> Entry:
        """By its id; raises `BadInput` for one that is not there."""
        return _known(self.entries(), named)

    # --- changing ----------------------------------------------------------------------------

    def add(self, work: Work, *, path: Path | None = None, first: bool = False) -> Entry:
        """Line it up behind the others, or in front of them; ``path`` is where it stands already.

        The work is not looked at: see `admission`. Raises `BadInput` or `CannotWrite`.
        """
        with self._changing() as found:
            place = places.first(found) if first else places.last(found)
            state = State.WAITING if path is None else State.STOPPED
            entry = Entry(_fresh_id(found), place, time.time(), work, state, path)
            self._write(entry)
        return entry

    def move(self, named: str, to: int) -> None:
        """To that place, from 0, among those that wait; raises `BadInput` for one that does not."""
        with self._changing() as found:
            entry = _waiting(found, named)
            others = [one for one in found if one.pending and one.id != named]
            to = min(max(to, 0), len(others))
            bounds = [one.place for one in others]
            self._write(replace(entry, place=places.between(bounds, to)))
            if len({*bounds, places.between(bounds, to)}) <= len(
                others
            ):  # no number lies between them
                self._spread([*others[:to], entry, *others[to:]])

    def replace(self, named: str, work: Work) -> None:
        """What waits there is from now on this work; raises `BadInput` for what does not wait."""
        with self._changing() as found:
            entry = _waiting(found, named)
            if entry.path is not None:
                raise BadInput(
                    named,
                    marked("has begun, and a run keeps its settings"),
                    marked("Line up another experiment"),
                )
            self._write(replace(entry, work=work))

    def remove(self, named: str) -> Removed:
        """Take out anything but what runs; its run or its race stays. Raises `BadInput`."""
        with self._changing() as found:
            entry = _known(found, named)
            if entry.state is State.RUNNING:
                raise _runs(entry)
            file = self._file(named)
            removed = Removed(file.name, read_file(file, MAX_JSON_BYTES))
            file.unlink()
        return removed

    def put_back(self, removed: Removed) -> None:
        """At the place where it stood."""
        with self._changing():
            write_atomically(self.folder / removed.name, removed.data)

    # --- for whoever works through it --------------------------------------------------------

    @contextmanager
    def worked_through(self) -> Iterator[None]:
        """Inside, nobody else does; raises `BadInput` where somebody does already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.is_worked:
            raise BadInput(
                marked("The queue"),
                marked("is being worked through by {0}").format(self.worker),
                marked("Wait until it ends, or stop it there"),
            )
        self._worker.claim()
        self.works_here = True
        sweep(self.folder, older_than=60.0)
        try:
            yield
        finally:
            self.works_here = False
            self._worker.release()

    def take_next(self) -> Entry | None:
        """The first one that waits, which runs from now on."""
        with self._changing() as found:
            waiting = [_interrupted(one) for one in found]
            entry = next((one for one in waiting if one.pending), None)
            if entry is not None:
                self._write(replace(entry, state=State.RUNNING, told=""))
        return entry

    def locate(self, entry: Entry, path: Path) -> None:
        """Where it runs, so that it can go on there whatever happens."""
        with self._changing():
            self._write(replace(entry, state=State.RUNNING, path=path, told=""))

    def settle(self, entry: Entry, state: State, path: Path | None, told: str = "") -> Entry:
        """How its turn has ended; what was stopped is first again."""
        with self._changing() as found:
            place = places.first(found) if state is State.STOPPED else entry.place
            entry = replace(entry, state=state, path=path, told=told, place=place)
            self._write(entry)
        return entry

    # --- the files ---------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        found = self.folder.glob("*.json") if self.folder.is_dir() else ()
        return [file for file in found if file.name != WRITER and not file.name.startswith(".")]

    def _file(self, named: str) -> Path:
        return self.folder / f"{named}.json"

    def _write(self, entry: Entry) -> None:
        files.write(self._file(entry.id), entry)

    def _spread(self, entries: Sequence[Entry]) -> None:
        first = min(one.place for one in entries)
        for step, one in enumerate(entries):
            self._write(replace(one, place=first + step))

    @contextmanager
    def _changing(self) -> Iterator[list[Entry]]:
        """The entries, which nobody else changes inside. Of what runs, they say so as written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / CHANGING, timeout=PATIENCE_SECONDS)
        try:
            lock.acquire(poll_interval=0.01)
        except Timeout as error:
            raise BadInput(
                str(self.folder),
                marked("is being changed by another program"),
                marked("Try again; if it stays so, end that program"),
            ) from error
        try:
            yield self.entries()
        finally:
            lock.release()


def _interrupted(entry: Entry) -> Entry:
    return replace(entry, state=State.INTERRUPTED) if entry.state is State.RUNNING else entry


def _known(entries: Sequence[Entry], named: str) -> Entry:
    for one in entries:
        if one.id == named:
            return one
    raise BadInput(
        named, marked("is no entry of the queue"), marked("See `queue list` for their ids")
    )


def _waiting(entries: Sequence[Entry], named: str) -> Entry:
    entry = _known(entries, named)
    if entry.state is State.RUNNING:
        raise _runs(entry)
    if not entry.pending:
        raise BadInput(
            named, marked("does not wait in the queue"), marked("See `queue list` for what does")
        )
    return entry


def _runs(entry: Entry) -> BadInput:
    return BadInput(entry.id, marked("is running"), marked("Stop it first"))


def _fresh_id(entries: Sequence[Entry]) -> str:
    known = {one.id for one in entries}
    while (named := uuid.uuid4().hex[:4]) in known:
        pass
    return named


def _stamps(found: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for file in found:
        with contextlib.suppress(OSError):
            told = file.stat()
            yield file.name, told.st_mtime_ns, told.st_size
