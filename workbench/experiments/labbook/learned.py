"""How a run learned, read without decoding every step: for a table of thousands of runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, StepDone
from workbench.core.files import read_file
from workbench.core.sealed import SEAL
from workbench.experiments.record import codec
from workbench.experiments.record.metrics import MAX_BYTES, NAME, precedes

Stamp = tuple[int, int]
"""Size and time of the metrics: as long as they are the same, so is what was read."""
_WANTED = (b'"evaluated"', b'"resumed"')


@dataclass(frozen=True)
class Learned:
    """What is empty was not measured, or cannot be read."""

    validations: tuple[tuple[int, float], ...] = ()
    """Outer iteration, and the metric after adapting."""
    best: dict[str, Any] | None = None
    """The best validation, as ``metrics`` of the command line's contract."""
    best_iteration: int = 0
    iterations: int = 0
    """Outer steps recorded."""
    seconds: float = 0.0
    """Of training, recorded."""


def stamp(run: Path) -> Stamp:
    """Zeros where there are no metrics."""
    try:
        found = (run / NAME).stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def read_learned(run: Path) -> Learned:
    """Damaged lines are passed over: `replay.read_run` is what tells of them."""
    try:
        texts = read_file(run / NAME, MAX_BYTES).split(b"\n")
    except BadInput:
        return Learned()
    events = [event for line in _counting(texts) if (event := codec.decode(line)) is not None]
    seen = [event for event in events if isinstance(event, Evaluated)]
    step = _last_step(texts)
    return of_events(seen, step)


def of_events(seen: list[Evaluated], step: StepDone | None) -> Learned:
    """From evaluations in order, and the newest step."""
    validations = [event for event in seen if event.curve.split == "val"]
    best = next((event for event in reversed(validations) if event.best), None)
    return Learned(
        tuple((event.iteration, event.curve.after) for event in validations),
        None if best is None else best.curve.to_json(),
        0 if best is None else best.iteration,
        0 if step is None else step.iteration,
        0.0 if step is None else step.seconds,
    )


def _counting(texts: list[bytes]) -> list[dict[str, Any]]:
    """Evaluations that still count, where the run went on from an older checkpoint too."""
    lines: list[dict[str, Any]] = []
    for text in texts:
        if not any(word in text for word in _WANTED):
            continue
        line = codec.from_line(text, sealed=False)
        if line is None:
            continue
        if line["event"] == codec.RESUMED:
            lines = [kept for kept in lines if precedes(kept, line["iteration"])]
        elif line["event"] == "evaluated":
            lines.append({name: value for name, value in line.items() if name != SEAL})
    return lines


def _last_step(texts: list[bytes]) -> StepDone | None:
    for text in reversed(texts):
        if b'"step"' in text and (line := codec.from_line(text, sealed=False)) is not None:
            line.pop(SEAL, None)
            event = codec.decode(line)
            if isinstance(event, StepDone):
                return event
    return None
