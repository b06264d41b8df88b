"""Whether what a package registers can be used: said when it is loaded, not in a form or a run."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from workbench.core.algorithm import Algorithm
from workbench.core.params import Params, describe, problems
from workbench.core.registry import Entry, Key
from workbench.core.task import ProblemSpec
from workbench.plugins.package import Package


class Unsound(Exception):
    """What is wrong with a package, in words for the person who uses it."""


def check(package: Package, fresh: Mapping[Key, Entry]) -> None:
    """That it registers what its entry points name and no more, each part usable.

    Raises `Unsound`.
    """
    announced = {(part.kind, part.name) for part in package.parts if part.kind is not None}
    for kind, name in sorted(announced - fresh.keys()):
        raise Unsound(f"registers no {kind} {name!r}, which its entry points name")
    for kind, name in sorted(fresh.keys() - announced):
        raise Unsound(f"registers the {kind} {name!r}, which none of its entry points names")
    for entry in fresh.values():
        _check_part(entry)


def _check_part(entry: Entry) -> None:
    what = f"the {entry.kind} {entry.name!r}"
    if not (isinstance(entry.params, type) and issubclass(entry.params, Params)):
        raise Unsound(f"{what} has params that derive from no Params class")
    try:
        params = entry.params.model_validate({"name": entry.name})
    except ValidationError as error:
        problem = problems(error, entry.name)[0]
        raise Unsound(f"{what} has unsound defaults ({problem})") from error
    if getattr(params, "name", None) != entry.name:
        raise Unsound(f"{what} has params without the field name = {entry.name!r}")
    for info in describe(entry.params):
        if not info.help:
            raise Unsound(f"{what} has a parameter {info.name!r} without a line of help")
    _check_build(entry, params, what)


def _check_build(entry: Entry, params: Params, what: str) -> None:
    if entry.kind == "algorithm":
        if not (isinstance(entry.build, type) and issubclass(entry.build, Algorithm)):
            raise Unsound(f"{what} is no class that derives from Algorithm")
    elif entry.kind == "task" and not isinstance(entry.build(params).spec, ProblemSpec):
        raise Unsound(f"{what} has a spec that is no ProblemSpec")
