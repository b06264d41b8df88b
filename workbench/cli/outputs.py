"""Files that commands write: a file that is none of theirs is never written over."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from workbench import terminal
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.experiments.predicting import adapted_file
from workbench.experiments.predicting.predictor import Predictor
from workbench.experiments.tasks_seen.table import Row, write_rows


def write_csv(table: Iterable[Row], file: Path, flag: str) -> None:
    """Raises `BadInput` at the flag where the file cannot be written, or holds something else."""
    rows = iter(table)
    first = next(rows)
    head = [str(cell) for cell in first]
    _refuse_other(file, flag, lambda: _head_of(file) == head)
    try:
        write_rows(chain([first], rows), file)
    except OSError as error:
        raise BadInput(
            flag,
            marked("{0} cannot be written ({1})").format(file, error.strerror),
            marked("Choose another file"),
        ) from error


def keep(predictor: Predictor, file: Path) -> str:
    """Write an adapted learner as ``--save`` asks; its whole path."""
    refuse_other(file, "--save", adapted_file.read)
    adapted_file.write(predictor, file)
    terminal.write(marked("kept: {0}").format(file))
    return str(file.resolve())


def refuse_other(file: Path, flag: str, read: Callable[[Path], object]) -> None:
    """Raise `BadInput` at the flag where a file is there that cannot be ``read`` as what comes."""

    def is_ours() -> bool:
        try:
            read(file)
        except BadInput:
            return False
        return True

    _refuse_other(file, flag, is_ours)


def _refuse_other(file: Path, flag: str, is_ours: Callable[[], bool]) -> None:
    if file.is_file() and file.stat().st_size and not is_ours():
        raise BadInput(
            flag,
            marked("{0} is there already and holds something else").format(printable(file)),
            marked("Choose another file, or take that one away"),
        )


def _head_of(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines), [])
    except (OSError, ValueError, csv.Error):
        return []
