"""What ``evaluate`` measures on, and another run measured beside the first on the same tasks."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.cli import consent
from workbench.cli.arguments import steps_of
from workbench.cli.numbers import difference_texts
from workbench.cli.output import opened_family, print_curve
from workbench.cli.recorded import warn_of
from workbench.cli.table import print_text
from workbench.core.algorithm import Scores
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.core.task import Split, TaskFamily
from workbench.experiments import elsewhere
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import evaluate
from workbench.experiments.paired import difference
from workbench.experiments.session import Learner, learner_of
from workbench.experiments.store import open_run

_PLACE = "Give its place with --data PATH"


@dataclass(frozen=True)
class Data:
    """The tasks to measure on, and the experiment as it is with them."""

    config: ExperimentConfig
    family: TaskFamily
    foreign: bool = False
    """Whether it is another family's than that of the training."""

    def shaping(self, recorded: ExperimentConfig, what: str) -> TaskFamily:
        """What the learner is built for; a few need the data that they were trained on."""
        if self.foreign and get("algorithm", recorded.algorithm.name).build.shaped_by_data:
            return opened_family(recorded, what, "Put the data there")
        return self.family

    def variant(self) -> tuple[str, ...]:
        return (elsewhere.variant(self.config),) if self.foreign else ()

    def described(self) -> dict[str, Any]:
        return elsewhere.described(self.config, self.family)


def data_of(given: argparse.Namespace, recorded: ExperimentConfig) -> Data:
    """The run's own data, or with ``--on`` that of another family."""
    if given.on is None:
        place = {} if given.data is None else {"root": given.data}
        config = recorded.replaced({"task": place})
        consent.ask(config)
        return Data(config, opened_family(config, str(given.recorded), _PLACE))
    if given.split != "test":
        raise BadInput("--split", "all classes of other data are for the test", "Leave it out")
    root = None if given.data is None else Path(given.data)
    config = elsewhere.elsewhere(recorded, given.on, root)
    consent.ask(config)

    def build(config: ExperimentConfig) -> TaskFamily:
        return elsewhere.for_test_alone(config, recorded)

    data = Data(config, opened_family(config, "--on", _PLACE, build), foreign=True)
    about = data.described()
    title, place = get("task", config.task.name).title, about["root"]
    at = f" at {place}" if place not in ("", ".") else ""
    print_text(f"\nOn other data: all {about['classes']:,} classes of {title}{at}")
    return data


def measure(
    learner: Learner, data: Data, split: Split, tasks: int, steps: int, seed: int
) -> tuple[Curve, Scores]:
    try:
        return evaluate(
            learner.algorithm,
            data.family,
            learner.weights,
            split=split,
            tasks=tasks,
            steps=steps,
            seed=seed,
        )
    finally:
        learner.algorithm.close()


def against(
    given: argparse.Namespace, data: Data, curve: Curve, scores: Scores, seed: int
) -> dict[str, Any]:
    """Measure ``--against`` on the tasks of ``curve``, and tell what lies between the two."""
    other = open_run(given.against)
    checkpoint = other.load_checkpoint()
    recorded = ExperimentConfig.from_json(checkpoint.config)
    task = {"task": data.config.to_json()["task"]}
    training = {"transductive": False} if given.one_at_a_time else {}
    config = recorded.replaced({**task, "training": training})
    consent.ask(config)
    warn_of(checkpoint, None if data.foreign else data.family)
    learner = _other_learner(
        replace(checkpoint, config=config.to_json()), data.shaping(recorded, str(given.against))
    )
    steps = steps_of(given.steps if config.takes_steps else None, learner)
    theirs, their_scores = measure(learner, data, given.split, curve.tasks, steps, seed)
    metrics = theirs.to_json()
    print_curve(metrics, f"{given.against}: ")
    found = difference(scores.metric[:, -1], their_scores.metric[:, -1], curve.metric)
    told = found.to_json()
    mean, median = difference_texts(curve.metric, told)
    print_text(
        f"\n{given.recorded} minus {given.against}, task by task: "
        f"{mean}, median {median}; "
        f"better on {found.better:,} of {found.tasks:,} tasks, worse on {found.worse:,}."
    )
    return {"run": str(other.path.resolve()), "metrics": metrics, "difference": told}


def _other_learner(checkpoint: Any, family: TaskFamily) -> Learner:
    try:
        return learner_of(checkpoint, family)
    except BadInput as error:
        if error.where != "checkpoint":
            raise
        raise BadInput(
            "--against",
            "cannot take these tasks: its weights are for other sizes",
            "Name a run with as many classes and images of the same form",
        ) from error
