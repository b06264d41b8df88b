"""The runs that are stored: a row for each, damaged ones among them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput, printable
from workbench.core.events import Reason
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import RACE, Run, default_root

DAMAGED, RUNNING, UNFINISHED = "damaged", "running", "unfinished"
STATUSES = (DAMAGED, RUNNING, UNFINISHED, *(str(reason) for reason in Reason))
TRASH = ".trash"
"""The folder among the runs that deleted ones lie in; see `labbook.trash`."""


@dataclass(frozen=True)
class RunSummary:
    """One row of the history. ``problem`` says why a damaged run cannot be opened."""

    path: Path
    name: str
    """What `open_run` finds it by: its directory, below that of its race if it has one."""
    started: datetime | None = None
    config: ExperimentConfig | None = None
    result: dict[str, Any] | None = None
    iteration: int = 0
    """Of the newest checkpoint; 0 without one."""
    running: bool = False
    """A process that is alive writes it now."""
    problem: str = ""

    @property
    def status(self) -> str:
        """``damaged``, ``running``, ``unfinished``, or the reason why it ended."""
        if self.problem:
            return DAMAGED
        if self.running:
            return RUNNING
        behind = self.result is None or self.result["iterations"] < self.iteration
        return UNFINISHED if behind else str((self.result or {})["reason"])

    @property
    def resumable(self) -> bool:
        """Whether it can go on from a checkpoint, and is not done."""
        return bool(self.iteration) and self.status in (UNFINISHED, "stopped", "failed")


def list_runs(root: Path | None = None) -> list[RunSummary]:
    """All runs, newest first; a damaged one is listed with its problem, and hides no other."""
    root = root or default_root()
    found = [summary_of(path, _name(path, root)) for path in _directories(root)]
    return sorted(found, key=lambda run: run.name, reverse=True)


def _directories(root: Path) -> Iterator[Path]:
    """Every run's, those of races among them."""
    for path in _folders(root):
        if _holds((path / RACE).is_file):
            yield from _folders(path)
        else:
            yield path


def _folders(root: Path) -> list[Path]:
    """What cannot be read holds none, unless it is itself one of them."""
    try:
        with os.scandir(root) as entries:
            folders = [entry for entry in entries if entry.name != TRASH]
            return [Path(entry.path) for entry in folders if _holds(entry.is_dir)]
    except OSError:
        return []


def _holds(question: Callable[[], bool]) -> bool:
    """No where the system cannot tell, as of a link that leads to itself."""
    try:
        return question()
    except OSError:
        return False


def _name(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())


def summary_of(path: Path, name: str = "") -> RunSummary:
    """One run; its directory's name unless it has another in the list."""
    name = name or printable(path.name)
    run = Run(path)
    try:
        config, facts, result = run.config(), run.facts(), run.result()
        iterations = run.iterations()
    except BadInput as error:
        return RunSummary(path, name, problem=_sentence(error))
    except OSError as error:
        return RunSummary(path, name, problem=f"{printable(path)}: {error.strerror or error}")
    started = datetime.fromtimestamp(facts.started)
    newest = max(iterations, default=0)
    return RunSummary(path, name, started, config, result, newest, run.is_written)


def _sentence(error: BadInput) -> str:
    return f"{error.where}: {error.problem}"
