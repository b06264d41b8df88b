"""A recorded run as the events it once yielded."""

from __future__ import annotations

import logging
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.core import user_code
from workbench.gui.threads.background import Report

if TYPE_CHECKING:
    from workbench.core.events import Event
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.store import Run

log = logging.getLogger(__name__)


def read_run(path: Path, report: Report) -> tuple[ExperimentConfig, list[Event]]:
    """What a run was, and everything it told; raises `BadInput` when it cannot be read."""
    from workbench.experiments.store import open_run

    run = open_run(path)
    events = (_event(line) for line in run.events())
    return run.config(), [event for event in events if event is not None]


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
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.store import open_run

    config, events = read_run(path, report)
    run = open_run(path)
    kept = run.load_checkpoint()
    model = ExperimentConfig.from_json(kept.config).model.model_dump()
    if changed := user_code.changed_since(model):
        log.warning("%s", changed)
    before = [e for e in events if getattr(e, "iteration", kept.iteration + 1) <= kept.iteration]
    return Recorded(run, config, kept, [e for e in before if not hasattr(e, "reason")])


def _event(line: dict[str, Any]) -> Event | None:
    from workbench.core import events as kinds

    if line["event"] == "step":
        known = {field.name for field in fields(kinds.StepDone)}
        numbers = {name: float(line[name]) for name in known - {"iteration"}}
        return kinds.StepDone(iteration=int(line["iteration"]), **numbers)
    if line["event"] == "evaluated":
        curve = kinds.Curve.restore(line["curve"])
        return kinds.Evaluated(int(line["iteration"]), curve, bool(line["best"]))
    if line["event"] == "finished":
        reason = kinds.Reason(line["reason"])
        return kinds.Finished(reason, int(line["iteration"]), str(line.get("error", "")))
    return None
