"""What is taken over from a run or a scene that is opened, and what a run records of its files.

A file is data. It can name places and leaves of the machine it was made on; only the user gives
those here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.core.params import Params, describe, recorded_fields
from workbench.core.task import TaskFamily
from workbench.experiments.config import SECTIONS, ExperimentConfig


def opened(config: ExperimentConfig) -> ExperimentConfig:
    """The configuration of a run that is opened: nothing is fetched for it."""
    none = without_leave(type(config.task))
    return config.replaced({"task": none}) if none else config


def without_leave(params: type[Params]) -> dict[str, Any]:
    """The values of a task section that let nothing be fetched."""
    return {info.name: info.default for info in describe(params) if info.fetches}


def portable(task: Mapping[str, Any], params: type[Params]) -> dict[str, Any]:
    """A task section without paths and leaves: what a scene says of the data, and no more.

    Fields are flat values, so there is nothing deeper that could hold a path.
    """
    own = {info.name for info in describe(params) if info.kind == "path" or info.fetches}
    unsaid = own | recorded_fields(params)
    return {name: value for name, value in task.items() if name not in unsaid}


def with_data(config: ExperimentConfig, family: TaskFamily) -> ExperimentConfig:
    """The configuration that is kept of a run: with what its prepared data came to."""
    settled = family.settled()
    return config.replaced({"task": settled}) if settled else config


def recorded(config: ExperimentConfig) -> ExperimentConfig:
    """The configuration that a new run keeps: files of the user's by place and content.

    Raises `BadInput` when one must not be used.
    """
    kept = {section: getattr(config, section).recorded() for section in SECTIONS}
    changes: dict[str, dict[str, Any]] = {name: values for name, values in kept.items() if values}
    return config.replaced(changes) if changes else config
