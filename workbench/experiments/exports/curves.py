"""The recorded curves of a run as TensorBoard's event files, long after it was trained."""

from __future__ import annotations

from pathlib import Path

from workbench.core.registry import get
from workbench.experiments.replay import Replay
from workbench.experiments.tensorboard import TensorBoard, require


def write_tensorboard(replay: Replay, started: float, folder: Path) -> None:
    """One file of everything that was recorded, at the times when it was.

    ``started`` is in seconds since 1970. Raises `BadInput` without the package, and `OSError`.
    """
    require("tensorboard")
    task = replay.config.task
    metric = get("task", task.name).build(task).spec.metric
    at = started
    sink = TensorBoard(folder, metric, clock=lambda: at)
    try:
        for event in replay.events:
            at = started + getattr(event, "seconds", at - started)
            sink.take(event)
    finally:
        sink.close()
