"""Optuna tells of every feature that is young, and of every trial, on standard error."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ALONE = threading.RLock()
"""Filters of warnings are the process's: two threads would put back each other's."""


@contextmanager
def quiet() -> Iterator[None]:
    """Without either, for as long as the block lasts."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with _ALONE, warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.filterwarnings("ignore", message="Heartbeat of storage")
        yield
