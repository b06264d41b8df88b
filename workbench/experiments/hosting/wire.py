"""What is said between a training in a process of its own and the window: JSON, then tensors.

A message is four bytes (the length of its JSON), the JSON object, and safetensors bytes where it
carries any. Nothing in it is code: what comes from the other side is read, never run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from safetensors.torch import save
from torch import Tensor

from workbench.core.algorithm import Scores
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, Event
from workbench.core.files import parse_json
from workbench.core.marked import marked
from workbench.core.tensors import load_tensors
from workbench.experiments.record import codec

PROTOCOL = 1
"""Of the messages; another one is not spoken with."""
AT_ONCE = 2_000
"""Events in one message: a window is not held up by a long one."""
_LENGTH = 4
_ENCODER = json.JSONEncoder(allow_nan=False)
Message = dict[str, Any]
Tensors = dict[str, Tensor]


def pack(message: Mapping[str, Any], tensors: Mapping[str, Tensor] | None = None) -> bytes:
    """A message of plain values, with tensors by name."""
    text = _ENCODER.encode(dict(message)).encode()
    data = save({n: t.detach().cpu().contiguous() for n, t in tensors.items()}) if tensors else b""
    return len(text).to_bytes(_LENGTH, "little") + text + data


def unpack(data: bytes) -> tuple[Message, Tensors]:
    """The message and its tensors; raises `BadInput` for anything else."""
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    try:
        message = parse_json(data[_LENGTH:end].decode(), WHERE)
    except UnicodeDecodeError as error:
        raise BadInput(WHERE, marked("is not text")) from error
    if not isinstance(message, dict):
        raise BadInput(WHERE, marked("is no message"))
    rest = data[end:]
    return message, load_tensors(rest, WHERE) if rest else {}


WHERE = "message"


def told(state: str, heard: int, events: Iterable[Event] = ()) -> bytes:
    """Events in order, the state after them, and the number of the last wish that it answers."""
    lines, tensors = [], Tensors()
    for place, event in enumerate(events):
        lines.append(codec.encode(event))
        if isinstance(event, Evaluated) and event.scores is not None:
            tensors.update(_tensors_of(event.scores, place))
    return pack({"kind": "told", "state": state, "heard": heard, "events": lines}, tensors)


def events_of(message: Message, tensors: Tensors) -> list[Event]:
    """The events of a `told` message, every task's scores with those that had them."""
    found = []
    for place, line in enumerate(message["events"]):
        event = codec.decode(line)
        if isinstance(event, Evaluated) and f"{place}/metric" in tensors:
            event = replace(event, scores=_scores_of(tensors, place))
        if event is not None:
            found.append(event)
    return found


def _tensors_of(scores: Scores, place: int) -> Tensors:
    held = {field.name: getattr(scores, field.name) for field in fields(Scores)}
    return {f"{place}/{name}": held[name] for name in held if held[name] is not None}


def _scores_of(tensors: Tensors, place: int) -> Scores:
    return Scores(**{field.name: tensors.get(f"{place}/{field.name}") for field in fields(Scores)})  # type: ignore[arg-type]
