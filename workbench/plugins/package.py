"""Which packages offer parts to the workbench, read from their metadata: nothing is imported.

A package says so with entry points, in its ``pyproject.toml``. The name of an entry point is the
name that the part is registered under; its value is the module that registers it.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlparse

from workbench.core.errors import printable
from workbench.core.registry import Kind, Origin
from workbench.plugins.fingerprint import fingerprint

log = logging.getLogger(__name__)

What = Literal["task", "model", "algorithm", "face"]
GROUPS: dict[str, What] = {
    "maml_workbench.tasks": "task",
    "maml_workbench.models": "model",
    "maml_workbench.algorithms": "algorithm",
    "maml_workbench.faces": "face",
}


@dataclass(frozen=True, order=True)
class Part:
    """One entry point."""

    what: What
    name: str
    module: str

    @property
    def kind(self) -> Kind | None:
        """Its kind in the registry, which knows no faces."""
        return None if self.what == "face" else self.what

    def __str__(self) -> str:
        return f"{self.what} {printable(self.name, 60)}"


@dataclass(frozen=True)
class Package:
    """An installed distribution that offers parts."""

    name: str
    version: str
    parts: tuple[Part, ...]
    needs: frozenset[str]
    """The packages that it requires, by their names in one spelling."""
    distribution: metadata.Distribution

    @property
    def origin(self) -> Origin:
        return Origin(printable(self.name, 100), printable(self.version, 60))

    @property
    def key(self) -> str:
        """The name in one spelling: ``My_Package`` is ``my-package``."""
        return spelled(self.name)

    def __str__(self) -> str:
        return str(self.origin)

    @property
    def offers(self) -> str:
        return ", ".join(map(str, self.parts))

    @cached_property
    def edited_in(self) -> Path | None:
        """The folder it is edited in, where it was installed with ``pip install -e``."""
        try:
            told = json.loads(self.distribution.read_text("direct_url.json") or "{}")
            place = urlparse(str(told["url"]))
            editable = bool(told["dir_info"]["editable"]) and place.scheme == "file"
        except (ValueError, KeyError, TypeError):
            return None
        return Path(unquote(place.path)).resolve() if editable else None

    @cached_property
    def sha256(self) -> str:
        """What is trusted: name, version, and the files as they are; see `fingerprint`."""
        return fingerprint(self.distribution, str(self.edited_in or ""))

    def owns(self, module: str) -> bool:
        """Whether a module lies in the package, so that trust in it covers the module."""
        places = [Path(place).resolve() for place in _places(module.partition(".")[0])]
        if self.edited_in is not None:
            return any(place.is_relative_to(self.edited_in) for place in places)
        found = self.distribution.files or ()
        files = [Path(str(self.distribution.locate_file(file))).resolve() for file in found]
        return any(place in (file, *file.parents) for place in places for file in files)


def found() -> tuple[Package, ...]:
    """Every package that offers parts, by name; of two with one name Python sees the first."""
    packages: dict[str, Package] = {}
    for distribution in metadata.distributions():
        try:
            package = _read(distribution)
        except Exception:
            log.warning("the metadata of a package cannot be read", exc_info=True)
            continue
        if package is not None:
            packages.setdefault(package.key, package)
    return tuple(packages[key] for key in sorted(packages))


def spelled(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _read(distribution: metadata.Distribution) -> Package | None:
    points = [point for point in distribution.entry_points if point.group in GROUPS]
    if not points:
        return None
    parts = sorted({Part(GROUPS[point.group], point.name, point.value) for point in points})
    about: Any = distribution.metadata
    needs = frozenset(_required(distribution.requires or []))
    return Package(str(about["Name"]), str(distribution.version), tuple(parts), needs, distribution)


def _required(lines: list[str]) -> Iterator[str]:
    for line in lines:
        name = re.match(r"[A-Za-z0-9._-]+", line.strip())
        if name and "extra ==" not in line:
            yield spelled(name[0])


def _places(top: str) -> list[str]:
    """Where Python would take a top-level module from; finding it imports nothing."""
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.origin is not None and spec.has_location:
        return [spec.origin]
    return list(spec.submodule_search_locations or ())
