"""One directory a run, and it is the truth: configuration, metrics, checkpoints, result."""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from workbench import places
from workbench.core import interrupts
from workbench.core.errors import BadInput
from workbench.core.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Preparing,
    StepDone,
)
from workbench.core.files import plain, write_atomically, write_json
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig

log = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
RACE = "race.json"
"""The file that marks a folder of runs that raced each other; see `experiments.race`."""
KEPT = 2
"""Newest checkpoints kept whatever their number; each also has the weights best on validation."""
MILESTONES = 16
"""Older checkpoints kept at most, evenly spaced, to look back on."""


def default_root() -> Path:
    """Where runs go unless told otherwise."""
    return places.data("runs")


class Run:
    """The record of one run, open for writing by the one thread that trains."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._metrics: TextIO | None = None
        self._flushed = 0.0

    @classmethod
    def create(cls, config: ExperimentConfig, path: Path | None = None) -> Run:
        """Make the directory; raises `BadInput` when nothing can be written there."""
        path = path or default_root() / _fresh_name(config)
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise BadInput(str(path), "is not empty", "Choose a new directory for the run")
            (path / "checkpoints").mkdir()
            write_json(path / "config.json", config.to_json())
            write_json(path / "run.json", {"started": time.time(), "process": os.getpid()})
        except OSError as error:
            raise BadInput(
                str(path), f"cannot be written ({error.strerror})", "Choose another directory"
            ) from error
        return cls(path)

    def record(self, event: Event) -> None:
        """Append an event to ``metrics.jsonl``; the last one also settles ``result.json``."""
        stream = self._open()
        stream.write(json.dumps(_line(event), allow_nan=False) + "\n")
        if isinstance(event, Finished) or time.monotonic() - self._flushed > FLUSH_SECONDS:
            stream.flush()
            self._flushed = time.monotonic()
        if isinstance(event, Finished):
            stream.close()
            self._metrics = None

    def save_checkpoint(self, checkpoint: Checkpoint) -> Path:
        """Write it, then point ``latest.json`` at it, then let older ones go."""
        directory = self.path / "checkpoints"
        with interrupts.whole():
            sidecar = checkpoints.write(directory, checkpoint)
            write_json(directory / "latest.json", {"checkpoint": sidecar.name})
        for old in _outdated(_sidecars(directory)):
            old.unlink(missing_ok=True)
            old.with_suffix(".safetensors").unlink(missing_ok=True)
        return sidecar

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Those that can be read, oldest first; one at a time in memory."""
        for sidecar in _sidecars(self.path / "checkpoints"):
            try:
                yield checkpoints.read(sidecar)
            except BadInput as problem:
                log.warning("%s", problem)

    def iterations(self) -> list[int]:
        """The outer steps after which the kept checkpoints stand, oldest first."""
        return [int(file.stem) for file in _sidecars(self.path / "checkpoints")]

    def load_checkpoint(self, iteration: int | None = None) -> Checkpoint:
        """That of an iteration, or the newest that can be read; raises `BadInput` without one."""
        directory = self.path / "checkpoints"
        if iteration is not None:
            return self._checkpoint_at(iteration)
        error: BadInput | None = None
        for sidecar in reversed(_sidecars(directory)):
            try:
                return checkpoints.read(sidecar)
            except BadInput as problem:
                error = error or problem
        raise error or BadInput(
            str(self.path), "holds no checkpoint", "Choose a run that has saved one"
        )

    def _checkpoint_at(self, iteration: int) -> Checkpoint:
        kept = self.iterations()
        if iteration not in kept:
            known = ", ".join(map(str, kept)) or "none"
            raise BadInput(
                str(self.path), f"keeps no checkpoint of iteration {iteration}", f"It has: {known}"
            )
        return checkpoints.read(self.path / "checkpoints" / f"{iteration:09d}.json")

    def rewind(self, iteration: int) -> None:
        """Drop what was recorded after a checkpoint, so that a resumed run repeats no line."""
        file = self.path / "metrics.jsonl"
        if file.exists():
            kept = [line for line in _lines(file) if _precedes(line, iteration)]
            text = "".join(json.dumps(line) + "\n" for line in kept)
            write_atomically(file, text.encode())
        (self.path / "result.json").unlink(missing_ok=True)

    def finish(self, result: dict[str, Any]) -> None:
        write_json(self.path / "result.json", result)

    def config(self) -> ExperimentConfig:
        return ExperimentConfig.from_json(read_json(self.path / "config.json"))

    def events(self) -> list[dict[str, Any]]:
        """The recorded events as plain objects; a torn last line is left out."""
        return _lines(self.path / "metrics.jsonl")

    def _open(self) -> TextIO:
        if self._metrics is None:
            self._metrics = (self.path / "metrics.jsonl").open("a", encoding="utf-8")
        return self._metrics


def open_run(path: Path) -> Run:
    """An existing run by its directory, or by its name among the stored ones."""
    for candidate in (path, default_root() / path):
        if (candidate / "config.json").is_file():
            return Run(candidate)
    raise BadInput(str(path), "is not a run directory", "See `list runs` for the ones there are")


def _fresh_name(config: ExperimentConfig) -> str:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    return f"{stamp}-{config.algorithm.name}-{config.task.name}-{uuid.uuid4().hex[:4]}"


def _outdated(sidecars: list[Path]) -> list[Path]:
    """All but the newest and at most `MILESTONES` of the others.

    Of the others those stay whose iteration is a multiple of the first one's; when they become
    too many, of twice that, and so on as the run grows.
    """
    older = sidecars[:-KEPT]
    spacing = max(int(older[0].stem), 1) if older else 1
    while sum(int(file.stem) % spacing == 0 for file in older) > MILESTONES:
        spacing *= 2
    return [file for file in older if int(file.stem) % spacing]


def _sidecars(directory: Path) -> list[Path]:
    return sorted(file for file in directory.glob("*.json") if file.stem.isdigit())


def _line(event: Event) -> dict[str, Any]:
    kind = {
        Preparing: "preparing",
        StepDone: "step",
        Evaluated: "evaluated",
        CheckpointSaved: "checkpoint",
    }
    values: dict[str, Any] = plain(asdict(event))
    return {"event": kind.get(type(event), "finished"), **values}


def _lines(file: Path) -> list[dict[str, Any]]:
    lines = []
    for text in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines


def _precedes(line: dict[str, Any], iteration: int) -> bool:
    return line["event"] != "finished" and int(line["iteration"]) <= iteration


def read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(str(file), f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise BadInput(str(file), f"is damaged ({error})") from error
