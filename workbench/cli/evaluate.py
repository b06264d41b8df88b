"""``evaluate``: measure a recorded learner on tasks it has never seen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.arguments import add_json, whole
from workbench.cli.output import prepared_family, print_curve
from workbench.core.task import SPLITS
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import evaluate, write_scores
from workbench.experiments.session import learner_of
from workbench.experiments.store import open_run


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser("evaluate", help="measure a run on held-out tasks")
    parser.add_argument("recorded", type=Path, metavar="RUN", help="run directory or name")
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--tasks", default="600", metavar="N")
    parser.add_argument("--steps", metavar="K", help="inner steps; may exceed those trained with")
    parser.add_argument("--shots", metavar="K", help="support items, if not as trained")
    parser.add_argument("--ways", metavar="N", help="classes of a task, if not as trained")
    parser.add_argument("--seed", metavar="S", help="settles the tasks; the training's by default")
    parser.add_argument("--data", metavar="PATH", help="where the data set lies now")
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    record = open_run(given.recorded)
    checkpoint = record.load_checkpoint()
    config = ExperimentConfig.from_json(checkpoint.config).replaced(_changes(given))
    family = prepared_family(config)
    learner = learner_of(checkpoint, family)
    steps = (
        learner.algorithm.test_steps if given.steps is None else whole(given.steps, "--steps", 0)
    )
    seed = config.training.seed if given.seed is None else whole(given.seed, "--seed", 0)
    try:
        curve, scores = evaluate(
            learner.algorithm,
            family,
            learner.weights,
            split=given.split,
            tasks=whole(given.tasks, "--tasks", 2),
            steps=steps,
            seed=seed,
        )
    finally:
        learner.algorithm.close()
    print_curve(curve.to_json())
    saved = write_scores(record.path, curve, scores, seed)
    return {
        "run": str(record.path.resolve()),
        "config": config.to_json(),
        "iterations": learner.iteration,
        "seconds": checkpoint.seconds,
        "metrics": curve.to_json(),
        "scores": str(saved),
    }, 0


def _changes(given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    wanted = {"shots": given.shots, "ways": given.ways, "root": given.data}
    return {"task": {name: value for name, value in wanted.items() if value is not None}}
