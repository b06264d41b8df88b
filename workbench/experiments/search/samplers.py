"""Samplers and pruners of Optuna, with what they are given here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from workbench.core.seeds import derive
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.quiet import quiet
from workbench.experiments.search.space import Choices, Dimension, Value, has, with_values

if TYPE_CHECKING:
    import optuna

STARTUP_TRIALS = 10
"""Drawn at random before TPE and the Gaussian process use what was found: Optuna's own number."""


def sampler_of(plan: Plan, worker: str) -> optuna.samplers.BaseSampler:
    """Processes that work on one study at a time must draw differently: each is a ``worker``."""
    import optuna

    seed = derive(plan.seed, "search", worker) % 2**32
    with quiet():
        if plan.sampler == "tpe":
            return optuna.samplers.TPESampler(
                seed=seed,
                n_startup_trials=STARTUP_TRIALS,
                multivariate=True,
                group=True,
                constant_liar=True,
            )
        if plan.sampler == "gp":
            return optuna.samplers.GPSampler(seed=seed, n_startup_trials=STARTUP_TRIALS)
    return optuna.samplers.RandomSampler(seed=seed)


def pruner_of(plan: Plan) -> optuna.pruners.BasePruner:
    """Both judge a trial by its validations, in outer steps."""
    import optuna

    if plan.pruner == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=5)
    if plan.pruner == "hyperband":
        training = plan.config.training
        return optuna.pruners.HyperbandPruner(
            min_resource=training.eval_interval, max_resource=training.iterations
        )
    return optuna.pruners.NopPruner()


def suggested(trial: optuna.Trial, plan: Plan) -> dict[str, Value]:
    """Values for the fields that the experiment has, given the parts that were drawn."""
    drawn: dict[str, Value] = {}
    config = plan.config
    for one in plan.space:
        if has(config, one.field):
            drawn[one.field] = _drawn(trial, one)
            if one.field.endswith(".name"):
                config = with_values(config, {one.field: drawn[one.field]})
    return drawn


def _drawn(trial: optuna.Trial, one: Dimension) -> Value:
    if isinstance(one, Choices):
        return cast(Value, trial.suggest_categorical(one.field, one.values))
    if one.whole:
        return trial.suggest_int(one.field, int(one.low), int(one.high), log=one.log)
    return trial.suggest_float(one.field, one.low, one.high, log=one.log)


def grid(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every combination once; a field that an experiment lacks makes none of its own."""
    seen = set()
    axes = [[(one.field, v) for v in one.points(plan.points)] for one in plan.space]
    for combination in itertools.product(*axes):
        point: dict[str, Any] = {}
        config = plan.config
        for field, value in combination:
            if has(config, field):
                point[field] = value
                if field.endswith(".name"):
                    config = with_values(config, {field: value})
        key = tuple(point.items())
        if key not in seen:
            seen.add(key)
            yield point
