"""What the workbench can offer: one entry for each task family, model and algorithm."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

from workbench.core.errors import BadInput, brief
from workbench.core.limits import MAX_TEXT
from workbench.core.marked import marked
from workbench.core.params import Params

Kind = Literal["task", "model", "algorithm"]
KINDS: tuple[Kind, ...] = ("task", "model", "algorithm")

Built = TypeVar("Built", bound=Callable[..., Any])


class Origin(NamedTuple):
    """The package outside the program that a part comes from."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


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
    origin: Origin | None = None
    """None for what comes with the program."""


Key = tuple[Kind, str]
_entries: dict[Key, Entry] = {}
_absent: dict[Key, Callable[[], BadInput]] = {}
"""Parts that are known of and not there, with what is to be said of them."""
_origin: Origin | None = None


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
        _entries[kind, name] = Entry(kind, name, title, summary, params, build, reason, _origin)
        return build

    return keep


@contextmanager
def coming_from(origin: Origin) -> Iterator[Callable[[], dict[Key, Entry]]]:
    """What is registered inside comes from that package; the result tells what that is so far.

    Where anything is raised inside, nothing of it stays. For one thread at a time.
    """
    global _origin
    before = set(_entries)
    _origin = origin
    try:
        yield lambda: {key: entry for key, entry in _entries.items() if key not in before}
    except BaseException:
        for key in _entries.keys() - before:
            del _entries[key]
        raise
    finally:
        _origin = None


def say_absent(kind: Kind, name: str, problem: Callable[[], BadInput] | None) -> None:
    """What `get` raises for a part that is not there; None forgets it."""
    if problem is None:
        _absent.pop((kind, name), None)
    else:
        _absent[kind, name] = problem


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
            marked("{0} is not a name").format(brief(name)),
            marked("Choose one of {0}").format(", ".join(names(kind))),
        )
    if (kind, name) in _entries:
        return _entries[kind, name]
    if (kind, name) in _absent:
        raise _absent[kind, name]()
    raise unknown(f"{kind}.name", name, names(kind))


def unknown(where: str, name: str, known: tuple[str, ...]) -> BadInput:
    """The error for a name that is not among the known ones, with the nearest ones suggested."""
    near = difflib.get_close_matches(name[:MAX_TEXT], known, n=2)
    hint = (
        marked("Did you mean {0}?").format(" or ".join(near))
        if near
        else marked("Choose one of {0}").format(", ".join(known))
    )
    return BadInput(where, marked("there is no {0}").format(brief(name)), hint)


def load_modules(package: str, path: Iterable[str]) -> None:
    """Import every module of a package, so that each registers what it offers."""
    for module in pkgutil.iter_modules(path):
        importlib.import_module(f"{package}.{module.name}")
