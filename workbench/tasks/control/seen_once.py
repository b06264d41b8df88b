"""What an environment of gymnasium is asked before anybody acts in it: once, for it takes time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.tasks.control.making import ENVIRONMENT, made
from workbench.tasks.control.spaces import Spaces
from workbench.tasks.control.varied import WHERE


@dataclass(frozen=True)
class Seen:
    spaces: Spaces
    missing: tuple[str, ...]
    """Of the names asked for those that are no numbers on it."""

    def refuse_missing(self) -> None:
        if self.missing:
            raise BadInput(
                WHERE,
                marked("the environment has no number {0}").format(", ".join(self.missing)),
                marked("Correct the name, or set by to arguments"),
            )


def seen_of(env: Any, names: Iterable[str]) -> Seen:
    """Of an environment, which is closed, and of these of its attributes."""
    missing = tuple(name for name in names if not _is_number(env.unwrapped, name))
    found = Seen(Spaces(env, ENVIRONMENT), missing)
    env.close()
    return found


def _is_number(env: Any, name: str) -> bool:
    """Or none yet; what is anything else, a method above all, would be lost by being set."""
    try:
        value = getattr(env, name)
    except Exception:  # a property's own code, which may do anything
        return False
    return value is None or (isinstance(value, Real) and not isinstance(value, bool))


@lru_cache(maxsize=64)
def seen_of_registered(
    name: str, arguments: tuple[tuple[str, float], ...], names: tuple[str, ...]
) -> Seen:
    """Of a registered one, made once for an id, its arguments and these attributes."""
    return seen_of(made(name, dict(arguments)), names)
