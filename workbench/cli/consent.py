"""In the terminal: nobody's file runs unasked, and a slow one says what is waited for.

Packages are asked about in `cli.plugins`; ``--trust`` is one flag for both.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from workbench import terminal
from workbench.cli.arguments import Parser
from workbench.cli.asking import agreed
from workbench.core import patience, trust
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.user_code import Untrusted
from workbench.experiments.config import ExperimentConfig


def add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trust",
        metavar="SHA256",
        action="append",
        help="for this command, let a file of your own or a plug-in run if it has exactly "
        "this content; may be given more than once; a yes at the question, or in the window, is "
        "remembered",
    )


@contextmanager
def of(arguments: list[str]) -> Iterator[None]:
    """Inside, what ``--trust`` names may run.

    It is read before all other flags: which of those there are depends on what may run.
    """
    parser = Parser(add_help=False)
    add_trust(parser)
    with ExitStack() as trusted:
        for named in parser.parse_known_args(arguments)[0].trust or ():
            trusted.enter_context(trust.for_now(trust.as_sha256(named, "--trust")))
        trusted.enter_context(patience.told_to(_Waiting()))
        yield


def ask(config: ExperimentConfig) -> None:
    """Settle whether the user's files in a configuration may run; raises `BadInput` if not.

    Only on a terminal is there anybody to ask. Says so when the file has changed since.
    """
    if changed := _changed(config):
        terminal.note(changed)


def _changed(config: ExperimentConfig) -> str:
    """What has changed, once every file that it names is trusted."""
    while True:
        try:
            return config.changed()
        except Untrusted as refused:
            if not _agreed(refused):
                remedy = marked("Read it; to run exactly this content give --trust {0}").format(
                    refused.code.sha256
                )
                raise BadInput(refused.where, refused.problem, remedy) from refused


def _agreed(refused: Untrusted) -> bool:
    """Whether a person at the terminal says yes, which is then remembered."""
    code = refused.code
    question = (
        f"This file is a program:  {printable(code.path)}\n"
        f"Its SHA-256:             {code.sha256}\n"
        "It runs with your rights: it can read, change and send your files. Read it first.\n"
        "Trust exactly this content from now on?"
    )
    if not agreed(question):
        return False
    try:
        trust.remember(code.sha256, code.path)
    except BadInput as problem:
        terminal.note(str(problem))
    return True


class _Waiting:
    """Says each thing that is waited for once."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, sentence: str, spent: float) -> None:
        if sentence != self._said:
            self._said = sentence
            terminal.say(f"{sentence}; Ctrl-C gives up")
