"""Trees of image files, in a folder or in a zip archive, read within limits.

An archive is never unpacked: its members are read one by one, so neither a path that leads out of
it nor a link in it can reach the disk.
"""

from __future__ import annotations

import logging
import math
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path, PurePosixPath

import torch

from workbench.core.capacity import in_words, memory
from workbench.core.errors import BadInput, printable
from workbench.core.files import read_file
from workbench.core.task import Report
from workbench.tasks import archives
from workbench.tasks.image_bytes import MAX_BYTES
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.pictures import ImageStyle, decode, unbothered

log = logging.getLogger(__name__)

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
MAX_ENTRIES = 1_000_000
MAX_DEPTH = 6
"""Folders below the root."""
REPORT_EVERY = 200
_NAMED = 20
"""Skipped files that are told by name; of the others, how many."""


@dataclass(frozen=True)
class ImageFile:
    """An image file of a tree: its place under the root, and how to read it."""

    place: PurePosixPath
    size: int
    read: Callable[[], bytes]
    class_name: str


def _file(place: PurePosixPath, size: int, read: Callable[[], bytes]) -> ImageFile:
    return ImageFile(place, size, read, str(place.parent))


@contextmanager
def image_files(root: Path, report: Report) -> Iterator[list[ImageFile]]:
    """All image files below a folder or in a zip archive, sorted, readable while it is open.

    Hidden files are passed over. Raises `BadInput` at ``task.root`` when nothing can be read.
    """
    with ExitStack() as stack:
        found = _found(root, report, stack)
        # A class stands together, also where it has classes below it.
        yield sorted(found, key=lambda file: (file.place.parent, file.place))


def _found(root: Path, report: Report, stack: ExitStack) -> list[ImageFile]:
    with readable(root):
        if root.is_dir():
            return list(_in_folder(root, report))
    places = ((PurePosixPath(m.name), m.size, m.read) for m in archives.members(root, stack))
    return [_file(*found) for found in places if _is_image(found[0])]


@contextmanager
def readable(root: Path) -> Iterator[None]:
    """What the system refuses of a root is the fault of ``task.root``."""
    try:
        yield
    except OSError as error:
        remedy = "Choose a folder or a .zip archive"
        raise BadInput("task.root", f"{root} cannot be read ({error.strerror})", remedy) from error


def load_pool(
    files: Sequence[ImageFile], style: ImageStyle, report: Report
) -> tuple[ImagePool, tuple[str, ...]]:
    """Decode all files into one pool; returns it with notes about files that were skipped.

    Files must be sorted, so that a class stands together. Raises `BadInput` when they would not
    fit into memory.
    """
    needed = len(files) * math.prod(style.shape)
    if needed > memory():
        problem = f"{len(files):,} images take {in_words(needed)} at this size"
        raise BadInput("task.root", problem, "Lower task.image_size, or choose fewer images")
    images = torch.empty(len(files), *style.shape, dtype=torch.uint8)
    counts, skipped, kept = Counter[str](), list[str](), 0
    with unbothered(), ThreadPoolExecutor(2) as workers:
        for start in range(0, len(files), REPORT_EVERY):
            report(f"Reading images: {start} of {len(files)}", start / len(files))
            chunk = files[start : start + REPORT_EVERY]
            for file, pixels in zip(chunk, workers.map(partial(_try, style), chunk), strict=True):
                if isinstance(pixels, str):
                    skipped.append(f"{printable(file.place)}: {pixels}")
                    continue
                images[kept], kept = pixels, kept + 1
                counts[file.class_name] += 1
    starts = tuple(accumulate(counts.values(), initial=0))
    names = tuple(printable(name) for name in counts)
    return ImagePool(images[:kept], names, starts), _told(skipped)


def _told(skipped: list[str]) -> tuple[str, ...]:
    if not skipped:
        return ()
    count = "1 file was" if len(skipped) == 1 else f"{len(skipped)} files were"
    named = [f"skipped {line}" for line in skipped[:_NAMED]]
    more = [f"and {len(skipped) - _NAMED} more"] if len(skipped) > _NAMED else []
    return (f"{count} skipped", *named, *more)


def _try(style: ImageStyle, file: ImageFile) -> torch.Tensor | str:
    """The pixels, or why there are none."""
    try:
        return _decoded(file, style)
    except BadInput as error:
        return error.problem
    except (OSError, ValueError, NotImplementedError, RuntimeError) as error:
        return str(error)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        return f"cannot be unpacked ({error})"


def _decoded(file: ImageFile, style: ImageStyle) -> torch.Tensor:
    if file.size == 0:
        raise ValueError("is empty")
    if file.size > MAX_BYTES:
        raise ValueError("is larger than 64 MB")
    return decode(file.read(), style)


def _in_folder(root: Path, report: Report) -> Iterator[ImageFile]:
    seen = {_inode(root.stat())}
    for count, (place, entry) in enumerate(_walk(str(root), PurePosixPath(), MAX_DEPTH, seen)):
        if count % REPORT_EVERY == 0:
            report(f"Looking for images: {count} files", 0.0)
        if count > MAX_ENTRIES:
            raise BadInput("task.root", f"{root} holds more than a million files", "Choose less")
        if _is_image(place) and not _is_folder(entry):
            # A pipe, a device or a broken link is opened like the others, and says what it is.
            yield _file(place, _size(entry), partial(read_file, Path(entry.path), MAX_BYTES))


def _walk(
    folder: str, place: PurePosixPath, depth: int, seen: set[tuple[int, int]]
) -> Iterator[tuple[PurePosixPath, os.DirEntry[str]]]:
    """Everything that is not hidden with its place, in order, depth first.

    A link to a folder that was ``seen`` is passed over, so that links in a circle end.
    """
    entries = [entry for entry in _entries(folder, place) if not entry.name.startswith(".")]
    folders = [entry for entry in entries if depth and _is_folder(entry)]
    # Links last: a folder is met at its own place rather than through a link beside it.
    below = {e.name for e in sorted(folders, key=os.DirEntry.is_symlink) if _enter(e, seen)}
    for entry in entries:
        yield place / entry.name, entry
        if entry.name in below:
            yield from _walk(entry.path, place / entry.name, depth - 1, seen)


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


def _size(entry: os.DirEntry[str]) -> int:
    """Of an ordinary file; of anything else unknown, -1."""
    try:
        return entry.stat().st_size if entry.is_file() else -1
    except OSError:
        return -1


def _is_image(place: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
    return place.suffix.lower() in SUFFIXES and not hidden
