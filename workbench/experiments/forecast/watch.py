"""When the events of a training come: what its parts took."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from workbench.core.errors import BadInput
from workbench.core.events import (
    CheckpointSaved,
    Evaluated,
    Evaluating,
    Event,
    Finished,
    Reason,
    StepDone,
)
from workbench.core.task import Split

Clock = Callable[[], float]


@dataclass
class Times:
    """In seconds of the clock."""

    begin: float = 0.0
    """Until the first evaluation."""
    total: float = 0.0
    steps: list[float] = field(default_factory=list)
    """The moments at which outer steps were done."""
    counted: list[float] = field(default_factory=list)
    """`StepDone.seconds` of each."""
    evaluations: dict[Split, list[tuple[int, float]]] = field(default_factory=dict)
    """How many tasks, and how long; the record of it is part of it."""
    checkpoint: float = 0.0

    @property
    def step(self) -> float:
        """From one outer step to the next."""
        if len(self.steps) < 2:
            return sum(self.counted)
        return (self.steps[-1] - self.steps[0]) / (len(self.steps) - 1)

    @property
    def counted_step(self) -> float:
        if len(self.counted) < 2:
            return sum(self.counted)
        return (self.counted[-1] - self.counted[0]) / (len(self.counted) - 1)

    def task(self, split: Split, after: int = 0) -> float:
        """Of one task of a split; the first ``after`` evaluations are left out."""
        found = self.evaluations.get(split, [])
        found = found[after:] or found
        tasks = sum(count for count, _ in found)
        return sum(seconds for _, seconds in found) / tasks if tasks else 0.0


def timed(events: Iterable[Event], clock: Clock) -> Times:
    """Read a training to its end; raises `BadInput` with what it failed of."""
    times, began = Times(), clock()
    last = asked = began
    for event in events:
        now = clock()
        match event:
            case Evaluating(done=0):
                asked = now
                times.begin = times.begin or now - began
            case Evaluated(curve=curve):
                times.evaluations.setdefault(curve.split, []).append((curve.tasks, now - asked))
            case StepDone(seconds=seconds):
                times.steps.append(now)
                times.counted.append(seconds)
            case CheckpointSaved():
                times.checkpoint = now - last
            case Finished(reason=Reason.FAILED, error=error):
                raise BadInput("config", error, "")
        last = now
    times.total = clock() - began
    return times
