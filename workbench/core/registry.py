"""What the workbench can offer: one entry for each task family, model and algorithm."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from workbench.core.errors import BadInput, brief
from workbench.core.limits import MAX_TEXT
from workbench.core.params import Params

Kind = Literal["task", "model", "algorithm"]
KINDS: tuple[Kind, ...] = ("task", "model", "algorithm")

Built = TypeVar("Built", bound=Callable[..., Any])


@dataclass(frozen=True)
class Entry:
    """One registered part: its parameters, and what builds it from them."""

    kind: Kind
    name: str
    title: str
    summary: str
    params: type[Params]
    build: Any
    """The class or function that makes it; an algorithm's is its class."""
    unfit: Callable[[Any], str]
    """Why it cannot take a `ProblemSpec`, in a sentence; empty where it can."""


_entries: dict[tuple[Kind, str], Entry] = {}


def register(
    kind: Kind,
    name: str,
    *,
    title: str,
    params: type[Params],
    unfit: Callable[[Any], str] = lambda spec: "",
) -> Callable[[Built], Built]:
    """Class or function decorator. The first line of the docstring becomes the summary.

    A class may say itself, in its ``unfit``, which problems it cannot take.
    """

    def keep(build: Built) -> Built:
        if (kind, name) in _entries:
            raise ValueError(f"{kind} {name!r} is registered twice")
        summary = (build.__doc__ or "").strip().split("\n")[0]
        reason = getattr(build, "unfit", unfit)
        _entries[kind, name] = Entry(kind, name, title, summary, params, build, reason)
        return build

    return keep


def names(kind: Kind) -> tuple[str, ...]:
    """The registered names of a kind, sorted."""
    return tuple(sorted(name for k, name in _entries if k == kind))


def get(kind: Kind, name: str) -> Entry:
    """The entry of that name; raises `BadInput` that lists what there is.

    A name may come straight from a file: it need not be text.
    """
    if not isinstance(name, str):
        raise BadInput(
            f"{kind}.name",
            f"{brief(name)} is not a name",
            f"Choose one of {', '.join(names(kind))}",
        )
    if (kind, name) not in _entries:
        raise unknown(f"{kind}.name", name, names(kind))
    return _entries[kind, name]


def unknown(where: str, name: str, known: tuple[str, ...]) -> BadInput:
    """The error for a name that is not among the known ones, with the nearest ones suggested."""
    near = difflib.get_close_matches(name[:MAX_TEXT], known, n=2)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Choose one of {', '.join(known)}"
    return BadInput(where, f"there is no {brief(name)}", hint)


def load_modules(package: str, path: Iterable[str]) -> None:
    """Import every module of a package, so that each registers what it offers."""
    for module in pkgutil.iter_modules(path):
        importlib.import_module(f"{package}.{module.name}")
