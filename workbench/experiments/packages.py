"""What a record says of the plug-ins whose parts it uses, and what has become of them since.

It stands as ``packages`` beside the four sections: ``{"maml-clouds": {"version": "1.0", "parts":
["task.clouds"]}}``. It may come from anywhere, so nothing in it is believed but as words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.core import registry
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.registry import KINDS, Kind
from workbench.plugins import roster

KEY = "packages"


def used(parts: Mapping[Kind, str]) -> dict[str, Any]:
    """The packages that these parts, by kind and name, come from; as a record keeps them."""
    found: dict[str, Any] = {}
    for kind, name in parts.items():
        origin = registry.get(kind, name).origin
        if origin is not None:
            kept = found.setdefault(origin.name, {"version": origin.version, "parts": []})
            kept["parts"].append(f"{kind}.{name}")
    return found


def refuse_missing(values: Mapping[str, Any]) -> None:
    """Raise `BadInput` for a part that is not there and that a recorded package offered."""
    for kind in KINDS:
        fields = values.get(kind)
        name = fields.get("name") if isinstance(fields, Mapping) else None
        if isinstance(name, str) and name not in registry.names(kind):
            for package, version in _recorded(values, f"{kind}.{name}"):
                _refuse(kind, name, package, version)


def changed(values: Mapping[str, Any]) -> str:
    """That a package has another version than was recorded, in a sentence; empty where none has."""
    found = []
    for package, version in _recorded(values):
        plugin = roster.of(package)
        if plugin is not None and plugin.package.origin.version != version:
            now = plugin.package.origin.version
            found.append(f"the package {package} was {version} and is {now}")
    return f"numbers may differ from those recorded: {'; '.join(found)}" if found else ""


def _refuse(kind: Kind, name: str, package: str, version: str) -> None:
    plugin = roster.of(package)
    if plugin is None:
        raise BadInput(
            f"{kind}.name",
            marked("{0!r} came from the package {1} {2}, which is not installed").format(
                name, package, version
            ),
            marked("Install {0}").format(package),
        )
    registry.get(kind, name)  # says why it is not there


def _recorded(values: Mapping[str, Any], part: str = "") -> Iterator[tuple[str, str]]:
    """Name and version of every recorded package, or of those that a part came from."""
    packages = values.get(KEY)
    for name, facts in packages.items() if isinstance(packages, Mapping) else ():
        if isinstance(facts, Mapping):
            parts = facts.get("parts")
            if not part or (isinstance(parts, (list, tuple)) and part in parts):
                yield printable(name, 100), printable(facts.get("version", "?"), 60)
