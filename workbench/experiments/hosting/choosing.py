"""Which process trains: the window's own, or another one."""

from __future__ import annotations

from enum import StrEnum

from workbench.core import named_code
from workbench.core.registry import KINDS
from workbench.experiments import packages
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import device_of


class Place(StrEnum):
    """What a person wishes; it changes no number of a run, and so is no part of its settings."""

    AUTO = "auto"
    HERE = "here"
    APART = "apart"

    @classmethod
    def of(cls, text: str) -> Place:
        """By its value; by default what is automatic."""
        return cls(text) if text in (place.value for place in cls) else cls.AUTO


def is_apart(config: ExperimentConfig, wished: Place) -> bool:
    """Whether it is trained in a process of its own.

    By default what could take the window with it: a GPU's driver and memory, and code that does
    not come with the program. Raises `BadInput` for a device that is not there.
    """
    if wished is not Place.AUTO:
        return wished is Place.APART
    return device_of(config.training.device).type != "cpu" or _runs_others_code(config)


def _runs_others_code(config: ExperimentConfig) -> bool:
    parts = {kind: getattr(config, kind).name for kind in KINDS}
    return named_code.names_any(config.complete()) or bool(packages.used(parts))
