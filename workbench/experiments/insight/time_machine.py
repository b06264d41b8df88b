"""Meta-learning seen from one support set: every kept checkpoint of a run, every inner step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.core.task import Task, TaskFamily
from workbench.experiments.session import Learner, learner_of, refitted, untrained
from workbench.experiments.store import Run


@dataclass(frozen=True)
class Moment:
    """One row of the map: what the learner of one checkpoint made of the support set."""

    iteration: int
    query_metric: tuple[float, ...]
    """After 0, 1, ... inner steps."""
    query_loss: tuple[float, ...]
    kept: bool = True
    """Whether a checkpoint holds these weights; else they are the freshly initialised ones."""


def moments(run: Run, family: TaskFamily, task: Task, steps: int) -> Iterator[Moment]:
    """From the untrained weights to the newest checkpoint; a damaged one is left out.

    Where the task is of another number of classes than the family, every head starts anew.
    """
    if 0 not in run.iterations():
        yield _moment(untrained(run.config(), family), family, task, steps, kept=False)
    for checkpoint in run.checkpoints():
        yield _moment(learner_of(checkpoint, family, newest=True), family, task, steps)


def _moment(
    learner: Learner, family: TaskFamily, task: Task, steps: int, *, kept: bool = True
) -> Moment:
    """Of a learner that nobody else has; adapting to one task starts no threads to be closed."""
    fitting = family.fitting(task)
    fitted = learner if fitting is family else refitted(learner, fitting)[0]
    seen = list(fitted.adapt(task.episode(), steps))
    return Moment(
        learner.iteration,
        tuple(step.query_metric for step in seen),
        tuple(step.query_loss for step in seen),
        kept,
    )
