"""Flags made from the parameters themselves: what a form can set, a flag can set.

Which flags there are depends on the task, model and algorithm that earlier flags name, so the
names are read first and the parser is then built for them. Validation is left to `Params`, so
that a flag, a file and a form refuse the same input in the same words.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from workbench import terminal
from workbench.cli import help
from workbench.core import entries
from workbench.core.errors import BadInput, printable
from workbench.core.limits import MAX_STEPS, MAX_WHOLE
from workbench.core.marked import marked
from workbench.core.params import describe
from workbench.core.registry import KINDS, get, names
from workbench.experiments import budget, catalog, packages
from workbench.experiments.config import (
    SECTIONS,
    ExperimentConfig,
    load_config,
    merged,
    params_class,
)
from workbench.experiments.session import Learner
from workbench.experiments.store import open_run

RECORDED = ("resume", "fork")
"""Flags that name a run whose settings the others lie over."""


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong; usage is shown on request only."""

    def __init__(self, **options: Any) -> None:
        shape = {"allow_abbrev": False, "formatter_class": help.formatter()}
        super().__init__(**{**shape, **options})

    def _print_message(self, message: str, file: Any = None) -> None:
        """Help and version, whose loss argparse would not mention."""
        terminal.write(message, end="")

    def error(self, message: str) -> NoReturn:
        terminal.say(f"error: {printable(message)}. See: {self.prog} --help")
        raise SystemExit(2)


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="end with one line of JSON on standard output"
    )


def add_config(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """Add ``--preset``, ``--config`` and a flag for every field of the named experiment."""
    parser.description = (
        f"{parser.description} The flags of task, model and algorithm are those of the kinds "
        "named; name others beside --help to see theirs."
    )
    parser.add_argument("--preset", metavar="NAME", help="start from this preset")
    parser.add_argument("--config", type=Path, metavar="FILE", help="start from this JSON file")
    parser.add_argument("--iterations", metavar="N", help="short for --training.iterations")
    parser.add_argument("--seed", metavar="S", help="short for --training.seed")
    named, _ = _names_parser().parse_known_args(arguments)
    base = _base(named)
    for section in SECTIONS:
        name = str(base[section].get("name", ""))
        group = parser.add_argument_group(f"{section} {name}" if name else section)
        if section in KINDS:
            group.add_argument(f"--{section}.name", metavar="NAME", help=_choices(section, name))
        for info in describe(params_class(section, name)):
            value = base[section].get(info.name, info.default)
            group.add_argument(
                f"--{section}.{info.name}",
                metavar=help.METAVARS[info.kind],
                help=help.of(info, value),
            )


def read_config(given: argparse.Namespace) -> ExperimentConfig:
    """The configuration the flags describe; raises `BadInput` naming the field at fault."""
    config = ExperimentConfig.from_json(merged(_start(given), changes_of(given)))
    for problem in budget.problems(config):
        raise problem
    return config


def changes_of(given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """What the flags change of an experiment, by section and field."""
    flags = vars(given)
    changes: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for name, value in flags.items():
        section, dot, field = name.partition(".")
        if dot and value is not None:
            changes[section][field] = value
    for short in ("iterations", "seed"):
        if flags[short] is not None:
            changes["training"][short] = flags[short]
    return changes


def whole(text: str, flag: str, least: int, most: int = MAX_WHOLE) -> int:
    """A whole number of a flag that is no parameter of an experiment."""
    try:
        return entries.whole_within(text, least, most)
    except ValueError as error:
        raise BadInput(flag, str(error)) from error


def steps_of(text: str | None, learner: Learner) -> int:
    """The inner steps asked for, or the method's own; raises `BadInput` where it takes none."""
    if text is None:
        return learner.algorithm.test_steps
    if not learner.config.takes_steps:
        title = get("algorithm", learner.config.algorithm.name).title
        raise BadInput(
            "--steps",
            marked("{0} takes no inner steps").format(title),
            marked("Leave the flag out"),
        )
    return whole(text, "--steps", 0, MAX_STEPS)


def _names_parser() -> argparse.ArgumentParser:
    parser = Parser(add_help=False)
    parser.add_argument("--preset")
    parser.add_argument("--config", type=Path)
    for run in RECORDED:
        parser.add_argument(f"--{run}", type=Path)
    for kind in KINDS:
        parser.add_argument(f"--{kind}.name")
    return parser


def _start(given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Preset, or the run that goes on or is forked; then file."""
    flags = vars(given)
    values = catalog.preset(flags["preset"] or catalog.DEFAULT_PRESET).config.to_json()
    for run in filter(None, map(flags.get, RECORDED)):
        catalog.load()
        values = open_run(run).config().to_json()
    return values if flags["config"] is None else merged(values, _sections_of(flags["config"]))


def _base(given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """What the flags lie over: the start, then the names given as flags."""
    flags = vars(given)
    chosen: dict[str, dict[str, Any]] = {
        kind: {"name": flags[f"{kind}.name"]} for kind in KINDS if flags[f"{kind}.name"]
    }
    return merged(_start(given), chosen)


def _sections_of(file: Path) -> dict[str, dict[str, Any]]:
    values = load_config(file)
    packages.refuse_missing(values)
    values.pop(packages.KEY, None)
    for name, fields in values.items():
        if name not in SECTIONS or not isinstance(fields, dict):
            raise BadInput(
                f"{file}: {name}",
                marked("is not a section of fields"),
                marked("Use {0}").format(", ".join(SECTIONS)),
            )
    return values


def _choices(kind: Any, name: str) -> str:
    return f"One of {', '.join(names(kind))}; default {name}."
