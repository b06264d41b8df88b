"""What a training has told lately, for a window that comes later: the rest is in the record.

The record is written about once a second: what is kept here reaches back much further. It is half
of what waits for a window at most, so that what it tells meanwhile pushes none of it out.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from workbench.core.events import Evaluated, Evaluating, Event, Halted, StepDone
from workbench.experiments.sinks import MAX_WAITING


class Kept:
    """``began`` is the iteration of the checkpoint that the training goes on from, -1 without."""

    def __init__(self, began: int, most: int = MAX_WAITING // 2) -> None:
        self._after = began
        self._most = most
        self._events: deque[Event] = deque()

    @property
    def after(self) -> int:
        """Of the record, all up to this iteration comes before what is kept."""
        return self._after

    @property
    def events(self) -> list[Event]:
        return list(self._events)

    def add(self, events: list[Event]) -> None:
        """All but what is for whoever watches at the time; of every task's scores the newest."""
        for event in events:
            if isinstance(event, (Evaluating, Halted)):
                continue
            if isinstance(event, Evaluated) and event.scores is not None:
                self._forget_scores()
            self._events.append(event)
        while len(self._events) > self._most:
            self._forget_oldest()

    def _forget_scores(self) -> None:
        for place, event in enumerate(self._events):
            if isinstance(event, Evaluated) and event.scores is not None:
                self._events[place] = replace(event, scores=None)

    def _forget_oldest(self) -> None:
        """A tenth at a time, up to the end of an iteration: what is kept begins with a step."""
        for _ in range(max(1, self._most // 10)):
            self._events.popleft()
        while self._events and not isinstance(self._events[0], StepDone):
            self._events.popleft()
        if self._events:
            first = self._events[0]
            assert isinstance(first, StepDone)
            self._after = first.iteration - 1
