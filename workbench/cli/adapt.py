"""``adapt``: adapt a recorded learner to one task, step by step, as the lab does."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from workbench import terminal
from workbench.cli import consent, own_examples, predictions, query_reports
from workbench.cli.arguments import add_json, steps_of, whole
from workbench.cli.going_on import warn_of
from workbench.cli.numbers import number
from workbench.cli.output import opened_family
from workbench.cli.outputs import refuse_other
from workbench.cli.query_reports import Adapted
from workbench.cli.table import print_table, print_text
from workbench.core.algorithm import AdaptStep
from workbench.core.errors import BadInput
from workbench.core.files import plain
from workbench.core.marked import marked
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scene import Scene, digest, read
from workbench.experiments.session import Learner, learner_of, refitted
from workbench.experiments.store import open_run
from workbench.tasks.classes import WayShotParams


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "adapt",
        help="adapt a run to one task and show every step",
        description="Adapt a run to one task, as the lab does, and show every step.",
    )
    parser.add_argument("recorded", type=Path, metavar="RUN", help="run directory or name")
    parser.add_argument(
        "--support",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="your own support set: a folder with a folder of images for each class, images in "
        "class order, pictures with boxes (.xml or .txt) beside them, a CSV file of x,y points or "
        "of measurements, a .txt file of sentences for each class, or a CSV file of text,label or "
        "of item,rating",
    )
    parser.add_argument(
        "--query",
        type=Path,
        metavar="PATH",
        help="with a folder as --support: a folder of images to be predicted, of which those in a "
        "folder named as a class are scored as well; for measurements: a table of rows to be "
        "predicted; for a run on scenes: pictures to find boxes in",
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="with a folder as --support, for measurements and for scenes: keep the adapted "
        "learner, for the command predict",
    )
    predictions.add_csv(parser)
    parser.add_argument(
        "--ask",
        nargs="+",
        metavar="ASKED",
        help="for a run on text: the class of your own sentences, and the words that carry it; for "
        "a run on ratings: what is predicted of items, by their names; for a run on scenes: "
        "pictures of your own to find boxes in",
    )
    parser.add_argument(
        "--checkpoint", metavar="N", help="the weights after N iterations, not the best ones"
    )
    parser.add_argument("--seed", default="0", metavar="S", help="settles the test task; default 0")
    parser.add_argument(
        "--scene", type=Path, metavar="FILE", help="an .mlab file: the very task that was saved"
    )
    parser.add_argument("--save-scene", type=Path, metavar="FILE", help="keep the task as a scene")
    parser.add_argument(
        "--new-head",
        action="store_true",
        help="for a scene of more or fewer classes: start the learner's head anew",
    )
    parser.add_argument("--steps", metavar="K", help="inner steps; may exceed those trained with")
    parser.add_argument("--data", metavar="PATH", help="where the data set lies now")
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    record = open_run(given.recorded)
    if own_examples.asked_for(given):
        return own_examples.run(given, record)
    at = None if given.checkpoint is None else whole(given.checkpoint, "--checkpoint", 0)
    checkpoint = record.load_checkpoint(at)
    scene = None if given.scene is None else read(given.scene)
    recorded = ExperimentConfig.from_json(checkpoint.config)
    own_examples.refuse_alone(given, recorded)
    consent.ask(recorded)
    data = {} if given.data is None else {"root": given.data}
    config = recorded.replaced({"task": {**(scene.family if scene else {}), **data}})
    what = str(given.recorded if scene is None else given.scene)
    drawn = opened_family(config, what, "Give its place with --data PATH")
    family = _as_trained(drawn, recorded)
    # A scene's data is compared with that of the scene.
    warn_of(checkpoint, family if scene is None else None)
    seed = whole(given.seed, "--seed", 0) if scene is None else scene.seed
    task = family.draw("test", seed) if scene is None else scene.open_task(family)
    if given.support:
        task = task.with_support_files(given.support)
    if given.query is not None and family.asks == "rows":
        task = task.with_query_files([given.query])
    learner = learner_of(checkpoint, family, newest=at is not None)
    steps = steps_of(given.steps, learner)
    if scene is not None and given.steps is None:
        steps = scene.steps
    fitting = family.fitting(task)
    fitted = learner if fitting is family else _fitted(learner, fitting, given.new_head)
    seen = list(fitted.adapt(task.episode(), steps))
    _print(family.spec.metric, task.title, seen)
    origin = replace(fitted, origin=record.path)
    told = query_reports.told(Adapted(origin, task, steps, seen[-1], given))
    if scene is not None and scene.learner != digest(learner.weights):
        print_text("The scene was saved with another learner: its numbers were others.")
    if given.save_scene is not None:
        split = "test" if scene is None else scene.split
        # Files of one's own take the place of what was locked.
        locked = () if scene is None or given.support else scene.locked
        own = () if scene is None else scene.own
        kept = Scene.of(drawn, task, split, seed, steps, learner.weights, locked, own)
        refuse_other(given.save_scene, "--save-scene", read)
        kept.write(given.save_scene)
    return {
        "run": str(record.path.resolve()),
        "config": config.to_json(),
        "iterations": learner.iteration,
        "seconds": checkpoint.seconds,
        "task": task.title,
        "metric": family.spec.metric,
        "steps": [_json(step) for step in seen],
        **told,
    }, 0


def _as_trained(family: TaskFamily, recorded: ExperimentConfig) -> TaskFamily:
    """A scene's data in tasks of as many classes as the recorded head tells apart."""
    both = isinstance(family.params, WayShotParams) and isinstance(recorded.task, WayShotParams)
    return family.varied(ways=recorded.task.ways) if both else family


def _fitted(learner: Learner, family: TaskFamily, allowed: bool) -> Learner:
    """The learner for the classes of a scene; raises `BadInput` when it takes an unasked head."""
    fitted, anew = refitted(learner, family)
    if anew and not allowed:
        raise BadInput(
            "--scene",
            marked("has {0} classes, and this learner's head is of another number").format(
                family.spec.outputs
            ),
            marked("Give --new-head to start the head anew"),
        )
    return fitted


def _json(step: AdaptStep) -> dict[str, Any]:
    values = {field.name: getattr(step, field.name) for field in fields(step)}
    met = values.pop("met")
    if met is not None:
        sets = {"support": met.support, "query": met.query}
        values["met"] = {n: {"x": s.x.tolist(), "y": s.y.tolist()} for n, s in sets.items()}
    lists = {n: v.tolist() if isinstance(v, Tensor) else v for n, v in values.items()}
    result: dict[str, Any] = plain(lists)
    return result


def _print(metric: str, title: str, steps: list[AdaptStep]) -> None:
    terminal.write()
    print_text(title)
    rows = [
        (
            str(step.step),
            f"{step.support_loss:.4f}",
            *(
                (f"{step.query_loss:.4f}", number(metric, step.query_metric))
                if step.judged
                else "––"
            ),
        )
        for step in steps
    ]
    print_table(("step", "support loss", "query loss", f"query {metric}"), rows)
