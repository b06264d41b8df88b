"""What ``evaluate`` says of its data, and another run measured on the same tasks."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor

from workbench import terminal
from workbench.cli import consent
from workbench.cli.arguments import steps_of
from workbench.cli.going_on import warn_of
from workbench.cli.numbers import difference_texts
from workbench.cli.output import opened_family, print_curve
from workbench.cli.outputs import write_csv
from workbench.cli.table import print_text
from workbench.core.algorithm import Scores
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import TaskFamily, unheard
from workbench.experiments.evaluation import drained
from workbench.experiments.measuring import Measurement
from workbench.experiments.paired import difference
from workbench.experiments.session import Learner
from workbench.experiments.store import open_run
from workbench.experiments.tasks_seen.difficulty import traits
from workbench.experiments.tasks_seen.draws import all_tasks
from workbench.experiments.tasks_seen.seen import seen_now, with_classes
from workbench.experiments.tasks_seen.table import rows

_PLACE = "Give its place with --data PATH"


def data_of(asked: Measurement, what: str) -> TaskFamily:
    """The data to measure on, after consent, prepared; what other data it is is said."""
    consent.ask(asked.config)
    if not asked.foreign:
        return opened_family(asked.config, what, _PLACE)
    family = opened_family(asked.config, "--on", _PLACE, asked.build)
    about = asked.described(family)
    title, place = get("task", asked.config.task.name).title, about["root"]
    at = f" at {place}" if place not in ("", ".") else ""
    print_text(f"\nOn other data: all {about['classes']:,} classes of {title}{at}")
    return family


def shaping(asked: Measurement, family: TaskFamily, what: str) -> TaskFamily:
    """What the learner is built for; a few need the data that they were trained on."""
    if asked.needs_own_data:
        return opened_family(asked.recorded, what, "Put the data there")
    return family


def measured(asked: Measurement, learner: Learner, family: TaskFamily) -> tuple[Curve, Scores]:
    return drained(asked.evaluate(learner, family))


def against(
    given: argparse.Namespace,
    asked: Measurement,
    family: TaskFamily,
    curve: Curve,
    scores: Scores,
) -> dict[str, Any]:
    """Measure ``--against`` on the tasks of ``curve``, and tell what lies between the two."""
    other = Measurement(
        open_run(given.against), replace(asked.question, steps=None, checkpoint=None)
    )
    learner = _other_learner(other, asked, family, str(given.against))
    steps = steps_of(given.steps if other.config.takes_steps else None, learner)
    other.question = replace(other.question, seed=asked.seed, steps=steps)
    theirs, their_scores = measured(other, learner, family)
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
    return {"run": str(other.run.path.resolve()), "metrics": metrics, "difference": told}


def write_tasks(
    file: Path, asked: Measurement, family: TaskFamily, curve: Curve, scores: Scores
) -> None:
    """``--tasks-csv``: every task at every step; raises `BadInput` where it cannot be written."""
    seen, split = seen_now(curve, scores, asked.seed), curve.split
    told = dict[str, Tensor]()
    try:
        tasks = all_tasks(family, split, seen.tasks, asked.seed, unheard)
        seen = with_classes(seen, tuple(task.class_names for task in tasks))
        told = traits(tasks, family, split, unheard)
    except BadInput as problem:
        terminal.note(str(problem))
    write_csv(rows(seen, told), file, "--tasks-csv")


def _other_learner(
    other: Measurement, asked: Measurement, family: TaskFamily, what: str
) -> Learner:
    """Of ``--against``, for the tasks that the first run was measured on; raises `BadInput`."""
    learned, posed = other.recorded.task.name, asked.config.task.name
    try:
        other.config = other.recorded.replaced({"task": asked.config.complete()["task"]})
        consent.ask(other.config)
        warn_of(other.checkpoint, None if asked.foreign else family)
        return other.learner(shaping(other, family, what))
    except BadInput as error:
        if error.where == "checkpoint":
            raise BadInput(
                "--against",
                marked("cannot take these tasks: its weights are for other sizes"),
                marked("Name a run with as many classes and images of the same form"),
            ) from error
        if learned == posed:
            raise
        raise BadInput(
            "--against",
            marked("learned {0} and cannot take tasks of {1}").format(learned, posed),
            marked("Name a run of the same kind"),
        ) from error
