"""Events as lines and back: what writes a line of ``metrics.jsonl`` and what reads it stand here.

A line is the JSON object of one event, its kind under ``event``, with a checksum; see
`core.sealed`. Two further kinds tell no event, but mark a place in the record.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.events import (
    ActedSoFar,
    CheckpointSaved,
    Evaluated,
    Evaluating,
    Event,
    Finished,
    Halt,
    Halted,
    Noticed,
    Preparing,
    Reason,
    StepDone,
)
from workbench.core.files import parse_json, plain
from workbench.core.sealed import SEAL, seal, unseal
from workbench.core.task import SPLITS

KINDS: dict[str, type] = {
    "preparing": Preparing,
    "step": StepDone,
    "evaluating": Evaluating,
    "evaluated": Evaluated,
    "checkpoint": CheckpointSaved,
    "halted": Halted,
    "noticed": Noticed,
    "finished": Finished,
}
WATCHED = (Evaluating, Halted, Noticed)
"""Kinds for whoever watches at the time; the record of a run has none of them."""
RESUMED, GAP = "resumed", "gap"
"""The marks: the run goes on from an older checkpoint; a full disk has cost the lines before."""
_NAMES = {kind: name for name, kind in KINDS.items()}
_AS_WRITTEN = json.JSONEncoder(allow_nan=False)
UNRECORDED = "scores"
"""The field for whoever watches at the time; see `Evaluated`."""
ACTED = "acted"
"""The field of those steps alone that were taken by acting."""
_FIELDS = {
    name: {"event", *(f.name for f in fields(kind) if f.name != UNRECORDED)}
    for name, kind in KINDS.items()
}


def is_recorded(event: Event) -> bool:
    """Whether an event is part of the record of a run."""
    return not isinstance(event, WATCHED)


def encode(event: Event) -> dict[str, Any]:
    """An event as plain values, its kind under ``event``."""
    told = replace(event, scores=None) if isinstance(event, Evaluated) else event
    values: dict[str, Any] = plain(asdict(told))
    values.pop(UNRECORDED, None)
    if values.get(ACTED, ...) is None:
        del values[ACTED]
    return {"event": _NAMES[type(event)], **values}


def decode(line: dict[str, Any]) -> Event | None:
    """The event of a line; nothing where its values are not those of an event, or it is a mark."""
    try:
        return _event(line["event"], {n: value for n, value in line.items() if n != "event"})
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def to_line(values: dict[str, Any]) -> bytes:
    """Plain values, of `encode` or of a mark, as a sealed line with its end."""
    return _text(seal(values)) + b"\n"


def from_line(text: bytes, sealed: bool) -> dict[str, Any] | None:
    """The values of a line, its seal among them; nothing where it is not what was written.

    Lines of older versions have no seal. Once a line of the file has one (``sealed``), all that
    follow must; before that, a line must have just the fields of its kind.
    """
    try:
        line = parse_json(text.decode(), "line")
    except (BadInput, UnicodeDecodeError):
        return None
    if unseal(line) is None or not _is_known(line):
        return None
    if SEAL in line:
        return line if _text(line) == text.removesuffix(b"\r") else None
    return line if not sealed and _is_whole(line) else None


def _text(line: dict[str, Any]) -> bytes:
    return _AS_WRITTEN.encode(line).encode()


def _event(kind: str, values: dict[str, Any]) -> Event | None:
    at = 0 if kind == _NAMES[Evaluating] else int(values["iteration"])
    match kind:
        case "step":
            acted = _acted(values.pop(ACTED, None))
            numbers = {name: float(value) for name, value in values.items() if name != "iteration"}
            return StepDone(at, **numbers, acted=acted)
        case "evaluated":
            return Evaluated(at, Curve.restore(values["curve"]), bool(values["best"]))
        case "evaluating":
            split = SPLITS[SPLITS.index(values["split"])]
            seconds = float(values["seconds"])
            return Evaluating(split, int(values["tasks"]), int(values["done"]), seconds)
        case "finished":
            told = (str(values.get(name, "")) for name in ("error", "details"))
            return Finished(Reason(values["reason"]), at, *told)
        case "halted":
            return Halted(at, Halt(values["cause"]), str(values["message"]))
        case "preparing":
            return Preparing(at, str(values["message"]))
        case "noticed":
            return Noticed(at, str(values["message"]))
        case "checkpoint":
            return CheckpointSaved(at, Path(values["path"]))
        case _:
            return None


def _acted(values: dict[str, Any] | None) -> ActedSoFar | None:
    if values is None:
        return None
    return ActedSoFar(int(values["steps"]), float(values["metric_before"]))


def _is_whole(line: dict[str, Any]) -> bool:
    return line.keys() <= _FIELDS.get(str(line.get("event")), set())


def _is_known(line: dict[str, Any]) -> bool:
    """Whether a line is of a kind that is known, at an iteration if its kind has one."""
    kind = line.get("event")
    if kind in (GAP, _NAMES[Evaluating]):
        return True
    return kind in (*KINDS, RESUMED) and type(line.get("iteration")) is int
