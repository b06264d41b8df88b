"""How much memory this machine has and this process has held, and sizes in words."""

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


def peak() -> int:
    """Bytes that this process has held at most; 0 where the system does not count them."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return _peak_of_usage()
    # What `getrusage` says here may be of the process that started this one.
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _peak_of_usage() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS


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
