"""The curves of a run as TensorBoard's event files: a sink that needs the package `tensorboard`.

Tags: ``meta-train/<column>`` for every outer step, and ``<split>/<metric>/<what>`` for every
evaluation, where ``what`` is before, after, median, low, high (the ends of the 95 % interval after
adapting). Steps are outer steps. Files are flushed at every evaluation, checkpoint and end.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.events import CheckpointSaved, Evaluated, Event, Finished, StepDone
from workbench.core.marked import marked

FOLDER = "tensorboard"
"""Below the directory of the run; ``tensorboard --logdir RUNS`` finds it there."""
_VERSION = "brain.Event:2"
_SPLITS = {"train": "meta-train", "val": "meta-val", "test": "meta-test"}


def require(flag: str) -> None:
    """Raise `BadInput` at ``flag`` where the package is missing."""
    if importlib.util.find_spec("tensorboard") is None:
        raise BadInput(
            flag,
            marked("needs the package tensorboard, which is not installed"),
            marked("Install it with: pip install 'maml-workbench[tensorboard]'"),
        )


class TensorBoard:
    """Writes a file of its own for each training; a run that goes on drops what it repeats.

    ``metric`` names that of the task family; ``goes_on_from`` is the checkpoint's iteration;
    ``clock`` gives seconds since 1970. Raises `OSError` where nothing can be written.
    """

    title = "TensorBoard"

    def __init__(
        self,
        folder: Path,
        metric: str,
        goes_on_from: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        from tensorboard.compat.proto.event_pb2 import Event as Record
        from tensorboard.compat.proto.event_pb2 import SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        self._record, self._metric, self._clock = Record, metric, clock
        folder.mkdir(parents=True, exist_ok=True)
        self._writer = RecordWriter((folder / _file_name()).open("wb"))
        self._write(file_version=_VERSION)
        if goes_on_from is not None:
            again = SessionLog(status=SessionLog.START)
            self._write(step=goes_on_from + 1, session_log=again)

    def take(self, event: Event) -> None:
        match event:
            case StepDone():
                self._scalars(event.iteration, self._of_step(event))
            case Evaluated():
                self._scalars(event.iteration, _of_evaluation(event))
                self._writer.flush()
            case CheckpointSaved() | Finished():
                self._writer.flush()
            case _:
                pass

    def close(self) -> None:
        if not self._writer.closed:
            self._writer.close()

    def _of_step(self, step: StepDone) -> dict[str, float]:
        return {
            "meta-train/support_loss": step.support_loss,
            "meta-train/query_loss": step.query_loss,
            f"meta-train/query_{self._metric}": step.query_metric,
            "meta-train/gradient_norm": step.gradient_norm,
            "meta-train/outer_rate": step.outer_rate,
            "meta-train/seconds": step.seconds,
        }

    def _scalars(self, step: int, values: Mapping[str, float]) -> None:
        from tensorboard.compat.proto.summary_pb2 import Summary

        told = [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
        self._write(step=step, summary=Summary(value=told))

    def _write(self, **fields: Any) -> None:
        self._writer.write(self._record(wall_time=self._clock(), **fields).SerializeToString())


def _of_evaluation(event: Evaluated) -> dict[str, float]:
    curve = event.curve
    before, after = curve.measure(0), curve.measure(-1)
    low, high = after.ends
    median = {} if after.median is None else {"median": after.median}
    found = {"before": before.mean, "after": after.mean, "low": low, "high": high, **median}
    return {f"{_SPLITS[curve.split]}/{curve.metric}/{n}": value for n, value in found.items()}


def _file_name() -> str:
    """As TensorBoard looks for them; no two are the same."""
    return f"events.out.tfevents.{time.time_ns():020d}.{socket.gethostname()}.{os.getpid()}"
