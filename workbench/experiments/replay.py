"""A recorded run as the events it once yielded: what the window draws and the terminal prints."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.curve import Curve
from workbench.core.events import Evaluated, Event, StepDone
from workbench.experiments.changes import continued
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.record import codec
from workbench.experiments.record.metrics import NAME as METRICS
from workbench.experiments.record.metrics import Metrics
from workbench.experiments.store import Run, open_run

log = logging.getLogger(__name__)
SHOWN = ("step", "evaluated", "finished")
"""Lines that are shown; the others are for the log of the time."""


@dataclass(frozen=True)
class Replay:
    """What a run was, and everything it told."""

    config: ExperimentConfig
    events: list[Event]
    problem: str = ""
    """What of its record is damaged or was lost."""
    resumptions: tuple[dict[str, Any], ...] = ()
    """A mark for each time that it went on from a checkpoint; see `record.codec`."""

    @property
    def steps(self) -> list[StepDone]:
        return [event for event in self.events if isinstance(event, StepDone)]

    @property
    def validations(self) -> list[Evaluated]:
        return [event for event in self._evaluated if event.curve.split == "val"]

    @property
    def best(self) -> Evaluated | None:
        """The validation that the best weights were chosen by; the last one where none was best."""
        seen = self.validations
        return next((event for event in reversed(seen) if event.best), seen[-1] if seen else None)

    @property
    def last(self) -> Curve | None:
        """What the run came to: on the test split where measured, else the best validation."""
        tests = [event.curve for event in self._evaluated if event.curve.split == "test"]
        if tests:
            return tests[-1]
        return None if self.best is None else self.best.curve

    @property
    def _evaluated(self) -> list[Evaluated]:
        return [event for event in self.events if isinstance(event, Evaluated)]


def read_run(path: Path) -> Replay:
    """A run by its directory or name; raises `BadInput` when it cannot be read."""
    run = open_run(path)
    metrics = run.metrics()
    shown = [line for line in metrics.lines if line["event"] in SHOWN]
    events = [event for line in shown if (event := codec.decode(line)) is not None]
    problem = _problem(run, metrics, len(shown) - len(events))
    config = continued(run.config(), metrics.resumptions)
    return Replay(config, events, problem, metrics.resumptions)


@dataclass(frozen=True)
class Recorded:
    """What it takes to go on with a run, and to show what it did so far."""

    run: Run
    config: ExperimentConfig
    checkpoint: Checkpoint
    events: list[Event]


def read_checkpoint(path: Path, iteration: int | None = None) -> Recorded:
    """A run's checkpoint of that iteration, or its newest.

    Raises `BadInput` when there is none that can be read, and `Untrusted` for a file that the user
    has not trusted.
    """
    replay, run = read_run(path), open_run(path)
    kept = run.load_checkpoint(iteration)
    config = ExperimentConfig.from_json(kept.config)
    if changed := config.changed():
        log.warning("%s", changed)
    before = [event for event in replay.events if _led_to(event, kept.iteration)]
    return Recorded(run, config, kept, before)


def _led_to(event: Event, iteration: int) -> bool:
    return isinstance(event, (StepDone, Evaluated)) and event.iteration <= iteration


def _problem(run: Run, metrics: Metrics, undecoded: int) -> str:
    if not (run.path / METRICS).exists():
        return f"{run.path.name}: its metrics are missing" if run.iterations() else ""
    damaged = metrics.damaged + undecoded
    lost = sum(_count(line.get("lost")) for line in metrics.lines if line["event"] == codec.GAP)
    told = [
        *([f"{_lines(damaged)} damaged"] if damaged else []),
        *([f"{_lines(lost)} lost, as the disk took none"] if lost else []),
    ]
    return f"{run.path.name}: of its metrics {' and '.join(told)}" if told else ""


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0
