"""Quiet malloc: keep freed memory instead of returning it to the system at every large temporary.

glibc maps each block above a threshold afresh, and every first touch of a page is a fault. With
the thresholds raised the blocks are reused; the process keeps its peak until it ends.
Threads get arenas of their own, so that none waits for another's block. Only the first arena keeps
blocks of more than 64 MB; the others map them afresh whatever the thresholds. Where such blocks are
usual, one arena for all is faster though threads wait for each other (figures: docs/engine.md).
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_BYTES = 1 << 30
_OTHERS = 2
"""Arenas beside those of the workers: each keeps its peak, so that their number is bounded."""


@functools.cache
def quiet_malloc(one_arena: bool = False) -> bool:
    """Raise the thresholds once a process; False where the C library is not glibc.

    ``one_arena`` holds for the threads that begin later.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    arenas = 1 if one_arena else (os.cpu_count() or 1) + _OTHERS
    settings = {_MMAP_THRESHOLD: _BYTES, _TRIM_THRESHOLD: _BYTES, _ARENA_MAX: arenas}
    taken = [bool(mallopt(option, value)) for option, value in settings.items()]
    return all(taken)
