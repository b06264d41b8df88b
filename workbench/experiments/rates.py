"""The outer rate of every iteration: warm-up, and one of the usual schedules."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.experiments.training_params import TrainingParams


@dataclass(frozen=True)
class Moment:
    """How far a training has come when a rate is asked for."""

    iteration: int
    """Outer steps that are done."""
    seconds: float = 0.0
    """Of training."""
    plateaus: int = 0
    """How often validation has stood still, see `Standing.plateaus`."""


def outer_rate(params: TrainingParams, at: Moment) -> float:
    """The outer step size of the next step.

    Linear and cosine end at ``final_rate`` with the iterations or the seconds, whichever is nearer.
    Step multiplies by ``decay`` every ``decay_every`` iterations, plateau whenever validation has
    stood still, and neither goes below ``final_rate``. A warm-up rises along a line to the rate
    that the schedule gives.
    """
    return _warmth(params, at) * _scheduled(params, at)


def ends_at(params: TrainingParams) -> float:
    """The rate that a schedule comes to."""
    return params.outer_rate if params.schedule == "constant" else params.final_rate


def _warmth(params: TrainingParams, at: Moment) -> float:
    return min(1.0, (at.iteration + 1) / params.warm_up) if params.warm_up else 1.0


def _scheduled(params: TrainingParams, at: Moment) -> float:
    if params.schedule in ("step", "plateau"):
        times = at.plateaus if params.schedule == "plateau" else at.iteration // params.decay_every
        lowest = min(params.final_rate, params.outer_rate)
        return max(lowest, params.outer_rate * params.decay**times)
    left = {
        "constant": 1.0,
        "linear": 1 - _done(params, at),
        "cosine": 0.5 * (1 + math.cos(math.pi * _done(params, at))),
    }[params.schedule]
    last = ends_at(params)
    return last + (params.outer_rate - last) * left


def _done(params: TrainingParams, at: Moment) -> float:
    timed = at.seconds / params.seconds if params.seconds else 0.0
    return min(1.0, max(at.iteration / params.iterations, timed))
