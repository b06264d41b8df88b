"""What a study has taught: how much each field decides, and its best so far, trial by trial."""

from __future__ import annotations

import math
from collections.abc import Iterator

from workbench.experiments.search.quiet import quiet
from workbench.experiments.search.study import Study
from workbench.experiments.search.trial import State, Trial

LEAST_TRIALS = 4
"""Completed ones before anything is said of importance."""


def importances(study: Study) -> dict[str, float]:
    """The share of each field in how good a trial becomes, largest first; they sum to 1.

    PED-ANOVA (Watanabe et al. 2023) on the completed trials; nothing before there are a few.
    """
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    done = [trial for trial in study.trials() if trial.state is State.COMPLETE]
    if len(done) < LEAST_TRIALS or len({trial.score for trial in done}) < 2:
        return {}
    with quiet():
        try:
            found = get_param_importances(study.found, evaluator=PedAnovaImportanceEvaluator())
        except (ValueError, RuntimeError, optuna.exceptions.OptunaError):
            return {}  # of too few different values
    return {field: share for field, share in found.items() if math.isfinite(share)}


def best_so_far(study: Study, trials: tuple[Trial, ...]) -> Iterator[tuple[int, float]]:
    """The number of each completed trial with the best validation up to it."""
    best: float | None = None
    for trial in trials:
        if trial.state is not State.COMPLETE or trial.score is None:
            continue
        if best is None or (trial.score > best if study.maximised else trial.score < best):
            best = trial.score
        yield trial.number, best
