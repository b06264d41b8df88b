"""What differs between two configurations, and what another length does to a schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import describe
from workbench.experiments import devices
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.rates import Moment, ends_at, outer_rate

Changes = dict[str, dict[str, Any]]
"""Values to lay over a configuration, by section and field."""
LASTING = ("iterations", "seconds", "patience")
"""How long a training lasts."""


def may_change(config: ExperimentConfig) -> frozenset[str]:
    """What a run that goes on may be given anew: how long it lasts, what computes it, and where its
    data lies now."""
    lasts = {f"training.{name}" for name in LASTING}
    places = {f"task.{info.name}" for info in describe(type(config.task)) if info.kind == "path"}
    return frozenset(lasts | places | {devices.FIELD})


def allowed(config: ExperimentConfig, changes: Changes) -> Changes:
    """Of changes, those that a run that goes on may be given."""
    names = may_change(config)
    kept = {
        section: {name: value for name, value in fields.items() if f"{section}.{name}" in names}
        for section, fields in changes.items()
    }
    return {section: fields for section, fields in kept.items() if fields}


def differences(one: ExperimentConfig, other: ExperimentConfig) -> Changes:
    """What to lay over one configuration to get the other."""
    before, after = one.to_json(), other.to_json()
    changed = {
        section: {
            name: value for name, value in fields.items() if before[section].get(name) != value
        }
        for section, fields in after.items()
    }
    return {section: fields for section, fields in changed.items() if fields}


def before_and_after(one: ExperimentConfig, other: ExperimentConfig) -> dict[str, tuple[Any, Any]]:
    """The values that differ, by ``section.field``; for a record."""
    before = one.to_json()
    return {
        f"{section}.{field}": (before[section].get(field), value)
        for section, fields in differences(one, other).items()
        for field, value in fields.items()
    }


def in_words(changes: Mapping[str, Any]) -> str:
    """What `before_and_after` recorded, as flags name it: ``algorithm.inner_rate 0.4 → 4.0``."""
    told = (f"{name} {before} → {after}" for name, (before, after) in changes.items())
    return ", ".join(told)


def continued(config: ExperimentConfig, marks: Iterable[Mapping[str, Any]]) -> ExperimentConfig:
    """The settings that a run was begun with, and over them what it was given later."""
    given: Changes = {}
    for mark in marks:
        for where, (_, after) in mark.get("changes", {}).items():
            section, _, name = where.partition(".")
            given.setdefault(section, {})[name] = after
    return config.replaced(allowed(config, given))


def refuse_shorter(kept: Checkpoint, wanted: ExperimentConfig) -> None:
    """Raise `BadInput` where a run is to end before the checkpoint that it goes on from."""
    if wanted.training.iterations < kept.iteration:
        raise BadInput(
            "training.iterations",
            marked("is {0:,}, and the run has done {1:,} already").format(
                wanted.training.iterations, kept.iteration
            ),
            marked("Set {0:,} or more, or go on from an earlier checkpoint").format(kept.iteration),
        )


def rate_jump(
    iteration: int, seconds: float, recorded: ExperimentConfig, wanted: ExperimentConfig
) -> str:
    """How the outer rate goes on where its schedule has changed, in a sentence; else empty.

    ``iteration`` and ``seconds`` say how far the training has come.
    """
    before, after = recorded.training, wanted.training
    had, has = (outer_rate(params, Moment(iteration, seconds)) for params in (before, after))
    if had == has and after.schedule == before.schedule:
        return ""
    last = ends_at(after)
    return marked(
        "From iteration {0:,} on the outer rate was to be {1:.3g} and is {2:.3g}; its schedule "
        "({3}) ends at {4:.3g} at iteration {5:,}. An unbroken run of that length would have come "
        "here with other rates"
    ).format(iteration, had, has, after.schedule, last, after.iterations)
