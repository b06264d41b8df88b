"""Whether a run was written since it was last looked at: times and sizes of what the list reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Stamp = tuple[int, ...]
"""Times first, in nanoseconds; then of each file its size and its number on the disk."""
LOOKED_AT = ("", "/checkpoints", "/config.json", "/run.json", "/result.json")
"""The directories, whose times tell of what was put there or replaced, and the files."""
TIMES = len(LOOKED_AT)
NUMBERS = TIMES + 2 * 3


@contextmanager
def stamps(root: Path) -> Iterator[Callable[[str], Stamp]]:
    """Asks for the stamp of a run by its name below the root, once for each while inside."""
    handle = _opened(root)
    start = "" if handle is not None else f"{root}{os.sep}"
    seen: dict[str, Stamp] = {}

    def facts(path: str) -> os.stat_result | None:
        try:
            return os.stat(start + path, dir_fd=handle)
        except (OSError, ValueError):
            return None

    def stamp_of(name: str) -> Stamp:
        if name not in seen:
            seen[name] = _stamp([facts(name + part) for part in LOOKED_AT])
        return seen[name]

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


def _stamp(facts: list[os.stat_result | None]) -> Stamp:
    times = [0 if one is None else one.st_mtime_ns for one in facts]
    files = facts[2:]
    sizes = [-1 if one is None else one.st_size for one in files]
    numbers = [0 if one is None else one.st_ino for one in files]
    return (*times, *sizes, *numbers)
