"""What a later window is told: what is kept and the record before it make one whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from workbench.core.algorithm import Scores
from workbench.core.curve import Curve
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
from workbench.experiments.hosting import wire
from workbench.experiments.hosting.kept import Kept
from workbench.experiments.sinks import MAX_WAITING

STEP = StepDone(1, 0.5, 1 / 3, 0.1, 0.7, 2.0, 1e-3)
CURVE = Curve("mse", "val", 3, False, (1.0, 0.3), (0.1, 0.1), (1.0, 0.3), (1.0, 0.2))
EVALUATED = Evaluated(3, CURVE, True)
EVENTS: tuple[Event, ...] = (
    Preparing(0, "Engine: \udcff"),
    replace(STEP, acted=ActedSoFar(12, 0.25)),
    EVALUATED,
    Evaluating("test", 7, 3, 0.25),
    CheckpointSaved(3, Path("checkpoints/000000003.json")),
    Halted(3, Halt.STORAGE, "full"),
    Noticed(4, "said"),
    Finished(Reason.FAILED, 4, "why", "where"),
)
SCORES = Scores(torch.rand(3, 2), torch.rand(3, 2), torch.rand(3, 2), torch.ones(3, 5).long())


def told(iterations: range) -> list[Event]:
    """A step at each, a validation after every third."""
    events: list[Event] = []
    for n in iterations:
        events.append(replace(STEP, iteration=n))
        if n % 3 == 0:
            events.append(Evaluating("val", 3, 0, 0.0))
            events.append(replace(EVALUATED, iteration=n, scores=SCORES))
    return events


def test_all_is_kept_at_first_and_later_what_begins_with_a_step() -> None:
    kept = Kept(began=4, most=40)
    kept.add(told(range(5, 15)))
    assert kept.after == 4
    assert [e.iteration for e in kept.events if isinstance(e, StepDone)] == list(range(5, 15))
    for start in range(15, 400, 5):
        kept.add(told(range(start, start + 5)))
        first, *_ = kept.events
        assert isinstance(first, StepDone) and first.iteration == kept.after + 1 > 1
        assert len(kept.events) <= 40 < MAX_WAITING
    steps = [e.iteration for e in kept.events if isinstance(e, StepDone)]
    assert steps == list(range(steps[0], 400)) and len(steps) > 20
    assert not any(isinstance(event, Evaluating) for event in kept.events)
    scored = [e for e in kept.events if isinstance(e, Evaluated) and e.scores is not None]
    assert len(scored) == 1 and scored[0].iteration == 399


def test_events_come_out_of_the_wire_as_they_went_in() -> None:
    events = [*EVENTS, replace(EVALUATED, scores=SCORES), replace(STEP, query_loss=float("inf"))]
    message, tensors = wire.unpack(wire.told("running", 3, events))
    assert (message["state"], message["heard"]) == ("running", 3)
    found = wire.events_of(message, tensors)
    assert found == events
    scores = found[len(EVENTS)]
    assert isinstance(scores, Evaluated) and scores.scores is not None
    assert torch.equal(scores.scores.metric, SCORES.metric) and scores.scores.wanted is None
    assert scores.scores.predicted is not None and scores.scores.predicted.dtype == torch.int64
