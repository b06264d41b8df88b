"""What Start would refuse is refused when it is lined up, and once more when its turn has come."""

from __future__ import annotations

from pathlib import Path

from workbench.core.task import TaskFamily
from workbench.experiments import budget
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.contenders import line_up
from workbench.experiments.continuing import to_go_on
from workbench.experiments.devices import device_of
from workbench.experiments.foreign import recorded
from workbench.experiments.queue.work import (
    MoreOfRun,
    NewRun,
    RaceOfMany,
    SearchOfMany,
    Work,
    with_config,
)
from workbench.experiments.search.reading import check_space
from workbench.experiments.session import build_algorithm, build_family
from workbench.experiments.starting import start_of


def admitted(work: Work, family: TaskFamily | None = None) -> Work:
    """The work as it is to be kept; ``family`` is its data where that is at hand.

    Raises `BadInput` with the sentence that Start would say.
    """
    work = recorded_as(work)
    family = family or prepared(work.config)
    if isinstance(work, SearchOfMany):
        check_space(work.plan.space, work.config)
    if isinstance(work, RaceOfMany):
        work.terms.check(work.config)
        line_up(work.config, work.algorithms, family)
    elif isinstance(work, NewRun) and work.weights is not None:
        start_of(work.weights, work.config, family)
    else:
        build_algorithm(work.config, family).close()
    return work


def recorded_as(work: Work) -> Work:
    """With its model file by place and content; raises `BadInput` where that must not run."""
    for problem in budget.problems(work.config):
        raise problem
    device_of(work.config.training.device)
    return with_config(work, recorded(work.config))


def prepared(config: ExperimentConfig) -> TaskFamily:
    family = build_family(config)
    family.prepare(_nobody_watches)
    return family


def more_of(path: Path, iterations: int | None = None) -> MoreOfRun:
    """A recorded run that is to go on, up to that iteration; raises `BadInput` where it cannot."""
    found = to_go_on(path, iterations)
    return MoreOfRun(found.config, found.run.path)


def _nobody_watches(message: str, share: float) -> None:
    """How far the data is prepared."""
