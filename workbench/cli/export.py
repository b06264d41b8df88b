"""``export``: take something away from a run, for another program or another person."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import consent
from workbench.cli.arguments import add_json, steps_of, whole
from workbench.cli.going_on import warn_of
from workbench.cli.output import opened_family
from workbench.core.task import Task, TaskFamily
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.exports.command import train_command
from workbench.experiments.exports.formats import FORMATS, Source
from workbench.experiments.labbook.finding import find_run
from workbench.experiments.scene import read as read_scene
from workbench.experiments.store import Run, open_run

COMMAND = "command"


def add(commands: Any, arguments: list[str]) -> None:
    told = "; ".join(f"{one.name}: {one.help}" for one in FORMATS)
    parser = commands.add_parser(
        "export",
        help="take weights, an adapted model, curves or a script away from a run",
        description=f"Take something away from a run. {told}; command: the line that trains it.",
    )
    parser.add_argument("recorded", type=Path, metavar="RUN", help="run directory or name")
    parser.add_argument("what", choices=[*(one.name for one in FORMATS), COMMAND], help="see above")
    parser.add_argument("--out", type=Path, metavar="PATH", help="default: named after the run")
    parser.add_argument("--seed", default="0", metavar="S", help="of the test task adapted to")
    parser.add_argument("--scene", type=Path, metavar="FILE", help="an .mlab file to adapt to")
    parser.add_argument("--steps", metavar="K", help="inner steps; may exceed those trained with")
    parser.add_argument("--data", metavar="PATH", help="where the data set lies now")
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    record = open_run(find_run(given.recorded))
    if given.what == COMMAND:
        line = train_command(record.config())
        terminal.write(line)
        return {"run": str(record.path.resolve()), "command": line}, 0
    wanted = next(one for one in FORMATS if one.name == given.what)
    place = given.out or wanted.place(record.path)
    wanted.take(_source(given, record), place)
    terminal.write(f"{wanted.name}: {place}")
    return {"run": str(record.path.resolve()), "file": str(place.resolve())}, 0


def _source(given: argparse.Namespace, record: Run) -> Source:
    def opened(checkpoint: Checkpoint) -> tuple[ExperimentConfig, TaskFamily]:
        recorded = ExperimentConfig.from_json(checkpoint.config)
        consent.ask(recorded)
        config = recorded.replaced({} if given.data is None else {"task": {"root": given.data}})
        family = opened_family(config, str(given.recorded), "Give its place with --data PATH")
        warn_of(checkpoint, family)
        return config, family

    def task(family: TaskFamily) -> Task:
        if given.scene is not None:
            return read_scene(given.scene).open_task(family)
        return family.draw("test", whole(given.seed, "--seed", 0))

    return Source(record, opened, task, lambda learner: steps_of(given.steps, learner))
