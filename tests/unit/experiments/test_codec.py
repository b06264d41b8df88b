"""What is written as a line is read back as the same event, whatever its kind and its values."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.curve import Curve, Spread
from workbench.core.events import (
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
from workbench.core.sealed import SEAL
from workbench.core.task import SPLITS
from workbench.experiments.record import codec
from workbench.experiments.record.metrics import MetricsLog, read_metrics

NUMBERS = st.floats()
COUNTS = st.integers(0, 2**53)
TEXT = st.text(st.characters())  # lone surrogates among them, as names of files hold them
NAMES = st.sampled_from(SPLITS)


def spreads() -> st.SearchStrategy[Spread]:
    ruled = st.one_of(st.tuples(st.none(), st.none()), st.tuples(COUNTS, NUMBERS))
    kinds = st.sampled_from(("normal", "bootstrap"))
    made = st.tuples(st.tuples(*[NUMBERS] * 8), kinds, ruled)
    return made.map(lambda found: Spread(*found[0], found[1], *found[2]))


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """With as many numbers everywhere; those of older versions have no spread."""
    steps = draw(st.integers(1, 4))
    columns = [tuple(draw(st.lists(NUMBERS, min_size=steps, max_size=steps))) for _ in range(4)]
    spread = draw(st.sampled_from((0, steps)))
    shapes = tuple(draw(st.lists(spreads(), min_size=spread, max_size=spread)))
    facts = (draw(TEXT), draw(NAMES), draw(st.integers(1, 2**53)), draw(st.booleans()))
    return Curve(*facts, *columns, shapes)


EVENTS: dict[type, st.SearchStrategy[Any]] = {
    Preparing: st.builds(Preparing, COUNTS, TEXT),
    StepDone: st.builds(StepDone, COUNTS, *[NUMBERS] * 6),
    Evaluating: st.builds(Evaluating, NAMES, COUNTS, COUNTS, NUMBERS),
    Evaluated: st.builds(Evaluated, COUNTS, curves(), st.booleans()),
    CheckpointSaved: st.builds(CheckpointSaved, COUNTS, TEXT.map(Path)),
    Halted: st.builds(Halted, COUNTS, st.sampled_from(Halt), TEXT),
    Noticed: st.builds(Noticed, COUNTS, TEXT),
    Finished: st.builds(Finished, st.sampled_from(Reason), COUNTS, TEXT, TEXT),
}


def same(one: Any, other: Any) -> bool:
    """Equal in type and value, down to the sign of a zero; one NaN is as good as another."""
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or (one == other and math.copysign(1, one) == math.copysign(1, other))
    return bool(one == other)


def test_every_kind_of_event_is_covered() -> None:
    assert set(EVENTS) == set(get_args(Event)) == set(codec.KINDS.values())


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_an_event_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    event = data.draw(EVENTS[kind])
    line = codec.to_line(codec.encode(event))
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    read = codec.from_line(line.rstrip(b"\n"), sealed=True)
    assert read is not None and read.pop(SEAL)
    assert same(codec.decode(read), event)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_flipped_bit_gives_no_event(kind: type, data: st.DataObject) -> None:
    event = data.draw(EVENTS[kind])
    line = bytearray(codec.to_line(codec.encode(event)).rstrip(b"\n"))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert codec.from_line(bytes(line), sealed=True) is None


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_line_that_lacks_a_value_is_no_event(kind: type, data: st.DataObject) -> None:
    line = codec.encode(data.draw(EVENTS[kind]))
    needed = set(line) - {"error", "details", codec.ACTED}
    line.pop(data.draw(st.sampled_from(sorted(needed))))
    assert codec.decode(line) is None


def test_lines_of_older_versions_have_no_seal() -> None:
    values = codec.encode(StepDone(3, 0.5, 1.0, float("nan"), 0.25, 1.5, 0.001))
    text = json.dumps(values).encode()
    assert codec.from_line(text, sealed=False) == values
    assert codec.from_line(text, sealed=True) is None
    more = json.dumps({**values, "other": 1}).encode()
    assert codec.from_line(more, sealed=False) is None


def test_marks_are_lines_and_no_events(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path / "metrics.jsonl")
    for mark in ({"event": codec.GAP, "lost": 3}, {"event": codec.RESUMED, "iteration": 2}):
        log.add(mark)
        assert codec.decode(mark) is None
    log.close()
    found = read_metrics(tmp_path / "metrics.jsonl")
    assert (len(found.lines), found.damaged, len(found.resumptions)) == (1, 0, 1)
