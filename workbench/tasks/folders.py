"""Folders of unknown origin: walked within limits, also where links lead in circles."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from workbench.core.errors import BadInput, printable
from workbench.core.files import read_file
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.archives import Member
from workbench.tasks.image_bytes import MAX_BYTES

log = logging.getLogger(__name__)

MAX_ENTRIES = 1_000_000
MAX_DEPTH = 6
"""Folders below the root."""
REPORT_EVERY = 200
OF_THE_SYSTEM = frozenset(
    ("__macosx", "@eadir", "@__thumb", "#recycle", "$recycle.bin", "lost+found",
     "system volume information", "thumbs.db", "ehthumbs.db", "desktop.ini")
)  # fmt: skip
"""What systems and servers put beside a user's files, in small letters."""


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is nobody's: hidden, or made by a system."""
    return name.startswith(".") or name.lower() in OF_THE_SYSTEM


def members(
    root: Path, report: Report, wanted: Callable[[PurePosixPath], bool]
) -> Iterator[Member]:
    """The files of wanted names below a folder; raises `BadInput` at task.root, or OSError.

    What `is_hidden` is passed over. A pipe, a device or a broken link is among them: reading it
    says what it is.
    """
    seen = {_inode(root.stat())}
    for count, (place, entry) in enumerate(_below(str(root), PurePosixPath(), MAX_DEPTH, seen)):
        if count % REPORT_EVERY == 0:
            report(f"Looking for images: {count} files", 0.0)
        if count > MAX_ENTRIES:
            raise BadInput(
                "task.root",
                marked("{0} holds more than a million files").format(root),
                marked("Choose less"),
            )
        if wanted(place) and not _is_folder(entry):
            size, stamp = _size(entry)
            read = partial(read_file, Path(entry.path), MAX_BYTES)
            yield Member(str(place), size, read, stamp)


def _below(
    folder: str, place: PurePosixPath, depth: int, seen: set[tuple[int, int]]
) -> Iterator[tuple[PurePosixPath, os.DirEntry[str]]]:
    """Everything that is not hidden with its place, in order, depth first.

    A link to a folder that was ``seen`` is passed over, so that links in a circle end.
    """
    entries = [entry for entry in _entries(folder, place) if not is_hidden(entry.name)]
    folders = [entry for entry in entries if depth and _is_folder(entry)]
    # Links last: a folder is met at its own place rather than through a link beside it.
    below = {e.name for e in sorted(folders, key=os.DirEntry.is_symlink) if _enter(e, seen)}
    for entry in entries:
        yield place / entry.name, entry
        if entry.name in below:
            yield from _below(entry.path, place / entry.name, depth - 1, seen)


def _entries(folder: str, place: PurePosixPath) -> list[os.DirEntry[str]]:
    """What is in a folder, by name; nothing where one below the root cannot be opened."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if not place.parts:
            raise
        log.warning("%s is passed over (%s)", printable(folder), error.strerror)
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _enter(entry: os.DirEntry[str], seen: set[tuple[int, int]]) -> bool:
    """Whether to look into a folder, which from now on has been seen."""
    here = _inode(entry.stat())
    fresh = here not in seen or not entry.is_symlink()
    seen.add(here)
    return fresh


def _inode(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _size(entry: os.DirEntry[str]) -> tuple[int, str]:
    """Of an ordinary file, with its times; of anything else unknown, -1."""
    try:
        found = entry.stat()
    except OSError:
        return -1, ""
    if not stat.S_ISREG(found.st_mode):
        return -1, ""
    return found.st_size, f"{found.st_mtime_ns} {found.st_ctime_ns}"
