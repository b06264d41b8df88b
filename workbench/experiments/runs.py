"""The runs that are stored: a row for each, damaged ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import RACE, Run, default_root, read_json


@dataclass(frozen=True)
class RunSummary:
    """One row of the history. ``problem`` says why a damaged run cannot be opened."""

    path: Path
    name: str
    """What `open_run` finds it by: its directory, below that of its race if it has one."""
    started: datetime | None = None
    config: ExperimentConfig | None = None
    result: dict[str, Any] | None = None
    problem: str = ""

    @property
    def status(self) -> str:
        if self.problem:
            return "damaged"
        return str(self.result["reason"]) if self.result else "unfinished"


def list_runs(root: Path | None = None) -> list[RunSummary]:
    """All runs, newest first; a damaged one is listed with its problem, and hides no other."""
    root = root or default_root()
    if not root.is_dir():
        return []
    found = [_summary(path, path.relative_to(root).as_posix()) for path in _directories(root)]
    return sorted(found, key=lambda run: run.name, reverse=True)


def _directories(root: Path) -> Iterator[Path]:
    """Every run's, those of races among them."""
    for path in root.iterdir():
        if (path / RACE).is_file():
            yield from _directories(path)
        elif path.is_dir():
            yield path


def _summary(path: Path, name: str) -> RunSummary:
    try:
        config = Run(path).config()
        started = datetime.fromtimestamp(read_json(path / "run.json")["started"])
        result_file = path / "result.json"
        result = read_json(result_file) if result_file.exists() else None
        return RunSummary(path, name, started, config, result)
    except (BadInput, OSError, KeyError, TypeError) as error:
        return RunSummary(path, name, problem=str(error))
