"""Entry point: reads the command, runs it, and turns faults into one sentence and an exit code."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from workbench import places
from workbench.cli import adapt, consent, evaluate, listing, race, train
from workbench.cli.arguments import Parser
from workbench.core.errors import BadInput
from workbench.core.files import plain

COMMANDS = (train, evaluate, adapt, race, listing)
Draw = Callable[[Path], Path | None]


def main(arguments: list[str], draw_race: Draw = lambda folder: None) -> int:
    """Run one command; returns 0, 1 for a failed run, or 2 for bad input.

    ``draw_race`` makes the picture of a race's folder, if it can: the command line knows no Qt.
    """
    log_to_file()
    try:
        parser = _parser(arguments)
        given = parser.parse_args(arguments)
        given.draw_race = draw_race
        with consent.of(given):
            result, code = given.run(given)
        if given.json:
            print(json.dumps(plain(result), allow_nan=False))
        return int(code)
    except BadInput as error:
        logging.getLogger(__name__).exception("bad input")
        print(f"error: {error}", file=sys.stderr)
        return 2


def log_to_file() -> None:
    """Tracebacks and notes go to a log file; a directory that cannot be written is no fault."""
    folder = places.logs()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(
            filename=folder / "workbench.log",
            level=logging.INFO,
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        )
    except OSError as error:
        print(f"note: no log is written ({error})", file=sys.stderr)


def _parser(arguments: list[str]) -> Parser:
    parser = Parser(prog="main.py", description="A workbench for few-shot meta-learning.")
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=Parser
    )
    for command in COMMANDS:
        command.add(commands, arguments)
    return parser
