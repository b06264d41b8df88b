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
    attributes: frozenset[str]
    """Names of the numbers that can be set on it."""

    def refuse_missing(self, names: Iterable[str]) -> None:
        missing = [name for name in names if name not in self.attributes]
        if missing:
            raise BadInput(
                WHERE,
                marked("the environment has no number {0}").format(", ".join(missing)),
                marked("Correct the name, or set by to arguments"),
            )


def seen_of(env: Any) -> Seen:
    """Of an environment, which is closed."""
    bare = env.unwrapped
    numbers = frozenset(name for name in dir(bare) if _is_number(bare, name))
    found = Seen(Spaces(env, ENVIRONMENT), numbers)
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
def seen_of_registered(name: str, arguments: tuple[tuple[str, float], ...]) -> Seen:
    """Of a registered one, made once for an id and its arguments."""
    return seen_of(made(name, dict(arguments)))
