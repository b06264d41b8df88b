"""In the terminal: nobody's model file runs unasked, and a slow one says what is waited for."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from workbench import terminal
from workbench.cli.asking import agreed
from workbench.core import patience, trust, user_code
from workbench.core.errors import BadInput, printable
from workbench.core.user_code import Untrusted
from workbench.experiments.config import ExperimentConfig


def add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trust",
        metavar="SHA256",
        help="for this command, let a model file of your own run if it has exactly this content; "
        "a yes at the question, or in the window, is remembered",
    )


@contextmanager
def of(given: argparse.Namespace) -> Iterator[None]:
    """Inside, what ``--trust`` names may run."""
    named = getattr(given, "trust", None)
    consent = nullcontext() if named is None else trust.for_now(trust.as_sha256(named, "--trust"))
    with consent, patience.told_to(_Waiting()):
        yield


def ask(config: ExperimentConfig) -> None:
    """Settle whether the model file of a configuration may run; raises `BadInput` if not.

    Only on a terminal is there anybody to ask. Says so when the file has changed since.
    """
    model = config.model.model_dump()
    try:
        changed = user_code.changed_since(model)
    except Untrusted as refused:
        if not _agreed(refused):
            remedy = f"Read it; to run exactly this content give --trust {refused.code.sha256}"
            raise BadInput(refused.where, refused.problem, remedy) from refused
        changed = user_code.changed_since(model)
    if changed:
        terminal.note(changed)


def _agreed(refused: Untrusted) -> bool:
    """Whether a person at the terminal says yes, which is then remembered."""
    code = refused.code
    question = (
        f"The model is a program:  {printable(code.path)}\n"
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
