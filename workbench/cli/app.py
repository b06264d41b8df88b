"""Reads the command and runs it; `workbench.guard` turns what goes wrong into a sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from workbench import __version__, guard, logfile, terminal
from workbench.cli import (
    adapt,
    consent,
    evaluate,
    export,
    listing,
    plugins,
    predict,
    queue,
    race,
    runs,
    sweep,
    train,
)
from workbench.cli.arguments import Parser
from workbench.core import safe_mode
from workbench.core.files import plain

COMMANDS = (train, evaluate, adapt, predict, race, sweep, queue, runs, export, listing)
Draw = Callable[[Path], Path | None]
INSTALLED = "maml-workbench"


def main(arguments: list[str], draw_race: Draw = lambda folder: None) -> int:
    """Run one command and return its exit code, see `workbench.guard`.

    ``draw_race`` makes the picture of a race's folder, if it can: the command line knows no Qt.
    """
    return guard.run(lambda: _run(arguments, draw_race))


def _run(arguments: list[str], draw_race: Draw) -> int:
    logfile.start()
    with safe_mode.asked_for(arguments) as rest, consent.of(rest):
        return plugins.asked_about(lambda: _answer(rest, draw_race))


def _answer(arguments: list[str], draw_race: Draw) -> int:
    parser = _parser(arguments)
    plugins.say_failures()
    given = parser.parse_args(arguments)
    given.draw_race = draw_race
    result, code = given.run(given)
    if given.json:
        terminal.write(json.dumps(plain(result), allow_nan=False))
    return int(code)


def _parser(arguments: list[str]) -> Parser:
    parser = Parser(
        prog=INSTALLED if Path(sys.argv[0]).stem == INSTALLED else "main.py",
        description="A workbench for few-shot meta-learning. Without a command the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"{INSTALLED} {__version__}")
    parser.add_argument(
        safe_mode.FLAG,
        action="store_true",
        help="load no plug-in and no file of yours; for the window and for every command",
    )
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=Parser
    )
    for command in COMMANDS:
        command.add(commands, arguments)
    return parser
