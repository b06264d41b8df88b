"""What the list says of each run, kept beside the runs: a cache, which may go at any moment.

The directories stay the truth. A row is taken from here only while the directory, its files and
its checkpoints have the times and sizes that they had when it was read (`record.stamps`); what was
written a moment before it was read is read again, since a second write might leave no trace in
them. The file is written as a whole, carries a checksum, and is let go where it is damaged or made
by another program, or by this one with other parts.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from workbench import __version__
from workbench.core import places, registry
from workbench.core.errors import BadInput
from workbench.core.files import read_file, write_atomically
from workbench.experiments.record.stamps import NUMBERS, TIMES, Stamp

log = logging.getLogger(__name__)

LAYOUT = 2
SETTLED_SECONDS = 2.0
"""Coarser than the clock of any file system: what was written since may be written again unseen."""
MAX_BYTES = 2**30


class Row(NamedTuple):
    """What the list of runs says of a whole run."""

    started: float
    """Seconds since 1970."""
    iterations: int
    """Done when it last ended; 0 before."""
    iteration: int
    """Of the newest checkpoint; 0 without one."""
    reason: str
    """Why it last ended; empty before."""
    body: bytes
    """Its settings and its result, as JSON, compressed; see `runs.RunSummary`."""


class Entry(NamedTuple):
    stamp: Stamp
    row: Row


Entries = dict[str, Entry]
"""By the run's directory below the root."""
_HEAD = struct.Struct("<32sIQ")
_ROW = struct.Struct(f"<{NUMBERS}qdqq10sIQ")


def read(root: Path) -> Entries:
    """What was kept of the runs below ``root``; nothing where it cannot be used.

    The catalog is loaded.
    """
    file = _file(root)
    if not file.exists():
        return {}
    try:
        return dict(_entries(read_file(file, MAX_BYTES)))
    except (BadInput, ValueError, struct.error) as problem:
        log.info("the index of runs is made anew: %s", problem)
        return {}


def write(root: Path, entries: Mapping[str, Entry]) -> None:
    """Keep them; where the disk refuses, the next list is slower, and nothing else."""
    rows, texts = [], []
    for name, (stamp, row) in entries.items():
        text = name.encode("utf-8", "surrogateescape")
        numbers = (row.started, row.iterations, row.iteration)
        rows.append(_ROW.pack(*stamp, *numbers, row.reason.encode(), len(text), len(row.body)))
        texts += [text, row.body]
    data = b"".join((*rows, *texts))
    file = _file(root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, _HEAD.pack(_version(), zlib.crc32(data), len(rows)) + data)
    except OSError as problem:
        log.info("the index of runs is not kept: %s", problem)


def is_settled(stamp: Stamp) -> bool:
    """Whether all that a stamp tells of was written long enough ago to be told apart from now."""
    newest = max(stamp[:TIMES])
    return newest < (time.time() - SETTLED_SECONDS) * 1e9


def _entries(data: bytes) -> Iterator[tuple[str, Entry]]:
    version, checksum, count = _HEAD.unpack_from(data)
    if version != _version():
        raise ValueError("it was made by another version, or with other parts")
    if zlib.crc32(memoryview(data)[_HEAD.size :]) != checksum:
        raise ValueError("its checksum is not the recorded one")
    at = _HEAD.size + count * _ROW.size
    for values in _ROW.iter_unpack(memoryview(data)[_HEAD.size : at]):
        end = at + values[-2]
        name = data[at:end].decode("utf-8", "surrogateescape")
        at = end + values[-1]
        started, iterations, iteration, reason = values[NUMBERS:-2]
        why = reason.rstrip(b"\0").decode()
        yield name, Entry(values[:NUMBERS], Row(started, iterations, iteration, why, data[end:at]))


def _file(root: Path) -> Path:
    """In the cache: the runs may lie where nothing can be written."""
    place = hashlib.sha256(str(root.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return places.cache("runs", f"{place[:24]}.index")


def _version() -> bytes:
    """Of what reads a run: the layout, the program, and the parts that a configuration may name."""
    parts = [
        (kind, name, str(registry.get(kind, name).origin))
        for kind in registry.KINDS
        for name in registry.names(kind)
    ]
    return hashlib.sha256(repr((LAYOUT, __version__, parts)).encode()).digest()
