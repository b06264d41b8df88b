"""Meta-learning seen from one support set: every kept checkpoint of a run, every inner step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.core.task import Task, TaskFamily
from workbench.experiments.session import learner_of
from workbench.experiments.store import Run


@dataclass(frozen=True)
class Moment:
    """One row of the map: what the learner of one checkpoint made of the support set."""

    iteration: int
    query_metric: tuple[float, ...]
    """After 0, 1, ... inner steps."""
    query_loss: tuple[float, ...]


def moments(run: Run, family: TaskFamily, task: Task, steps: int) -> Iterator[Moment]:
    """From the oldest checkpoint to the newest; a damaged one is left out."""
    episode = task.episode()
    for checkpoint in run.checkpoints():
        learner = learner_of(checkpoint, family, newest=True)
        seen = list(learner.adapt(episode, steps))
        learner.algorithm.close()
        yield Moment(
            checkpoint.iteration,
            tuple(step.query_metric for step in seen),
            tuple(step.query_loss for step in seen),
        )
