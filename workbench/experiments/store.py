"""One directory a run, and it is the truth: configuration, metrics, checkpoints, result.

Nothing of it is replaced before its successor is whole, so that a crash at any moment, a full disk
and a failed attempt to go on leave what was there.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.core import interrupts, places
from workbench.core.errors import BadInput, CannotWrite, printable
from workbench.core.events import CheckpointSaved, Evaluated, Event, Finished, Reason, StepDone
from workbench.core.files import plain, sweep
from workbench.core.marked import marked
from workbench.core.sealed import write_sealed
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import device_of
from workbench.experiments.record import codec, models
from workbench.experiments.record import metrics as metrics_file
from workbench.experiments.record.lock import WriterLock
from workbench.experiments.record.metrics import MetricsLog
from workbench.experiments.record.reading import RunReader, sidecars

log = logging.getLogger(__name__)

RACE = "race.json"
"""The file that marks a folder of runs that raced each other; see `experiments.race`."""
SEARCH = "search.json"
"""The file that marks a folder of runs that are trials of a study; see `experiments.search`."""
KEPT = 2
"""Newest checkpoints kept whatever their number; each also has the weights best on validation."""
MILESTONES = 16
"""Older checkpoints kept at most, evenly spaced, to look back on."""


def default_root() -> Path:
    """Where runs go unless told otherwise."""
    return places.data("runs")


class Run(RunReader):
    """The record of one run: read by anybody, written by the one thread that trains."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._lock = WriterLock(path)
        self._metrics = MetricsLog(path / metrics_file.NAME)
        self._goes_on: dict[str, Any] | None = None
        """The mark of a run that goes on, until its first new event is recorded."""

    @classmethod
    def create(
        cls,
        config: ExperimentConfig,
        path: Path | None = None,
        origin: models.Origin | None = None,
        weights_from: str = "",
    ) -> Run:
        """Make the directory, and hold it for writing.

        Raises `BadInput` when nothing can be written there; then nothing is left behind.
        """
        path = path or fresh_path(config)
        made = not path.exists()
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise BadInput(
                    str(path), marked("is not empty"), marked("Choose a new directory for the run")
                )
            run = cls(path)
            run.claim()
            run._write_facts(config, origin, weights_from)
        except OSError as error:
            _take_back(path, made)
            raise BadInput(
                str(path),
                marked("cannot be written ({0})").format(error.strerror),
                marked("Choose another directory"),
            ) from error
        return run

    def fork(
        self,
        config: ExperimentConfig,
        begins: Checkpoint,
        origin: models.Origin,
        path: Path | None = None,
    ) -> Run:
        """A new run that begins with that state, what led to it here in its record.

        It is held for writing. Raises `BadInput` or `OSError`, and then leaves nothing behind.
        """
        other = Run.create(config, path, origin)
        try:
            for line in self.metrics().lines:
                if metrics_file.precedes(line, begins.iteration) and not _is_test(line):
                    other._metrics.add(line)
            other.save_checkpoint(begins)
        except OSError:
            other.release()
            _take_back(other.path, made=True)
            raise
        return other

    def claim(self) -> None:
        """Hold the run for writing until `release`; raises `BadInput` when another process does.

        What a writer that was killed left half written is swept away.
        """
        self._lock.claim()
        for directory in (self.path, self.path / "checkpoints", self.path / "evaluations"):
            sweep(directory)

    def release(self) -> None:
        """Write what is waiting, and let others write."""
        self._metrics.close()
        self._lock.release()

    def go_on_from(self, iteration: int, changes: Mapping[str, tuple[Any, Any]]) -> None:
        """From the first new event on, what was recorded after this checkpoint no longer counts.

        ``changes`` are settings given anew, before and after. An attempt that fails before that
        event leaves the record as it was.
        """
        self._goes_on = {"event": codec.RESUMED, "iteration": iteration}
        if changes:
            self._goes_on["changes"] = plain(changes)

    def record(self, event: Event) -> None:
        """Append an event to ``metrics.jsonl``; see `unwritten` for a disk that takes none."""
        if not codec.is_recorded(event):
            return
        if self._goes_on is not None:
            if not _is_news(event):
                return
            self._metrics.add(self._goes_on)
            self._goes_on = None
        self._metrics.add(codec.encode(event))
        if isinstance(event, (CheckpointSaved, Finished)):
            self._metrics.flush(sync=True)

    @property
    def unwritten(self) -> str:
        """Why events wait to be written, in a sentence; empty while none do."""
        return "" if self._metrics.problem is None else str(self._metrics.problem)

    def save_checkpoint(self, checkpoint: Checkpoint) -> Path:
        """Write it, then point ``latest.json`` at it, then let older ones go.

        What led to it is on the disk before it is. Where the run went on from an older checkpoint,
        those after this one go too. Raises `CannotWrite`, with the older ones whole.
        """
        self._metrics.flush(sync=True)
        directory = self.path / "checkpoints"
        with interrupts.whole():
            sidecar = checkpoints.write(directory, checkpoint)
            write_sealed(directory / "latest.json", {"checkpoint": sidecar.name})
        checkpoints.tidy(sidecar)
        kept = sidecars(directory)
        if sidecar not in kept:  # the directory was taken away a moment ago
            raise CannotWrite(sidecar, FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
        until = kept.index(sidecar) + 1
        for old in (*_outdated(kept[:until]), *kept[until:]):
            checkpoints.remove(old)
        return sidecar

    def finish(self, result: dict[str, Any]) -> None:
        """Keep what the run came to, unless it failed where it had come to more before."""
        before = self.result(damaged_is_none=True)
        if before is None or result["reason"] != Reason.FAILED or _is_more(result, before):
            write_sealed(self.path / "result.json", {"schema_version": models.SCHEMA, **result})

    def make_again(self, config: ExperimentConfig, path: Path | None = None) -> None:
        """Make the directory anew where it was taken away, or at another place.

        What is written from now on stands there. Raises `OSError` or `BadInput`.
        """
        if path is not None:
            self.release()
            self.path = path
            self._lock = WriterLock(path)
            self._metrics.move_to(path / metrics_file.NAME)
        if (self.path / "config.json").exists() and (self.path / "checkpoints").is_dir():
            return
        self._lock.release()
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock.claim()
        self._write_facts(config, None)

    def why_unwritten(self, error: OSError) -> str:
        """What the system refuses, in a sentence; that the whole directory is gone, if it is."""
        if self.path.is_dir():
            return f"{error}"
        return (
            f"the directory of the run, {printable(self.path)}, is gone. To go on is to make it "
            "again, with what comes from now on"
        )

    def _write_facts(
        self, config: ExperimentConfig, origin: models.Origin | None, weights_from: str = ""
    ) -> None:
        (self.path / "checkpoints").mkdir(exist_ok=True)
        facts = models.RunFacts.present(
            os.getpid(), origin, weights_from, device_of(config.training.device)
        )
        write_sealed(self.path / "run.json", facts.model_dump())
        sections = {"schema_version": models.SCHEMA, **config.to_record()}
        write_sealed(self.path / "config.json", sections)


def open_run(path: Path) -> Run:
    """An existing run by its directory, or by its name among the stored ones."""
    for candidate in (path, default_root() / path):
        if os.path.lexists(candidate / "config.json"):
            return Run(candidate)
    raise BadInput(
        str(path), marked("is not a run directory"), marked("See `runs` for the ones there are")
    )


def _take_back(path: Path, made: bool) -> None:
    """Leave nothing of a run that could not be begun; ``path`` was empty, or was not there."""
    with contextlib.suppress(OSError):
        for entry in path.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        if made:
            path.rmdir()


def _is_test(line: dict[str, Any]) -> bool:
    """Whether a line tells what a run came to on the test tasks, which is its own alone."""
    return bool(line["event"] == "evaluated" and line["curve"]["split"] == "test")


def _is_news(event: Event) -> bool:
    """Whether a run that goes on has got anywhere, or has ended in order."""
    if isinstance(event, Finished):
        return event.reason != Reason.FAILED
    return isinstance(event, (StepDone, Evaluated, CheckpointSaved))


def _is_more(failed: dict[str, Any], before: dict[str, Any]) -> bool:
    further = bool(failed["iterations"] > before["iterations"])
    return further and before["reason"] != Reason.COMPLETED


def fresh_path(config: ExperimentConfig) -> Path:
    """Where a new run goes among the stored ones."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    name = f"{stamp}-{config.algorithm.name}-{config.task.name}-{uuid.uuid4().hex[:4]}"
    return default_root() / name


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
