"""The process that reads hostile files: told a number, it makes the input and reports the outcome.

Inputs are a function of kind, seed and number, so that any of them can be made again.
"""

from __future__ import annotations

import logging
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from benchmarks.fuzzing.doors import Door, door
from workbench.core.errors import BadInput

SAFETY = 4 * 2**30
"""Bytes that the process may grow by before the system refuses it more."""


def serve(pipe: Connection, seed: int, place: str) -> None:
    """Told kind and number, send the input's name, then ``(outcome, words, seconds, bytes)``.

    Every file is written below ``place``, which outlives the process.
    """
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)
    tempfile.tempdir = place
    folder = Path(tempfile.mkdtemp())
    while True:
        kind, number = pipe.recv()
        entry = _warm(kind, folder)
        name, data = entry.make(number, random.Random(f"{kind} {seed} {number}"))
        pipe.send(name)
        base, start = _peak(reset=True), time.process_time()
        outcome, words = _outcome(partial(entry.enter, data, folder))
        pipe.send((outcome, words, time.process_time() - start, _peak() - base))


_doors: dict[str, Door] = {}


def _warm(kind: str, folder: Path) -> Door:
    """The door of a kind; the first time its imports and caches are no input's fault."""
    if kind not in _doors:
        entry = _doors[kind] = door(kind)
        entry.enter(entry.make(0, random.Random(0))[1], folder)
        _limit(SAFETY)
    return _doors[kind]


def _outcome(attempt: Callable[[], str]) -> tuple[str, str]:
    try:
        words = attempt()
    except BadInput as fault:
        return "refused", str(fault)
    except BaseException:
        return "traceback", traceback.format_exc(limit=-6)
    return ("silent", words) if words else ("sound", "")


def _limit(more: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _peak(*, reset: bool = False) -> int:
    """The most memory that was resident since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    sys.exit("this system does not tell how much memory a process has used")
