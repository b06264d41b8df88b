"""Whether a run was written since it was last looked at: times and sizes of what the list reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Stamp = tuple[int, ...]
"""Times first, in nanoseconds; then of each file its size and its number on the disk."""
LOOKED_AT = ("", "/checkpoints", "/config.json", "/result.json")
"""The directories, whose times tell of what was put there or replaced, and the files.

``run.json`` is not asked: it is written once, as a whole, and that moves the time of its directory.
"""
TIMES = len(LOOKED_AT)
NUMBERS = TIMES + 2 * 2


@contextmanager
def stamps(root: Path) -> Iterator[Callable[[str], Stamp]]:
    """Asks for the stamp of a run by its name below the root, once for each while inside."""
    handle = _opened(root)
    start = "" if handle is not None else f"{root}{os.sep}"
    seen: dict[str, Stamp] = {}

    def facts(path: str) -> os.stat_result | None:
        try:
            return os.stat(path, dir_fd=handle)
        except (OSError, ValueError):
            return None

    def stamp_of(name: str) -> Stamp:
        stamp = seen.get(name)
        if stamp is None:
            stamp = seen[name] = _stamp(*[facts(start + name + part) for part in LOOKED_AT])
        return stamp

    try:
        yield stamp_of
    finally:
        if handle is not None:
            os.close(handle)


def has_settings(stamp: Stamp) -> bool:
    """Whether there is a ``config.json``, as every run has and no race."""
    return stamp[LOOKED_AT.index("/config.json")] != 0


def _opened(root: Path) -> int | None:
    """The root, from which the way to each file is shorter; nothing where the system cannot."""
    if os.stat not in os.supports_dir_fd:
        return None
    try:
        return os.open(root, os.O_RDONLY)
    except OSError:
        return None


def _stamp(
    run: os.stat_result | None,
    checkpoints: os.stat_result | None,
    config: os.stat_result | None,
    result: os.stat_result | None,
) -> Stamp:
    if run and checkpoints and config and result:  # as nearly all are: quickly
        return (
            run.st_mtime_ns,
            checkpoints.st_mtime_ns,
            config.st_mtime_ns,
            result.st_mtime_ns,
            config.st_size,
            result.st_size,
            config.st_ino,
            result.st_ino,
        )
    times = [one.st_mtime_ns if one else 0 for one in (run, checkpoints, config, result)]
    sizes = [one.st_size if one else -1 for one in (config, result)]
    return (*times, *sizes, *[one.st_ino if one else 0 for one in (config, result)])
