"""Trees of image files, in a folder or in a zip archive, read within limits.

An archive is never unpacked: its members are read one by one, so neither a path that leads out of
it nor a link in it can reach the disk.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path, PurePosixPath

import torch

from workbench.core.errors import BadInput
from workbench.core.task import Report
from workbench.tasks.images import ImagePool
from workbench.tasks.pictures import MAX_BYTES, ImageStyle, decode

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
MAX_ENTRIES = 1_000_000
MAX_ARCHIVE_ENTRIES = 100_000
MAX_ARCHIVE_BYTES = 4 * 2**30
REPORT_EVERY = 200


@dataclass(frozen=True)
class ImageFile:
    """An image file of a tree: its place under the root, and how to read it."""

    place: PurePosixPath
    size: int
    read: Callable[[], bytes]

    @property
    def class_name(self) -> str:
        return str(self.place.parent)


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
    """Decode all files into one pool; returns it with a line for every file that was skipped.

    Files must be sorted, so that a class stands together.
    """
    images, names, starts, skipped = [], [], [0], []
    done = 0
    for name, members in groupby(files, key=lambda file: file.class_name):
        for file in members:
            if done % REPORT_EVERY == 0:
                report(f"Reading images: {done} of {len(files)}", done / len(files))
            done += 1
            try:
                images.append(_decoded(file, style))
            except (OSError, ValueError, zipfile.BadZipFile) as error:
                skipped.append(f"{file.place}: {error}")
        if len(images) > starts[-1]:
            names.append(name)
            starts.append(len(images))
    blank = torch.empty(0, *style.shape, dtype=torch.uint8)
    pool = torch.stack(images) if images else blank
    return ImagePool(pool, tuple(names), tuple(starts)), tuple(skipped)


def _decoded(file: ImageFile, style: ImageStyle) -> torch.Tensor:
    if file.size == 0:
        raise ValueError("is empty")
    if file.size > MAX_BYTES:
        raise ValueError("is larger than 64 MB")
    return decode(file.read(), style)


def _in_folder(root: Path, report: Report) -> Iterator[ImageFile]:
    if not root.is_dir():
        raise FileNotFoundError(2, "there is no such folder")
    for count, path in enumerate(root.rglob("*")):
        if count % REPORT_EVERY == 0:
            report(f"Looking for images: {count} files", 0.0)
        if count > MAX_ENTRIES:
            raise BadInput("task.root", f"{root} holds more than a million files", "Choose less")
        place = PurePosixPath(*path.relative_to(root).parts)
        if _is_image(place) and path.is_file():
            yield ImageFile(place, path.stat().st_size, path.read_bytes)


def _in_archive(root: Path, archive: zipfile.ZipFile) -> list[ImageFile]:
    members = archive.infolist()
    if len(members) > MAX_ARCHIVE_ENTRIES:
        raise BadInput("task.root", f"{root} has more than 100,000 entries", "Unpack it yourself")
    if sum(member.file_size for member in members) > MAX_ARCHIVE_BYTES:
        raise BadInput("task.root", f"{root} holds more than 4 GB", "Unpack it yourself")
    return [
        ImageFile(PurePosixPath(member.filename), member.file_size, partial(archive.read, member))
        for member in members
        if not member.is_dir() and _is_image(PurePosixPath(member.filename))
    ]


def _is_image(place: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
    outside = place.is_absolute() or ".." in place.parts
    return place.suffix.lower() in SUFFIXES and not hidden and not outside
