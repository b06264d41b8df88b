"""Events as plain values and back: what is written as a line, a pipe or a file is read here too."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from workbench.core.curve import Curve
from workbench.core.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Preparing,
    Reason,
    StepDone,
)
from workbench.core.files import plain

KINDS: dict[str, type] = {
    "preparing": Preparing,
    "step": StepDone,
    "evaluated": Evaluated,
    "checkpoint": CheckpointSaved,
    "finished": Finished,
}
_NAMES = {kind: name for name, kind in KINDS.items()}
_FIELDS = {name: {"event", *(f.name for f in fields(kind))} for name, kind in KINDS.items()}


def is_recorded(event: Event) -> bool:
    """Whether an event is part of the record; some are for whoever watches alone."""
    return type(event) in _NAMES


def encode(event: Event) -> dict[str, Any]:
    """An event that is recorded as plain values, its kind under ``event``."""
    values: dict[str, Any] = plain(asdict(event))
    return {"event": _NAMES[type(event)], **values}


def is_whole(line: dict[str, Any]) -> bool:
    """Whether a line of an older version, without a checksum, has just the fields of its kind."""
    return line.keys() <= _FIELDS.get(str(line.get("event")), set())


def decode(line: dict[str, Any]) -> Event | None:
    """The event of a line; nothing for lines that only mark a place in the record.

    Raises `KeyError`, `TypeError` or `ValueError` where the values are not those of an event.
    """
    values = {name: value for name, value in line.items() if name != "event"}
    match line["event"]:
        case "step":
            numbers = {name: float(value) for name, value in values.items() if name != "iteration"}
            return StepDone(iteration=int(values["iteration"]), **numbers)
        case "evaluated":
            curve = Curve.restore(values["curve"])
            return Evaluated(int(values["iteration"]), curve, bool(values["best"]))
        case "finished":
            return Finished(
                Reason(values["reason"]),
                int(values["iteration"]),
                str(values.get("error", "")),
                str(values.get("details", "")),
            )
        case "preparing":
            return Preparing(int(values["iteration"]), str(values["message"]))
        case "checkpoint":
            return CheckpointSaved(int(values["iteration"]), Path(values["path"]))
        case _:
            return None
