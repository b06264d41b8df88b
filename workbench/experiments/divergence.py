"""When a training has diverged, and what its last event says."""

from __future__ import annotations

import math

from workbench.core.events import Event, Finished, Halt, Halted, Noticed, Reason, StepDone
from workbench.experiments.config import ExperimentConfig


def is_finite(step: StepDone) -> bool:
    return math.isfinite(step.gradient_norm) and math.isfinite(step.query_loss)


def diverged(step: StepDone, config: ExperimentConfig) -> Finished:
    """The step did not move the weights, and no checkpoint is made of it."""
    rate = getattr(config.algorithm, "inner_rate", None)
    known = "" if rate is None else f" (inner rate α = {rate:g})"
    return Finished(
        Reason.DIVERGED,
        step.iteration,
        f"The meta-gradient is not finite at iteration {step.iteration}{known}. The last "
        "checkpoint is untouched; try a smaller inner rate, fewer inner steps or a gradient limit.",
    )


def unattended(event: Event, said: type[Noticed] = Noticed) -> Event:
    """Nobody is asked what to do with a run that diverges: its best weights are measured."""
    if isinstance(event, Halted) and event.cause is Halt.DIVERGED:
        return said(event.iteration, event.message)
    return event
