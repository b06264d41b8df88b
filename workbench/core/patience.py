"""Waiting for something that may never end, said to whoever asked for it.

Whoever has a place to say it gives a listener for what its thread does; it may raise to give up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, float], None]
"""Takes a sentence, and the share of the patience that is spent."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """What this thread waits for inside is told to ``listener``."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(sentence: str, spent: float) -> None:
    """Say what is waited for; raises what the listener raises to give up."""
    listener = _listener.get()
    if listener is not None:
        listener(sentence, spent)
