"""Reading the directory of a run: every file through its model, and nothing is passed over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.record import metrics as metrics_file
from workbench.experiments.record import models
from workbench.experiments.record.lock import is_held
from workbench.experiments.record.metrics import Metrics, read_metrics

log = logging.getLogger(__name__)


class RunReader:
    """What a run's directory holds. Every method raises `BadInput` naming the file at fault."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def config(self) -> ExperimentConfig:
        """The four sections that the run was started with."""
        file = self.path / "config.json"
        sections = models.read_model(file, models.Config)
        try:
            return ExperimentConfig.from_json(sections.model_dump(exclude={"schema_version"}))
        except BadInput as error:
            raise BadInput(f"{file}: {error.where}", error.problem, error.remedy) from error

    def facts(self) -> models.RunFacts:
        return models.read_model(self.path / "run.json", models.RunFacts)

    def result(self, *, damaged_is_none: bool = False) -> dict[str, Any] | None:
        """What ``result.json`` says; nothing before the run's first end."""
        file = self.path / "result.json"
        if not file.exists() and not file.is_symlink():
            return None
        try:
            return models.read_model(file, models.Result).model_dump(exclude={"schema_version"})
        except BadInput:
            if damaged_is_none:
                return None
            raise

    def metrics(self) -> Metrics:
        """The recorded events as plain values, and how many lines are damaged.

        A torn last line is what a kill leaves; a run that has ended in order has none, and its
        last line says so.
        """
        found = read_metrics(self.path / metrics_file.NAME)
        if not (self.path / "result.json").exists():
            return found
        ended = any(line["event"] == metrics_file.FINISHED for line in found.lines)
        told = ended or bool(found.resumptions)
        return replace(found, damaged=found.damaged + (found.torn or not told))

    def events(self) -> list[dict[str, Any]]:
        """The recorded events as plain values."""
        return list(self.metrics().lines)

    @property
    def is_written(self) -> bool:
        """Whether a live process, this one perhaps, writes the run now."""
        return is_held(self.path)

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Those that can be read, oldest first; one at a time in memory."""
        for iteration in self.iterations():
            try:
                yield self._checkpoint_at(iteration)
            except BadInput as problem:
                log.warning("%s", problem)

    def iterations(self) -> list[int]:
        """The outer steps after which the kept checkpoints stand, oldest first.

        The one that ``latest.json`` names is among them, even where its files are missing; what was
        not described before a kill is not.
        """
        directory = self.path / "checkpoints"
        described = {int(file.stem) for file in sidecars(directory)}
        return sorted(described | self._latest())

    def load_checkpoint(self, iteration: int | None = None) -> Checkpoint:
        """That of an iteration, or the newest that can be read; raises `BadInput` without one.

        What is wrong with newer ones stands in `Checkpoint.passed_over`, to be said to the user.
        """
        if iteration is not None:
            return self._checkpoint_at(iteration)
        problems: list[BadInput] = []
        for at in reversed(self.iterations()):
            try:
                found = self._checkpoint_at(at)
            except BadInput as problem:
                problems.append(problem)
            else:
                passed = tuple(f"{one.where}: {one.problem}" for one in problems)
                return replace(found, passed_over=passed)
        if problems:
            raise problems[0]
        raise BadInput(
            str(self.path), marked("holds no checkpoint"), marked("Choose a run that has saved one")
        )

    def _latest(self) -> set[int]:
        """The newest checkpoint that was written whole; nothing where nothing says."""
        try:
            file = self.path / "checkpoints" / "latest.json"
            named = models.read_model(file, models.Latest).checkpoint
        except BadInput:
            return set()
        return {int(named.removesuffix(".json"))}

    def _checkpoint_at(self, iteration: int) -> Checkpoint:
        kept = self.iterations()
        if iteration not in kept:
            known = ", ".join(map(str, kept)) or "none"
            raise BadInput(
                str(self.path),
                marked("keeps no checkpoint of iteration {0}").format(iteration),
                marked("It has: {0}").format(known),
            )
        return checkpoints.read(self.path / "checkpoints" / f"{iteration:09d}.json")


def sidecars(directory: Path) -> list[Path]:
    """The descriptions of checkpoints, oldest first."""
    return sorted(file for file in directory.glob("*.json") if _numbered(file))


def _numbered(file: Path) -> bool:
    return file.stem.isascii() and file.stem.isdigit()
