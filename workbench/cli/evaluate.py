"""``evaluate``: measure a recorded learner on tasks it has never seen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import classes, consent
from workbench.cli.arguments import add_json, steps_of, whole
from workbench.cli.diagnose import diagnosed
from workbench.cli.going_on import warn_of
from workbench.cli.measuring import against, data_of, measured, shaping, write_tasks
from workbench.cli.output import print_curve
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import SPLITS, TaskFamily
from workbench.experiments.measuring import Measurement, Question
from workbench.experiments.sentences import sentence
from workbench.experiments.session import Learner
from workbench.experiments.store import open_run


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "evaluate",
        help="measure a run on held-out tasks",
        description="Measure a run on tasks that it has never seen.",
    )
    parser.add_argument("recorded", type=Path, metavar="RUN", help="run directory or name")
    parser.add_argument("--split", choices=SPLITS, default="test", help="default test")
    parser.add_argument("--tasks", default="600", metavar="N", help="at least 2; default 600")
    parser.add_argument("--steps", metavar="K", help="inner steps; may exceed those trained with")
    parser.add_argument("--shots", metavar="K", help="support items, if not as trained")
    parser.add_argument("--ways", metavar="N", help="classes of a task, if not as trained")
    parser.add_argument(
        "--new-head",
        action="store_true",
        help="with --ways: start a head anew that has outputs for another number of classes",
    )
    parser.add_argument(
        "--checkpoint", metavar="N", help="the weights after N iterations, not the best ones"
    )
    parser.add_argument("--seed", metavar="S", help="settles the tasks; the training's by default")
    parser.add_argument(
        "--one-at-a-time",
        action="store_true",
        help="predict each query item beside the support set alone: not transductive",
    )
    parser.add_argument(
        "--diagnose",
        action="store_true",
        help="also without head, from a zero head, and with the classes renumbered",
    )
    parser.add_argument(
        "--on",
        metavar="FAMILY",
        help="measure on all classes of another family's data, in the form the run was trained on",
    )
    parser.add_argument(
        "--data", metavar="PATH", help="where the data set lies now; with --on, where that one lies"
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="OTHER",
        help="also measure another run, on the same tasks, and give the differences",
    )
    parser.add_argument(
        "--tasks-csv",
        type=Path,
        metavar="FILE",
        help="write every task at every step as a table: place, seed, classes, metric, losses",
    )
    classes.add(parser)
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    asked = Measurement(open_run(given.recorded), _question(given))
    family = data_of(asked, str(given.recorded))
    warn_of(asked.checkpoint, None if asked.foreign else family)
    learner = _learner(asked, family, str(given.recorded))
    asked.question = replace(asked.question, steps=steps_of(given.steps, learner))
    curve, scores = measured(asked, learner, family)
    print_curve(curve.to_json())
    more: dict[str, Any] = {"data": asked.described(family)} if asked.foreign else {}
    if given.against is not None:
        more["against"] = against(given, asked, family, curve, scores)
    saved = _saved(lambda: asked.keep(curve, scores, more))
    by_class = classes.told(given, asked, curve, scores)
    if given.tasks_csv is not None:
        write_tasks(given.tasks_csv, asked, family, curve, scores)
    return {
        "run": str(asked.run.path.resolve()),
        "config": asked.config.to_json(),
        "iterations": learner.iteration,
        "seconds": asked.checkpoint.seconds,
        "metrics": curve.to_json(),
        "scores": None if saved is None else str(saved),
        "tasks_csv": None if given.tasks_csv is None else str(given.tasks_csv),
        **more,
        **by_class,
        **(_diagnosis(asked, learner, family) if given.diagnose else {}),
    }, 0


def _question(given: argparse.Namespace) -> Question:
    def size(name: str, least: int = 1) -> int | None:
        text = getattr(given, name)
        return None if text is None else whole(text, f"--{name}", least)

    if given.new_head and given.ways is None:
        raise BadInput("--new-head", marked("goes with --ways"), marked("Leave it out"))

    return Question(
        split=given.split,
        tasks=whole(given.tasks, "--tasks", 2),
        seed=None if given.seed is None else whole(given.seed, "--seed", 0),
        ways=size("ways"),
        shots=size("shots"),
        one_at_a_time=given.one_at_a_time,
        family=given.on,
        root=None if given.data is None else Path(given.data),
        checkpoint=size("checkpoint", 0),
        new_head=given.new_head,
    )


def _diagnosis(asked: Measurement, learner: Learner, family: TaskFamily) -> dict[str, Any]:
    question = asked.question
    assert question.steps is not None
    try:
        found = diagnosed(
            learner, family, question.split, question.tasks, question.steps, asked.seed
        )
        return {"diagnosis": found}
    finally:
        learner.algorithm.close()


def _saved(write: Callable[[], Path]) -> Path | None:
    """The file, or nothing: a run that may only be read can be measured all the same."""
    try:
        return write()
    except OSError as error:
        terminal.note(f"the scores of each task are not saved: {sentence(error)}.")
        return None


def _learner(asked: Measurement, family: TaskFamily, what: str) -> Learner:
    try:
        return asked.learner(shaping(asked, family, what))
    except BadInput as error:
        if asked.question.ways is None or error.where != "checkpoint":
            raise
        raise BadInput(
            "--ways",
            marked(
                "{0} classes do not fit these weights, whose head has one output a class"
            ).format(asked.question.ways),
            marked(
                "Give --new-head to start the head anew, or leave the flag out; metric, ridge, "
                "ProtoMAML and transfer learners take any number"
            ),
        ) from error
