"""Room for decoded pictures on the disk: what was not used for longest goes."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from workbench.core.capacity import in_words
from workbench.core.files import sweep
from workbench.core.marked import marked

MOST = 16 * 2**30
"""Bytes of all sets together."""
SPARE = 256 * 2**20
"""Bytes of the disk that are left free."""
LEFT_SECONDS = 24 * 3600.0
"""Half-written files older than this are nobody's any more: several processes share the cache."""


def facts_of(pixels: Path) -> Path:
    """The sealed file beside the pixels; its time is that of the last use."""
    return pixels.with_suffix(".json")


def make_room(folder: Path, needed: int) -> str:
    """Remove what was not used for longest; says why there is no room all the same."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, older_than=LEFT_SECONDS)
        sets = sorted(folder.glob("*.pixels"), key=_used)
        sizes = [file.stat().st_size for file in sets]
        total = sum(sizes)
        for pixels, size in zip(sets, sizes, strict=True):
            if total + needed <= MOST and _free(folder) >= needed:
                break
            _remove(pixels)
            total -= size
        free = min(_free(folder), MOST - total)
    except OSError as error:
        return marked("{0} cannot be written ({1})").format(folder, error.strerror)
    if free >= needed:
        return ""
    return marked("they take {0}, and {1} has room for {2}").format(
        in_words(needed), folder, in_words(max(free, 0))
    )


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free - SPARE


def _used(pixels: Path) -> float:
    """When it was used last; of pixels without facts, when they were written."""
    memo = facts_of(pixels)
    return (memo if memo.exists() else pixels).stat().st_mtime


def _remove(pixels: Path) -> None:
    for file in (facts_of(pixels), pixels):
        with contextlib.suppress(OSError):
            file.unlink()
