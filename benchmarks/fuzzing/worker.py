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
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.fuzzing.doors import door
from workbench.core.errors import BadInput

SAFETY = 4 * 2**30
"""Bytes that the process may grow by before the system refuses it more."""


def serve(pipe: Connection, kind: str, seed: int) -> None:
    """Answer numbers with ``(outcome, words, cpu seconds, bytes)`` until told None."""
    import torch

    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)
    entry = door(kind)
    _, sound = entry.make(0, random.Random(0))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        entry.enter(sound, folder)  # imports and caches are no input's fault
        _limit(SAFETY)
        pipe.send("ready")
        while (number := pipe.recv()) is not None:
            name, data = entry.make(number, random.Random(f"{kind} {seed} {number}"))
            pipe.send(name)
            base, start = _peak(reset=True), time.process_time()
            outcome, words = _outcome(lambda data=data: entry.enter(data, folder))
            pipe.send((outcome, words, time.process_time() - start, _peak() - base))


def _outcome(attempt: object) -> tuple[str, str]:
    try:
        words = attempt()  # type: ignore[operator]
    except BadInput as fault:
        return "refused", str(fault)
    except BaseException:
        return "traceback", traceback.format_exc(limit=-6)
    return ("silent", words) if words else ("sound", "")


def _limit(more: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak(*, reset: bool = False) -> int:
    """The most memory that was resident since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    sys.exit("this system does not tell how much memory a process has used")
