"""Faults of the program or the machine as one sentence for the user. `BadInput` words its own."""

from __future__ import annotations

import re

from workbench.core.errors import BadInput, CannotWrite, printable

SMALL = 0.1
_LOWER = "Lower training.meta_batch, algorithm.inner_steps or the model's sizes"

_MEMORY = re.compile(
    "out of memory|can't allocate memory|size calculation overflowed|buffer size", re.IGNORECASE
)
_SIZE = re.compile(
    r"(?:allocate|buffer size:?)\s+([\d.]+)\s*(bytes|[KMGTPE]i?B)", re.IGNORECASE | re.ASCII
)
_UNITS = {unit: 1024**power for power, unit in enumerate("KMGTPE", start=1)}


def sentence(error: BaseException) -> str:
    """What went wrong, without a full stop; the log has the traceback."""
    if isinstance(error, BadInput):
        return str(error).rstrip(".")
    if is_out_of_memory(error):
        return _out_of_memory(str(error))
    if isinstance(error, CannotWrite):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        named = f"{printable(error.filename)}: " if error.filename else ""
        return f"{named}{error.strerror}"
    text = printable(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def is_out_of_memory(error: BaseException) -> bool:
    """Of Python, numpy, torch and CUDA; of torch's plain errors those that say so."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and _MEMORY.search(str(error)) is not None


def _out_of_memory(told: str) -> str:
    size = _gigabytes(told)
    device = "the GPU" if "CUDA" in told else "this machine"
    need = f"cannot give {size} at once" if size else "has no more to give"
    return f"out of memory: {device} {need}. {_LOWER}"


def _gigabytes(told: str) -> str:
    """The size that an allocator names, e.g. ``160 GB``; empty when it names none.

    Of a small one too: that was only the last straw.
    """
    found = _SIZE.search(told)
    if found is None:
        return ""
    number, unit = float(found[1].rstrip(".")), found[2]
    size = (number if unit.lower() == "bytes" else number * _UNITS[unit[0].upper()]) / 1e9
    if size < SMALL:
        return ""
    return f"{size:,.0f} GB" if size >= 10 else f"{size:.2g} GB"
