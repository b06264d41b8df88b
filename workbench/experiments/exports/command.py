"""The command that repeats what a configuration says, as short as presets make it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from workbench.core.registry import KINDS
from workbench.experiments import catalog
from workbench.experiments.config import SECTIONS, ExperimentConfig, merged

PROGRAM = "python main.py"

Values = dict[str, dict[str, Any]]


def train_command(config: ExperimentConfig) -> str:
    """``python main.py train --preset ... --section.field value``, quoted for a shell."""
    return f"{PROGRAM} train {shlex.join(flags(config))}".rstrip()


def flags(config: ExperimentConfig) -> list[str]:
    """The flags of ``train`` that give this configuration: the preset that leaves fewest others."""
    catalog.load()
    wanted = config.to_json()
    found = [(preset.name, _over(preset.config.to_json(), wanted)) for preset in catalog.presets()]
    name, rest = min(found, key=lambda one: (len(one[1]), one[0] != catalog.DEFAULT_PRESET))
    return ["--preset", name, *rest]


def _over(base: Values, wanted: Values) -> list[str]:
    """What must be said over a base to come to what is wanted."""
    names = {kind: wanted[kind]["name"] for kind in KINDS}
    other = {kind: name for kind, name in names.items() if base[kind]["name"] != name}
    renamed: Values = {kind: {"name": name} for kind, name in other.items()}
    words = [word for kind, name in other.items() for word in (f"--{kind}.name", name)]
    return [*words, *_differing(merged(base, renamed), wanted)]


def _differing(base: Values, wanted: Values) -> Iterator[str]:
    for section in SECTIONS:
        for field, value in wanted[section].items():
            if field != "name" and (field not in base[section] or base[section][field] != value):
                yield from (f"--{section}.{field}", _text(value))


def _text(value: Any) -> str:
    """A value as a flag takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)
