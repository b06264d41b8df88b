"""A recorded run as the events it once yielded."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core import user_code
from workbench.gui.threads.background import Report

if TYPE_CHECKING:
    from workbench.core.events import Event
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.store import Run

log = logging.getLogger(__name__)
DRAWN = ("step", "evaluated", "finished")
"""Lines that are drawn; the others are for the log of the time."""


@dataclass(frozen=True)
class Replay:
    """What a run was, and everything it told."""

    config: ExperimentConfig
    events: list[Event]
    problem: str = ""
    """What of its record cannot be read."""


def read_run(path: Path, report: Report) -> Replay:
    """A run as it is drawn; raises `BadInput` when it cannot be read."""
    from workbench.experiments.store import open_run

    run = open_run(path)
    metrics = run.metrics()
    drawn = [line for line in metrics.lines if line["event"] in DRAWN]
    events = [event for line in drawn if (event := _event(line)) is not None]
    damaged, problem = metrics.damaged + len(drawn) - len(events), ""
    if damaged:
        problem = f"{run.path.name}: {damaged} lines of its metrics are damaged"
    return Replay(run.config(), events, problem)


@dataclass(frozen=True)
class Recorded:
    """What it takes to go on with a run, and to draw what it did so far."""

    run: Run
    config: ExperimentConfig
    checkpoint: Checkpoint
    events: list[Event]


def read_checkpoint(path: Path, report: Report) -> Recorded:
    """A run's newest checkpoint; raises `BadInput` when there is none that can be read.

    And `Untrusted` for a model file that the user has not trusted.
    """
    from workbench.core.events import Evaluated, StepDone
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.store import open_run

    replay = read_run(path, report)
    run = open_run(path)
    kept = run.load_checkpoint()
    model = ExperimentConfig.from_json(kept.config).model.model_dump()
    if changed := user_code.changed_since(model):
        log.warning("%s", changed)
    before: list[Event] = [
        event
        for event in replay.events
        if isinstance(event, (StepDone, Evaluated)) and event.iteration <= kept.iteration
    ]
    return Recorded(run, replay.config, kept, before)


def _event(line: dict[str, object]) -> Event | None:
    """The event of a line; nothing where its values are not those of one."""
    from workbench.experiments.record import codec

    try:
        return codec.decode(line)
    except (KeyError, TypeError, ValueError):
        return None
