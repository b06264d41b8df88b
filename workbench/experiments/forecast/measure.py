"""Short real trainings in this process, in a folder of their own: what every part of one costs.

The first is as short as can be and warms everything; it says how much of each part fits into the
seconds that the second is given. Imports, threads and generators of this process are then others
than before, so `apart` does it in a process of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from workbench.core.capacity import peak
from workbench.core.task import TaskFamily, unheard
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import CHUNK
from workbench.experiments.forecast.measured import Measured, Stretch
from workbench.experiments.forecast.stretches import stretches
from workbench.experiments.forecast.watch import Clock, Times, timed
from workbench.experiments.session import build_family
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.experiments.training_params import MAX_ITERATIONS

STEP_SECONDS = 3.0
EVALUATION_SECONDS = 1.5
"""Of each of three evaluations; but a whole chunk at least, whose memory counts."""

FIRST_SECONDS = 1.0
"""A preparation that takes longer may be the first of its data, which keeps what later ones use."""

_WHOLE = {
    "eval_interval": MAX_ITERATIONS,
    "checkpoint_interval": MAX_ITERATIONS,
    "patience": 0,
    "seconds": 0.0,
}
_SHORTEST = {**_WHOLE, "iterations": 1, "eval_tasks": 2, "test_tasks": 2}
_TIMED = {**_WHOLE, "iterations": MAX_ITERATIONS, "seconds": STEP_SECONDS}


def measured(config: ExperimentConfig, folder: Path, clock: Clock = time.perf_counter) -> Measured:
    """``folder`` is empty and stays the caller's; raises what preparing or training raises."""
    family, preparation = _prepared(config, clock)
    if preparation > FIRST_SECONDS:
        family, again = _prepared(config, clock)
        preparation = min(preparation, again)
    lives = _Lives(family, folder, clock)
    cold = lives.timed(config, _SHORTEST)
    parts = stretches(config)
    start = parts[0][1] if parts else config
    times = lives.timed(start, {**_TIMED, **_sizes(config, cold)})
    later = [(begins, lives.timed(own, {**_SHORTEST, **_TIMED_ALONE})) for begins, own in parts[1:]]
    found = [(begins, times) for begins, _ in parts[:1]] + later
    return Measured(
        preparation=preparation,
        first=max(cold.total - _warm(cold, times), 0.0),
        begin=times.begin,
        stretches=[
            Stretch(begins=begins, seconds=own.step, counted=own.counted_step)
            for begins, own in found
            if own.steps  # a network that is kept as it is takes none
        ],
        validation=times.task("val"),
        test=times.task("test"),
        checkpoint=times.checkpoint,
        memory=peak(),
    )


def _prepared(config: ExperimentConfig, clock: Clock) -> tuple[TaskFamily, float]:
    """The data, and the seconds that it took."""
    began = clock()
    family = build_family(config)
    family.prepare(unheard)
    return family, clock() - began


_TIMED_ALONE = {name: _TIMED[name] for name in ("iterations", "seconds")}


class _Lives:
    """One training after the other, each a run of its own."""

    def __init__(self, family: TaskFamily, folder: Path, clock: Clock) -> None:
        self._family, self._clock = family, clock
        self._folders: Iterator[Path] = (folder / f"run-{number}" for number in count())

    def timed(self, config: ExperimentConfig, lengths: Mapping[str, Any]) -> Times:
        own = config.replaced({"training": dict(lengths)})
        run = Run.create(own, next(self._folders))
        return timed(Training(own, self._family, run).events(), self._clock)


def _sizes(config: ExperimentConfig, cold: Times) -> dict[str, int]:
    """As many tasks as fit into the seconds, by whole chunks; never more than are asked for."""
    training = config.training
    # The first validation may have compiled kernels; the one at the end has not.
    costs = {"eval_tasks": cold.task("val", after=1), "test_tasks": cold.task("test")}
    return {
        name: min(getattr(training, name), _chunks(EVALUATION_SECONDS / max(cost, 1e-6)))
        for name, cost in costs.items()
    }


def _chunks(tasks: float) -> int:
    return max(1, int(tasks) // CHUNK) * CHUNK


def _warm(cold: Times, times: Times) -> float:
    """What the shortest training would have taken, had it not been the first."""
    tasks = {split: sum(n for n, _ in found) for split, found in cold.evaluations.items()}
    evaluations = sum(tasks[split] * times.task(split) for split in tasks)
    return times.begin + len(cold.steps) * times.step + evaluations + times.checkpoint
