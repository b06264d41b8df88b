"""Quiet malloc: keep freed memory instead of returning it to the system at every large temporary.

glibc maps each block above a threshold afresh, and every first touch of a page is a fault. With
the thresholds raised the blocks are reused; the process keeps its peak until it ends.
"""

from __future__ import annotations

import ctypes
import functools
import platform

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_BYTES = 1 << 30


@functools.cache
def quiet_malloc() -> bool:
    """Raise the thresholds once a process; False where the C library is not glibc."""
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _BYTES)) and bool(mallopt(_TRIM_THRESHOLD, _BYTES))
