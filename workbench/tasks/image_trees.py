"""Trees of image files, in a folder or in a zip archive, read within limits.

An archive is never unpacked: its members are read one by one, so neither a path that leads out of
it nor a link in it can reach the disk.
"""

from __future__ import annotations

import math
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
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks import archives, folders
from workbench.tasks.archives import Member
from workbench.tasks.image_bytes import MAX_BYTES
from workbench.tasks.image_extras import readable_suffixes
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.pictures import ImageStyle, decode, without_warnings

SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp",
     ".pgm", ".ppm", ".pbm", ".pnm", ".avif")
)  # fmt: skip
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
    split: str = ""
    """The one that the data puts it into; empty for none."""
    stamp: str = ""
    """See `archives.Member`; empty where pixels come of no file of their own."""


@dataclass(frozen=True)
class Tree:
    """What stands in a folder or an archive; nothing hidden, nothing of the system's."""

    images: list[ImageFile]
    beside: list[Member]
    """All other files."""


def _file(place: PurePosixPath, member: Member) -> ImageFile:
    parent = str(place.parent)
    return ImageFile(place, member.size, member.read, parent, stamp=member.stamp)


@contextmanager
def image_files(root: Path, report: Report) -> Iterator[list[ImageFile]]:
    """All image files below a folder or in a zip archive, sorted, readable while it is open.

    Raises `BadInput` at ``task.root`` when nothing can be read.
    """
    with tree(root, report) as found:
        yield found.images


@contextmanager
def tree(root: Path, report: Report) -> Iterator[Tree]:
    """As `image_files`, with the other files, in the order of their places."""
    with ExitStack() as stack:
        suffixes = SUFFIXES.union(readable_suffixes())
        images, beside = [], []
        for member in _members(root, report, stack):
            place = PurePosixPath(member.name)
            if place.suffix.lower() in suffixes:
                images.append(_file(place, member))
            else:
                beside.append(member)
        # A class stands together, also where it has classes below it.
        yield Tree(sorted(images, key=lambda file: (file.place.parent, file.place)), beside)


def _members(root: Path, report: Report, stack: ExitStack) -> Iterator[Member]:
    with readable(root):
        if root.is_dir():
            yield from folders.members(root, report, lambda place: True)
            return
    for member in archives.members(root, stack):
        if not any(map(folders.is_hidden, PurePosixPath(member.name).parts)):
            yield member


@contextmanager
def readable(root: Path) -> Iterator[None]:
    """What the system refuses of a root is the fault of ``task.root``."""
    try:
        yield
    except OSError as error:
        remedy = marked("Choose a folder or a .zip archive")
        raise BadInput(
            "task.root", marked("{0} cannot be read ({1})").format(root, error.strerror), remedy
        ) from error


class Tally:
    """Which classes files were of, and which could not be read, in their order."""

    def __init__(self) -> None:
        self._counts, self._skipped = Counter[tuple[str, str]](), list[str]()

    def decoded(
        self, files: Sequence[ImageFile], style: ImageStyle, report: Report
    ) -> Iterator[torch.Tensor]:
        """``[C, H, W]`` of every file that can be read.

        Files must be sorted, so that a class of a split stands together.
        """
        with without_warnings(), ThreadPoolExecutor(2) as workers:
            for start in range(0, len(files), REPORT_EVERY):
                report(f"Reading images: {start} of {len(files)}", start / len(files))
                chunk = files[start : start + REPORT_EVERY]
                found = workers.map(partial(read_image, style), chunk)
                for file, pixels in zip(chunk, found, strict=True):
                    if isinstance(pixels, str):
                        self._skipped.append(f"{file.place}: {pixels}")
                        continue
                    self._counts[file.split, file.class_name] += 1
                    yield pixels

    @property
    def count(self) -> int:
        """Files that could be read."""
        return self._counts.total()

    def pool(self, images: torch.Tensor) -> ImagePool:
        """Of the pictures ``[M, C, H, W]`` that were `decoded`."""
        starts = tuple(accumulate(self._counts.values(), initial=0))
        names = tuple(printable(name) for _, name in self._counts)
        given = tuple(split for split, _ in self._counts)
        return ImagePool(images, names, starts, given if any(given) else ())

    @property
    def notes(self) -> tuple[str, ...]:
        return told(self._skipped)


def load_pool(
    files: Sequence[ImageFile], style: ImageStyle, report: Report
) -> tuple[ImagePool, tuple[str, ...]]:
    """Decode all files into memory; returns the pool with notes about files that were skipped.

    See `Tally.decoded`. Raises `BadInput` when they would not fit.
    """
    needed = len(files) * math.prod(style.shape)
    if needed > memory():
        problem = marked("{0:,} images take {1} at this size").format(len(files), in_words(needed))
        smaller = math.floor(style.shape[-1] * math.sqrt(memory() / needed))
        remedy = marked("Lower task.image_size, or choose fewer images")
        raise BadInput("task.root", problem, remedy, Mend("task.image_size", smaller))
    images, tally = torch.empty(len(files), *style.shape, dtype=torch.uint8), Tally()
    for place, pixels in enumerate(tally.decoded(files, style, report)):
        images[place] = pixels
    return tally.pool(images[: tally.count]), tally.notes


def as_told(lines: Sequence[str]) -> tuple[str, ...]:
    """What `told` has said, where it was kept as text."""
    return (Finding(lines[0]), *lines[1:]) if lines else ()


def told(lines: Sequence[str], what: str = "skipped") -> tuple[str, ...]:
    """How many files were skipped, and of the first ones, given as ``place: reason``, why."""
    if not lines:
        return ()
    count = "1 file was" if len(lines) == 1 else f"{len(lines):,} files were"
    named = [f"{what} {printable(line)}" for line in lines[:_NAMED]]
    more = [f"and {len(lines) - _NAMED:,} more"] if len(lines) > _NAMED else []
    return as_told((f"{count} {what}", *named, *more))


def read_image(style: ImageStyle, file: ImageFile) -> torch.Tensor | str:
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
