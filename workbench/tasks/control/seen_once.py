"""What an environment of gymnasium is asked before anybody acts in it: once, for it takes time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
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
    """Names of everything that can be set on it."""

    def refuse_missing(self, names: Iterable[str]) -> None:
        missing = [name for name in names if name not in self.attributes]
        if missing:
            raise BadInput(
                WHERE,
                marked("the environment has no {0}").format(", ".join(missing)),
                marked("Correct the name, or set by to arguments"),
            )


def seen_of(env: Any) -> Seen:
    """Of an environment, which is closed."""
    found = Seen(Spaces(env, ENVIRONMENT), frozenset(dir(env.unwrapped)))
    env.close()
    return found


@lru_cache(maxsize=64)
def seen_of_registered(name: str, arguments: tuple[tuple[str, float], ...]) -> Seen:
    """Of a registered one, made once for an id and its arguments."""
    return seen_of(made(name, dict(arguments)))
