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
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks import archives, folders
from workbench.tasks.image_bytes import MAX_BYTES
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.pictures import ImageStyle, decode, without_warnings

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
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
            found = folders.members(root, report, _is_image)
            return [_file(PurePosixPath(m.name), m.size, m.read) for m in found]
    places = ((PurePosixPath(m.name), m.size, m.read) for m in archives.members(root, stack))
    return [_file(*found) for found in places if _is_image(found[0])]


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


def load_pool(
    files: Sequence[ImageFile], style: ImageStyle, report: Report
) -> tuple[ImagePool, tuple[str, ...]]:
    """Decode all files into one pool; returns it with notes about files that were skipped.

    Files must be sorted, so that a class stands together. Raises `BadInput` when they would not
    fit into memory.
    """
    needed = len(files) * math.prod(style.shape)
    if needed > memory():
        problem = marked("{0:,} images take {1} at this size").format(len(files), in_words(needed))
        raise BadInput(
            "task.root", problem, marked("Lower task.image_size, or choose fewer images")
        )
    images = torch.empty(len(files), *style.shape, dtype=torch.uint8)
    counts, skipped, kept = Counter[str](), list[str](), 0
    with without_warnings(), ThreadPoolExecutor(2) as workers:
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


def _is_image(place: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
    return place.suffix.lower() in SUFFIXES and not hidden
