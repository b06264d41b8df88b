"""``metrics.jsonl``: what a run told, one sealed line an event, only ever added to.

A run that goes on from an older checkpoint writes that it does; whoever reads drops what had been
written after that checkpoint. So nothing is taken away before its successor is there.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.errors import CannotWrite
from workbench.core.files import read_file
from workbench.core.sealed import SEAL
from workbench.experiments.record.codec import GAP, RESUMED, from_line, to_line

log = logging.getLogger(__name__)

NAME = "metrics.jsonl"
FINISHED = "finished"
FLUSH_SECONDS = 1.0
MAX_BYTES = 8 * 2**30
MAX_WAITING = 50_000
"""Lines kept in memory while the disk takes none; older ones are lost, and the gap is marked."""


class MetricsLog:
    """Open for adding lines, by one thread. A disk that takes none does not end the run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._flushed = time.monotonic()
        self.problem: CannotWrite | None = None
        """Why lines are still waiting; nothing while the disk takes them."""

    def add(self, line: dict[str, Any]) -> None:
        """Add an event; about once a second what is waiting goes to the disk."""
        if len(self._waiting) >= MAX_WAITING:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(to_line(line))
        if time.monotonic() - self._flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self, *, sync: bool = False) -> None:
        """Write what is waiting; with ``sync`` past the system's own buffers. See `problem`."""
        self._flushed = time.monotonic()
        data = b"".join(self._waiting)
        if self._lost:
            data = to_line({"event": GAP, "lost": self._lost}) + data
        try:
            _append(self._opened(), data, sync)
        except OSError as error:
            self.problem = CannotWrite(self._file, error, len(data))
            log.warning("%s", self.problem)
            return
        self._waiting.clear()
        self._lost, self.problem = 0, None

    def move_to(self, file: Path) -> None:
        """From now on lines go to another file; those that wait go there too."""
        waiting = list(self._waiting)
        self._waiting.clear()
        self.close()
        self._file = file
        self._waiting.extend(waiting)

    def close(self) -> None:
        """Write what is waiting and let the file go; it opens again when a line is added."""
        if self._waiting:
            self.flush(sync=True)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _opened(self) -> int:
        """The open file; another one where somebody has taken the first away."""
        if self._handle is not None and os.fstat(self._handle).st_nlink == 0:
            os.close(self._handle)
            self._handle = None
        if self._handle is None:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._handle = os.open(self._file, flags, 0o666)
            _end_line(self._handle)
        return self._handle


@dataclass(frozen=True)
class Metrics:
    """The lines that count, in order, how many cannot be read, and whether the last one is torn."""

    lines: tuple[dict[str, Any], ...] = ()
    damaged: int = 0
    torn: bool = False
    """As a kill leaves it; where the run ended in order, it is damage."""
    resumptions: tuple[dict[str, Any], ...] = ()
    """A mark for each time that the run went on from a checkpoint."""


def read_metrics(file: Path) -> Metrics:
    """What stands in the file; a missing one is empty.

    Raises `BadInput` when the file is no file or cannot be read.
    """
    if not file.exists() and not file.is_symlink():
        return Metrics()
    *whole, last = read_file(file, MAX_BYTES).split(b"\n")
    lines: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    damaged, sealed = 0, False
    for text in (*whole, last):
        for line in _lines_of(text, sealed):
            if line is None:
                damaged += 1
                continue
            sealed = line.pop(SEAL, None) is not None or sealed
            if line["event"] == RESUMED:
                marks.append(line)
                lines = [kept for kept in lines if precedes(kept, line["iteration"])]
            else:
                lines.append(line)
    torn = bool(last) and from_line(last, sealed) is None
    return Metrics(tuple(lines), damaged - torn, torn, tuple(marks))


def _lines_of(text: bytes, sealed: bool) -> Iterator[dict[str, Any] | None]:
    """What stands between two ends of lines; nothing in a damaged line's place.

    Where an end itself is damaged two lines stand there, and neither hides the other.
    """
    line = from_line(text, sealed)
    if line is not None or not text:
        yield from ([line] if line else [])
        return
    yield None
    pieces = _DAMAGED_END.split(text)
    if len(pieces) > 1:
        yield from (found for piece in pieces if (found := from_line(piece, sealed)) is not None)


_DAMAGED_END = re.compile(rb'(?<=\}).(?=\{"event": )', re.DOTALL)


def precedes(line: dict[str, Any], iteration: int) -> bool:
    """Whether a line still counts for what goes on from the checkpoint of this iteration."""
    return line["event"] != FINISHED and int(line.get("iteration", 0)) <= iteration


def _append(handle: int, data: bytes, sync: bool) -> None:
    """All or nothing: what a full disk took of it, or would not keep, is cut off again."""
    before = os.fstat(handle).st_size
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if sync:
            os.fsync(handle)
    except OSError:
        os.ftruncate(handle, before)
        raise


def _end_line(handle: int) -> None:
    """A line that a kill tore must not swallow the next one."""
    size = os.fstat(handle).st_size
    if size and os.pread(handle, 1, size - 1) != b"\n":
        os.write(handle, b"\n")
