"""``export``: take something away from a run, for another program or another person."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import consent
from workbench.cli.arguments import add_json, steps_of, whole
from workbench.cli.output import opened_family
from workbench.cli.recorded import warn_of
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.exports import weights
from workbench.experiments.exports.adapted import AdaptedModel, require_onnx
from workbench.experiments.exports.command import train_command
from workbench.experiments.exports.curves import write_tensorboard
from workbench.experiments.exports.script import write_script
from workbench.experiments.replay import read_run
from workbench.experiments.scene import read as read_scene
from workbench.experiments.session import Learner, learner_of
from workbench.experiments.store import Run, open_run
from workbench.experiments.tensorboard import FOLDER, require


@dataclass(frozen=True)
class Format:
    """``name`` is what the command calls it; ``suffix`` ends the file, or the folder's name."""

    name: str
    suffix: str
    help: str
    write: Callable[[argparse.Namespace, Run, Path], None]


def add(commands: Any, arguments: list[str]) -> None:
    told = "; ".join(f"{one.name}: {one.help}" for one in FORMATS.values())
    parser = commands.add_parser(
        "export",
        help="take weights, an adapted model, curves or a script away from a run",
        description=f"Take something away from a run. {told}; command: the line that trains it.",
    )
    parser.add_argument("recorded", type=Path, metavar="RUN", help="run directory or name")
    parser.add_argument("what", choices=[*FORMATS, "command"], help="see above")
    parser.add_argument("--out", type=Path, metavar="PATH", help="default: named after the run")
    parser.add_argument("--seed", default="0", metavar="S", help="of the test task adapted to")
    parser.add_argument("--scene", type=Path, metavar="FILE", help="an .mlab file to adapt to")
    parser.add_argument("--steps", metavar="K", help="inner steps; may exceed those trained with")
    parser.add_argument("--data", metavar="PATH", help="where the data set lies now")
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    record = open_run(given.recorded)
    if given.what == "command":
        line = train_command(record.config())
        terminal.write(line)
        return {"run": str(record.path.resolve()), "command": line}, 0
    wanted = FORMATS[given.what]
    place = given.out or Path(f"{record.path.name}{wanted.suffix}")
    if place.exists():
        raise BadInput(
            "--out", marked("{0} is there already").format(place), marked("Name another place")
        )
    wanted.write(given, record, place)
    terminal.write(f"{wanted.name}: {place}")
    return {"run": str(record.path.resolve()), "file": str(place.resolve())}, 0


def _write_weights(given: argparse.Namespace, record: Run, place: Path) -> None:
    learner, _ = _learner(given, record)
    weights.write_meta(learner, place)
    learner.algorithm.close()


def _write_learn2learn(given: argparse.Namespace, record: Run, place: Path) -> None:
    learner, _ = _learner(given, record)
    weights.write_learn2learn(learner, place)
    learner.algorithm.close()


def _write_adapted(given: argparse.Namespace, record: Run, place: Path) -> None:
    _adapted(given, record).write_weights(place)


def _write_onnx(given: argparse.Namespace, record: Run, place: Path) -> None:
    require_onnx("onnx")
    _adapted(given, record).write_onnx(place)


def _write_tensorboard(given: argparse.Namespace, record: Run, place: Path) -> None:
    require(FOLDER)
    write_tensorboard(read_run(record.path), record.facts().started, place)


def _write_script(given: argparse.Namespace, record: Run, place: Path) -> None:
    learner, _ = _learner(given, record)
    learner.algorithm.close()
    write_script(learner, record.result(), place)


FORMATS = {
    one.name: one
    for one in (
        Format("weights", ".safetensors", "meta-parameters as safetensors", _write_weights),
        Format("learn2learn", ".pt", "a state dict for learn2learn's MAML", _write_learn2learn),
        Format("adapted", "-adapted.safetensors", "a model adapted to a task", _write_adapted),
        Format("onnx", ".onnx", "the same as ONNX", _write_onnx),
        Format("tensorboard", "-tensorboard", "the curves as event files", _write_tensorboard),
        Format("script", "-script", "a Python script that measures it again", _write_script),
    )
}


def _learner(given: argparse.Namespace, record: Run) -> tuple[Learner, TaskFamily]:
    checkpoint = record.load_checkpoint()
    recorded = ExperimentConfig.from_json(checkpoint.config)
    consent.ask(recorded)
    place = {} if given.data is None else {"task": {"root": given.data}}
    config = recorded.replaced(place)
    family = opened_family(config, str(given.recorded), "Give its place with --data PATH")
    warn_of(checkpoint, family)
    learner = learner_of(replace(checkpoint, config=config.to_json()), family)
    return replace(learner, origin=record.path), family


def _adapted(given: argparse.Namespace, record: Run) -> AdaptedModel:
    learner, family = _learner(given, record)
    try:
        if given.scene is None:
            task = family.draw("test", whole(given.seed, "--seed", 0))
        else:
            task = read_scene(given.scene).open_task(family)
        return AdaptedModel.of(learner, task, steps_of(given.steps, learner), family.spec)
    finally:
        learner.algorithm.close()
