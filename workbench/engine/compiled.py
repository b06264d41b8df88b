"""How the kernels are compiled: without the GIL, once a machine, NaN kept as NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numpy.typing import NDArray

Array = NDArray[Any]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])
_kernels: list[Any] = []

# Sums may be reordered, for speed; NaN and infinity stay what they are, since divergence is
# a result to be shown.
_OPTIONS: Any = {
    "nogil": True,
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    "error_model": "numpy",
}


def kernel(function: Kernel) -> Kernel:
    """Compile at the first call for each kind of array, and keep the code for the next start."""
    try:
        made: Kernel = numba.njit(function, cache=True, **_OPTIONS)
    except RuntimeError:  # no folder to write the cache to
        made = numba.njit(function, **_OPTIONS)
    _kernels.append(made)
    return made


def compiled_here() -> bool:
    """Whether this process compiled a kernel that was not on the disk."""
    return any(made.stats.cache_misses for made in _kernels)


def answers() -> bool:
    """Whether a kernel compiles and runs here."""

    twice = numba.njit(lambda value: 2 * value, **_OPTIONS)
    return bool(twice(1.0) == 2.0)
