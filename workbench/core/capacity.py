"""How much memory this machine has, and sizes in words."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_CGROUP = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_UNKNOWN = 8 * 2**30


@cache
def memory() -> int:
    """Bytes of memory that this process can have: the machine's, or its container's."""
    found = [_installed(), *filter(None, map(_limit, _CGROUP))]
    return min(found)


def in_words(count: float) -> str:
    """``1.5 GB`` and the like."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.0f} GB" if count >= 10 else f"{count:.2g} GB"


def _installed() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN


def _limit(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
