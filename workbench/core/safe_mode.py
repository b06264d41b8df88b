"""Safe mode: only what comes with the program runs, no plug-in and no file of the user's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

FLAG = "--safe-mode"
NAME = "safe mode"
REMEDY = f"Start without {FLAG}"

_on = False


def on() -> bool:
    """Whether this process was started with the flag."""
    return _on


@contextmanager
def asked_for(arguments: Sequence[str]) -> Iterator[list[str]]:
    """On inside where the flag is among the arguments; the others are the result."""
    global _on
    before, rest = _on, [argument for argument in arguments if argument != FLAG]
    _on = before or len(rest) < len(arguments)
    try:
        yield rest
    finally:
        _on = before
