"""What can wait in the queue: a new run, a run that is to go on, a race, a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from workbench.core.registry import get
from workbench.core.strict import Strict, strictly
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.race import EQUAL_ITERATIONS
from workbench.experiments.race_terms import Terms
from workbench.experiments.search.plan import Plan


@dataclass(frozen=True)
class NewRun:
    """One experiment, from drawn weights or from those of a file."""

    config: ExperimentConfig
    weights: Path | None = None


@dataclass(frozen=True)
class MoreOfRun:
    """A recorded run from its newest checkpoint on; ``config`` says how long it lasts now."""

    config: ExperimentConfig
    run: Path


@dataclass(frozen=True)
class RaceOfMany:
    """Algorithms on equal terms; ``config`` is what they share."""

    config: ExperimentConfig
    algorithms: tuple[str, ...]
    seeds: tuple[int, ...]
    terms: Terms = EQUAL_ITERATIONS


@dataclass(frozen=True)
class SearchOfMany:
    """A study of trials, for as long as its plan lets a turn of it last."""

    plan: Plan

    @property
    def config(self) -> ExperimentConfig:
        return self.plan.config


Work = NewRun | MoreOfRun | RaceOfMany | SearchOfMany


def with_config(work: Work, config: ExperimentConfig) -> Work:
    if isinstance(work, SearchOfMany):
        return replace(work, plan=replace(work.plan, config=config))
    return replace(work, config=config)


def titles(work: RaceOfMany) -> tuple[str, ...]:
    """Of the algorithms, as a person knows them."""
    return tuple(get("algorithm", name).title for name in work.algorithms)


class _File(Strict):
    kind: Literal["run", "more", "race", "search"]
    config: dict[str, Any] = Field(default_factory=dict)
    weights: str = ""
    run: str = ""
    algorithms: list[str] = Field(default_factory=list)
    seeds: list[int] = Field(default_factory=list)
    arithmetic: bool = False
    split_by_seed: bool = False
    plan: dict[str, Any] = Field(default_factory=dict)


def to_json(work: Work) -> dict[str, Any]:
    if isinstance(work, SearchOfMany):
        return {"kind": "search", "plan": work.plan.to_json()}
    config = work.config.to_record()
    if isinstance(work, NewRun):
        weights = "" if work.weights is None else str(work.weights.resolve())
        return {"kind": "run", "config": config, "weights": weights}
    if isinstance(work, MoreOfRun):
        return {"kind": "more", "config": config, "run": str(work.run)}
    return {
        "kind": "race",
        "config": config,
        "algorithms": list(work.algorithms),
        "seeds": list(work.seeds),
        "arithmetic": work.terms.arithmetic,
        "split_by_seed": work.terms.split_by_seed,
    }


def from_json(values: Mapping[str, Any], where: str) -> Work:
    """Raises `BadInput` that names the place at fault."""
    found = strictly(_File, values, where)
    if found.kind == "search":
        return SearchOfMany(Plan.from_json(found.plan, where))
    config = ExperimentConfig.from_json(found.config)
    if found.kind == "run":
        return NewRun(config, Path(found.weights) if found.weights else None)
    if found.kind == "more":
        return MoreOfRun(config, Path(found.run))
    terms = Terms(found.arithmetic, found.split_by_seed)
    return RaceOfMany(config, tuple(found.algorithms), tuple(found.seeds), terms)
