"""What can be chosen: registered parts and presets. Loading it imports torch; see `load`."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache

from workbench.core import resources
from workbench.core.registry import unknown
from workbench.experiments.config import ExperimentConfig, load_config
from workbench.plugins import roster

DEFAULT_PRESET = "glyphs"


@dataclass(frozen=True)
class Preset:
    """A complete experiment under a name; one JSON file in ``resources/presets``."""

    name: str
    title: str
    summary: str
    config: ExperimentConfig


def load() -> None:
    """Register every task family, model and algorithm. Takes about a second the first time.

    Those of plug-ins that are trusted come after the program's own; see `plugins.roster`.
    """
    _load_own()
    roster.load()


@cache
def _load_own() -> None:
    for room in ("tasks", "models", "algorithms"):
        importlib.import_module(f"workbench.{room}")


def presets() -> tuple[Preset, ...]:
    """All presets by name."""
    load()
    return _presets()


@cache
def _presets() -> tuple[Preset, ...]:
    files = sorted(resources.path("presets").glob("*.json"))
    return tuple(_read(file.stem) for file in files)


def preset(name: str) -> Preset:
    """The preset of that name; raises `BadInput` that lists the ones there are."""
    found = {known.name: known for known in presets()}
    if name not in found:
        raise unknown("preset", name, tuple(found))
    return found[name]


def _read(name: str) -> Preset:
    values = load_config(resources.path("presets", f"{name}.json"))
    title, summary = values.pop("title"), values.pop("summary")
    return Preset(name, title, summary, ExperimentConfig.from_json(values))
