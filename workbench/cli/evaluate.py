"""``evaluate``: measure a recorded learner on tasks it has never seen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import consent
from workbench.cli.arguments import add_json, steps_of, whole
from workbench.cli.diagnose import diagnosed
from workbench.cli.measuring import against, data_of, measure
from workbench.cli.output import print_curve
from workbench.cli.recorded import warn_of
from workbench.core.errors import BadInput
from workbench.core.task import SPLITS, TaskFamily
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scores import write_scores
from workbench.experiments.sentences import sentence
from workbench.experiments.session import Learner, learner_of
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
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    record = open_run(given.recorded)
    checkpoint = record.load_checkpoint()
    recorded = ExperimentConfig.from_json(checkpoint.config).replaced(_sizes(given))
    data = data_of(given, recorded)
    warn_of(checkpoint, None if data.foreign else data.family)
    shaping = data.shaping(recorded, str(given.recorded))
    learner = _learner(replace(checkpoint, config=data.config.to_json()), shaping, given.ways)
    seed = recorded.training.seed if given.seed is None else whole(given.seed, "--seed", 0)
    tasks = whole(given.tasks, "--tasks", 2)
    steps = steps_of(given.steps, learner)
    curve, scores = measure(learner, data, given.split, tasks, steps, seed)
    print_curve(curve.to_json())
    more: dict[str, Any] = {"data": data.described()} if data.foreign else {}
    if given.against is not None:
        more["against"] = against(given, data, curve, scores, seed)
    variant = (*_variant(given), *data.variant())
    saved = _saved(lambda: write_scores(record.path, curve, scores, seed, variant, more))
    return {
        "run": str(record.path.resolve()),
        "config": data.config.to_json(),
        "iterations": learner.iteration,
        "seconds": checkpoint.seconds,
        "metrics": curve.to_json(),
        "scores": None if saved is None else str(saved),
        **more,
        **_diagnosis(given, learner, data.family, tasks, steps, seed),
    }, 0


def _diagnosis(
    given: argparse.Namespace,
    learner: Learner,
    family: TaskFamily,
    tasks: int,
    steps: int,
    seed: int,
) -> dict[str, Any]:
    if not given.diagnose:
        return {}
    try:
        return {"diagnosis": diagnosed(learner, family, given.split, tasks, steps, seed)}
    finally:
        learner.algorithm.close()


def _sizes(given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    wanted = {"shots": given.shots, "ways": given.ways}
    task = {name: value for name, value in wanted.items() if value is not None}
    return {"task": task, "training": {"transductive": False} if given.one_at_a_time else {}}


def _saved(write: Callable[[], Path]) -> Path | None:
    """The file, or nothing: a run that may only be read can be measured all the same."""
    try:
        return write()
    except OSError as error:
        terminal.note(f"the scores of each task are not saved: {sentence(error)}.")
        return None


def _variant(given: argparse.Namespace) -> tuple[str, ...]:
    """How this measurement differs from that of the training, for the name of its file."""
    sizes = {"ways": given.ways, "shots": given.shots}
    differing = [f"{value}{name}" for name, value in sizes.items() if value is not None]
    return (*differing, *(["one-at-a-time"] if given.one_at_a_time else []))


def _learner(checkpoint: Checkpoint, family: TaskFamily, ways: str | None) -> Learner:
    try:
        return learner_of(checkpoint, family)
    except BadInput as error:
        if ways is None or error.where != "checkpoint":
            raise
        raise BadInput(
            "--ways",
            f"{ways} classes do not fit these weights, whose head has one output a class",
            "Leave the flag out; metric, ridge, ProtoMAML and transfer learners take any number",
        ) from error
