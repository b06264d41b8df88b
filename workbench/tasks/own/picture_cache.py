"""A user's pictures, decoded once: pixels on the disk, of which a task reads what it draws.

Two files a set below ``pictures`` in the program's cache folder, named after what they were made
of: pixels (see `kept_pixels`), and last of all a sealed file that says what is in them. A set
without the second is none.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import PIL
import torch

from workbench.core import places
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed
from workbench.core.task import Report
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.image_trees import ImageFile, Tally, as_told, load_pool
from workbench.tasks.kept_pixels import NUMBER, Facts, KeptPixels, number_of
from workbench.tasks.own.cache_room import facts_of, make_room
from workbench.tasks.pictures import ImageStyle

log = logging.getLogger(__name__)
FORMAT = 1
"""Raised whenever an older program's files would not be understood, or decoding changes."""
PROBED = 32
"""Pictures that are compared with their numbers at each start."""
MAX_FACTS = 64 * 2**20

Found = tuple[ImagePool, tuple[str, ...]]
"""The pool, and what is to be said of files that were skipped."""


def load(root: Path, files: Sequence[ImageFile], style: ImageStyle, report: Report) -> Found:
    """The pool of sorted files: as it was decoded before, or decoded now.

    Where the disk has no room, into memory; raises `BadInput` when that has none either.
    """
    if not any(file.stamp for file in files):  # they are in memory already
        return load_pool(files, style, report)
    pixels = places.cache("pictures", f"{_key(root, files, style)}.pixels")
    found = _kept(pixels)
    if found is not None:
        return found
    needed = len(files) * (math.prod(style.shape) + NUMBER)
    refused = make_room(pixels.parent, needed)
    if not refused:
        try:
            return _decoded(pixels, files, style, report)
        except OSError as error:
            refused = marked("{0} cannot be written ({1})").format(pixels.parent, error.strerror)
    log.warning("pictures are not kept: %s", refused)
    pool, notes = load_pool(files, style, report)
    return pool, (*notes, marked("Decoded anew at each start: {0}").format(refused))


def _key(root: Path, files: Sequence[ImageFile], style: ImageStyle) -> str:
    """Of place, size and times of every file, its class and split, and of how it is decoded."""
    digest = hashlib.sha256(repr((FORMAT, PIL.__version__, style, str(root.resolve()))).encode())
    for file in files:
        told = (str(file.place), file.size, file.stamp, file.class_name, file.split)
        digest.update(repr(told).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]


def _kept(pixels: Path) -> Found | None:
    """What was kept; nothing if there is none, or if it is damaged."""
    memo = facts_of(pixels)
    if not memo.exists():
        return None
    try:
        facts = read_sealed(memo, MAX_FACTS)
        found = _opened(pixels, facts)
        os.utime(memo)
    except (BadInput, OSError, ValueError, KeyError, TypeError) as fault:
        log.warning("pictures are decoded again: %s (%s)", pixels, fault)
        return None
    return found


def _opened(pixels: Path, facts: Facts) -> Found:
    """Raises `ValueError` where the pixels are not those that were written."""
    kept = KeptPixels(pixels, tuple(facts["shape"]), facts_of(pixels), facts)
    numbers = kept.numbers.numpy().tobytes()
    if hashlib.sha256(numbers).hexdigest() != facts["numbers"]:
        raise ValueError("its numbers are not the recorded ones")
    count = len(kept.numbers)
    for place in range(0, count, max(count // PROBED, 1)):
        if number_of(kept.images[place]) != int(kept.numbers[place]):
            raise ValueError(f"picture {place} is not the one that was decoded")
    names, given = tuple(map(str, facts["names"])), tuple(map(str, facts["given"]))
    starts = tuple(map(int, facts["starts"]))
    pool = ImagePool(kept.images, names, starts, given, kept)
    return pool, as_told(tuple(map(str, facts["notes"])))


def _decoded(pixels: Path, files: Sequence[ImageFile], style: ImageStyle, report: Report) -> Found:
    """Decode into a file; raises `OSError` where it cannot be written, and leaves nothing then.

    So it does where ``report`` raises to cancel.
    """
    tally, numbers = Tally(), list[int]()
    handle, name = tempfile.mkstemp(dir=pixels.parent, prefix=f".{pixels.name}.", suffix=".tmp")
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            for image in tally.decoded(files, style, report):
                stream.write(image.numpy().tobytes())
                numbers.append(number_of(image))
            last = torch.tensor(numbers, dtype=torch.int64).numpy().tobytes()
            stream.write(last)
        pool = tally.pool(torch.empty(0, *style.shape, dtype=torch.uint8))
        if not numbers:
            return pool, tally.notes
        half.replace(pixels)
    finally:
        half.unlink(missing_ok=True)
    facts: Facts = {
        "shape": [len(numbers), *style.shape],
        "numbers": hashlib.sha256(last).hexdigest(),
        "names": list(pool.class_names),
        "starts": list(pool.starts),
        "given": list(pool.given),
        "notes": list(tally.notes),
    }
    write_sealed(facts_of(pixels), facts)
    return _opened(pixels, facts)
