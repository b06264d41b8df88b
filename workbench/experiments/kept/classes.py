"""The classes of every task, as a file of ``evaluations`` keeps them."""

from __future__ import annotations

from typing import Any


def classes_of(held: Any) -> tuple[tuple[str, ...], ...]:
    """Names, label by label, a task each, from what `draws.described` tells; empty for None."""
    if held is None:
        return ()
    names = [str(name) for name in held["names"]]
    return tuple(tuple(names[int(place)] for place in line.split()) for line in held["of"])
