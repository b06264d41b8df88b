"""A training of a benchmark: an ordinary run, cut into sessions, with its hours kept beside it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hours import HOUR, Clock

from workbench.cli.numbers import measured
from workbench.core.events import Evaluated, Finished
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training


def session(config: ExperimentConfig, path: Path, hours: float = 0.0) -> None:
    """Train for so many hours, or to the end if 0; called again it goes on. What is done stays."""
    if result(path) is not None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    training = _begun(config, path)
    alarm = threading.Timer(HOUR * hours, training.request_stop)
    alarm.daemon = True
    if hours:
        alarm.start()
    _watch(training, path)
    alarm.cancel()


def result(path: Path) -> Mapping[str, Any] | None:
    """What a run came to, once it has gone to its end."""
    found = Run(path).result() if path.is_dir() else None
    return found if found is not None and found["reason"] == "completed" else None


def kept(path: Path) -> Path:
    """Where the hours of a run are kept: beside it."""
    return path.parent / f"{path.name}.csv"


def _begun(config: ExperimentConfig, path: Path) -> Training:
    family = build_family(config)
    family.prepare(lambda message, share: None)
    if (path / "checkpoints").is_dir():
        return Training(config, family, Run(path), resume=Run(path).load_checkpoint())
    return Training(config, family, Run.create(config, path))


def _watch(training: Training, path: Path) -> None:
    clock = Clock(kept(path))
    for event in training.events():
        if isinstance(event, Evaluated):
            measure = event.curve.measure(-1)
            told = measured(event.curve.metric, *measure)
            print(f"{path.name}, {event.curve.split} at {event.iteration}: {told}", flush=True)
            if event.curve.split == "val":
                clock.note(event.iteration, measure)
        if isinstance(event, Finished):
            print(f"{path.name}: {event.reason} at {event.iteration} {event.error}", flush=True)
            clock.note(event.iteration)
