"""The plug-ins of this process: which were found, and what became of each.

FOUND -> OFF (safe mode) | UNTRUSTED -> LOADED | FAILED; what is loaded or has failed stays so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from workbench.core import registry, safe_mode, trust
from workbench.core.errors import BadInput, printable
from workbench.plugins.importing import take_parts
from workbench.plugins.package import Package, Part, found
from workbench.plugins.soundness import Unsound

log = logging.getLogger(__name__)


class State(Enum):
    OFF = "off"
    UNTRUSTED = "not trusted"
    LOADED = "trusted"
    FAILED = "failed"


@dataclass(frozen=True)
class Plugin:
    """A package, what became of it, and for one that failed why."""

    package: Package
    state: State
    problem: str = ""

    @property
    def sentence(self) -> str:
        """What keeps it out; empty where nothing does."""
        said = {
            State.OFF: f"is off in {safe_mode.NAME}",
            State.UNTRUSTED: "has not been trusted by you",
            State.FAILED: self.problem,
            State.LOADED: "",
        }
        return said[self.state]


class AbsentPart(BadInput):
    """A part that a package offers which is not loaded."""

    def __init__(self, part: Part, plugin: Plugin) -> None:
        remedies = {
            State.OFF: safe_mode.REMEDY,
            State.UNTRUSTED: "Trust the package, in About or at the command line, or choose "
            "another part",
            State.FAILED: "Mend or update the package, or choose another part",
            State.LOADED: "",
        }
        said = f"{part.name!r} comes from the package {plugin.package}, which {plugin.sentence}"
        super().__init__(f"{part.kind}.name", said, remedies[plugin.state])
        self.plugin = plugin


class Roster:
    """Packages by name; `load` may be called again, after trust was given."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._plugins: dict[str, Plugin] | None = None

    def plugins(self) -> tuple[Plugin, ...]:
        """All that were found, by name; none before the first `load`."""
        return tuple((self._plugins or {}).values())

    def load(self) -> None:
        """Look for packages, the first time; import those that are trusted and not yet there.

        The program's own parts are registered before.
        """
        with self._lock:
            if self._plugins is None:
                self._plugins = {p.key: Plugin(p, _first_state()) for p in found()}
            for key in _in_order(self._plugins):
                self._settle(key)

    def fail(self, plugin: Plugin, problem: str) -> None:
        """A part of it has turned out unusable: a face, which only the window takes."""
        with self._lock:
            self._keep(replace(plugin, state=State.FAILED, problem=problem))

    def _settle(self, key: str) -> None:
        assert self._plugins is not None
        plugin = self._plugins[key]
        if plugin.state is State.UNTRUSTED and trust.is_trusted(plugin.package.sha256):
            try:
                self._refuse_lacking(plugin.package)
                take_parts(plugin.package)
                plugin = replace(plugin, state=State.LOADED)
            except Unsound as error:
                log.error("the package %s is left out", plugin.package, exc_info=error)
                plugin = replace(plugin, state=State.FAILED, problem=printable(error))
        self._keep(plugin)

    def _refuse_lacking(self, package: Package) -> None:
        """A package that needs another plug-in comes after it, or not at all."""
        assert self._plugins is not None
        for key in sorted(package.needs & self._plugins.keys()):
            other = self._plugins[key]
            if other.state is not State.LOADED:
                raise Unsound(f"needs the package {other.package}, which is {other.state.value}")

    def _keep(self, plugin: Plugin) -> None:
        assert self._plugins is not None
        self._plugins[plugin.package.key] = plugin
        loaded = plugin.state is State.LOADED
        for part in plugin.package.parts:
            if part.kind is not None:
                problem = None if loaded else partial(AbsentPart, part, plugin)
                registry.say_absent(part.kind, part.name, problem)


def _first_state() -> State:
    return State.OFF if safe_mode.on() else State.UNTRUSTED


def _in_order(plugins: dict[str, Plugin]) -> Iterable[str]:
    """Every package after those that it needs; in a circle of needs, as they come."""
    placed: dict[str, None] = {}

    def place(key: str, above: frozenset[str]) -> None:
        for needed in sorted(plugins[key].package.needs & plugins.keys() - above):
            place(needed, above | {needed})
        placed[key] = None

    for key in plugins:
        place(key, frozenset({key}))
    return placed


_roster = Roster()


def load() -> None:
    """See `Roster.load`."""
    _roster.load()


def plugins() -> tuple[Plugin, ...]:
    """See `Roster.plugins`."""
    return _roster.plugins()


def fail(plugin: Plugin, problem: str) -> None:
    """See `Roster.fail`."""
    _roster.fail(plugin, problem)


def of(origin_name: str) -> Plugin | None:
    """The plug-in of that package, if it is installed."""
    return next((p for p in plugins() if p.package.origin.name == origin_name), None)
