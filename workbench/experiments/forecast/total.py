"""The parts that were measured, as often as a training does each: its seconds and its memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.measured import Measured, Stretch


@dataclass(frozen=True)
class Forecast:
    """Seconds by part, and bytes."""

    preparation: float
    start: float
    """Until the first task is measured, the data's preparation not counted."""
    steps: float
    validation: float
    test: float
    checkpoints: float
    iterations: int
    """Outer steps that are taken: fewer than are set where ``training.seconds`` ends before."""
    validations: int
    memory: int
    """Bytes that a process which trains this alone holds at most; 0 where nobody counts."""
    at_most: bool = False
    """Whether it may end earlier, for want of a better validation."""
    disturbed: bool = False
    """Whether others kept the processors busy while it was measured, so that it says too much."""

    @property
    def parts(self) -> dict[str, float]:
        """In the order in which they come."""
        names = ("preparation", "start", "steps", "validation", "test", "checkpoints")
        return {name: getattr(self, name) for name in names}

    @property
    def seconds(self) -> float:
        return sum(self.parts.values())

    def to_json(self) -> dict[str, Any]:
        return {
            "seconds": self.seconds,
            "at_most": self.at_most,
            "memory_bytes": self.memory or None,
            "disturbed": self.disturbed,
            "iterations": self.iterations,
            "validations": self.validations,
            "parts": self.parts,
        }


def total(
    config: ExperimentConfig, found: Measured, *, prepared: bool = False, warm: bool = False
) -> Forecast:
    """What training this takes; ``prepared`` is the data, and ``warm`` who has trained before."""
    training = config.training
    taken = list(_taken(config, found.stretches))
    iterations = sum(count for count, _ in taken)
    # One before the first step, one at every interval, one at the end if none falls on it.
    validations = 1 + math.ceil(iterations / training.eval_interval)
    checkpoints = max(1, math.ceil(iterations / training.checkpoint_interval))
    # A training that is timed takes one gradient before its clock starts.
    untimed = found.stretches[0].seconds if found.stretches and training.seconds else 0.0
    return Forecast(
        preparation=0.0 if prepared else found.preparation,
        start=found.begin + untimed + (0.0 if warm else found.first),
        steps=sum(count * stretch.seconds for count, stretch in taken),
        validation=validations * training.eval_tasks * found.validation,
        test=training.test_tasks * found.test,
        checkpoints=checkpoints * found.checkpoint,
        iterations=iterations,
        validations=validations,
        memory=found.memory,
        at_most=bool(training.patience),
    )


def _taken(config: ExperimentConfig, stretches: list[Stretch]) -> Iterator[tuple[int, Stretch]]:
    """How many outer steps of each stretch are taken before iterations or seconds are spent."""
    training = config.training
    left = training.seconds or math.inf
    ends = [stretch.begins for stretch in stretches] + [training.iterations]
    for stretch, (begins, ends_at) in zip(stretches, pairwise(ends), strict=True):
        count = max(min(ends_at, training.iterations) - begins, 0)
        if stretch.counted > 0 and left < math.inf:
            count = min(count, math.ceil(left / stretch.counted))
        left = max(left - count * stretch.counted, 0.0)
        yield count, stretch
