"""Trees of image files, in a folder or in a zip archive, read within limits.

An archive is never unpacked: its members are read one by one, so neither a path that leads out of
it nor a link in it can reach the disk.
"""

from __future__ import annotations

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

from workbench.core.errors import BadInput, printable
from workbench.core.task import Report
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.pictures import MAX_BYTES, ImageStyle, decode, unbothered

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
MAX_ENTRIES = 1_000_000
MAX_ARCHIVE_ENTRIES = 100_000
MAX_ARCHIVE_BYTES = 4 * 2**30
MAX_ARCHIVE_RATIO = 200
MAX_DEPTH = 6
"""Folders below the root; links are followed, and may lead in a circle."""
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
        yield sorted(_found(root, report, stack), key=lambda file: file.place)


def _found(root: Path, report: Report, stack: ExitStack) -> list[ImageFile]:
    try:
        if root.is_file():
            return _in_archive(root, stack.enter_context(zipfile.ZipFile(root)))
        return list(_in_folder(root, report))
    except (OSError, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(
            "task.root", f"{root} cannot be read ({reason})", "Choose a folder or a .zip archive"
        ) from error


def load_pool(
    files: Sequence[ImageFile], style: ImageStyle, report: Report
) -> tuple[ImagePool, tuple[str, ...]]:
    """Decode all files into one pool; returns it with notes about files that were skipped.

    Files must be sorted, so that a class stands together.
    """
    images = torch.empty(len(files), *style.shape, dtype=torch.uint8)
    counts, skipped, kept = Counter[str](), list[str](), 0
    with unbothered(), ThreadPoolExecutor(2) as workers:
        for start in range(0, len(files), REPORT_EVERY):
            report(f"Reading images: {start} of {len(files)}", start / len(files))
            chunk = files[start : start + REPORT_EVERY]
            for file, pixels in zip(chunk, workers.map(partial(_try, style), chunk), strict=True):
                if isinstance(pixels, str):
                    skipped.append(printable(f"{file.place}: {pixels}"))
                    continue
                images[kept], kept = pixels, kept + 1
                counts[file.class_name] += 1
    starts = tuple(accumulate(counts.values(), initial=0))
    return ImagePool(images[:kept], tuple(map(printable, counts)), starts), _told(skipped)


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
    if not root.is_dir():
        raise FileNotFoundError(2, "there is no such folder")
    for count, (place, entry) in enumerate(_walk(str(root), PurePosixPath(), MAX_DEPTH)):
        if count % REPORT_EVERY == 0:
            report(f"Looking for images: {count} files", 0.0)
        if count > MAX_ENTRIES:
            raise BadInput("task.root", f"{root} holds more than a million files", "Choose less")
        if _is_image(place):
            yield _file(place, entry.stat().st_size, Path(entry.path).read_bytes)


def _walk(
    folder: str, place: PurePosixPath, depth: int
) -> Iterator[tuple[PurePosixPath, os.DirEntry[str]]]:
    """Every file that is not hidden with its place, depth first."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_file():
                yield place / entry.name, entry
            elif depth and entry.is_dir():
                yield from _walk(entry.path, place / entry.name, depth - 1)


def _in_archive(root: Path, archive: zipfile.ZipFile) -> list[ImageFile]:
    members = archive.infolist()
    _check_archive(root, members)
    return [
        _file(PurePosixPath(member.filename), member.file_size, partial(archive.read, member))
        for member in members
        if not member.is_dir() and _is_image(PurePosixPath(member.filename))
    ]


def _check_archive(root: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    remedy = "Unpack it with a tool you trust, look inside, and choose the folder"
    if len(members) > MAX_ARCHIVE_ENTRIES:
        raise BadInput("task.root", f"{root} has more than 100,000 entries", remedy)
    if sum(member.file_size for member in members) > MAX_ARCHIVE_BYTES:
        raise BadInput("task.root", f"{root} holds more than 4 GB", remedy)
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
            raise BadInput("task.root", f"{root} names a file outside of itself: {name}", remedy)
        if member.file_size > MAX_ARCHIVE_RATIO * max(member.compress_size, 1):
            raise BadInput("task.root", f"{root} holds an archive bomb: {name}", remedy)


def _is_image(place: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
    return place.suffix.lower() in SUFFIXES and not hidden
