"""How fast a run goes, and when it will have ended: steps, validations and the test."""

from __future__ import annotations

import math
import statistics
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.events import Evaluating
    from workbench.experiments.training_params import TrainingParams

RATE_SECONDS = 15.0
SETTLED_SECONDS = 0.8
"""Of steps that a time left is foretold from at least."""
CHUNKS = 15
"""Measured parts of evaluations that the time of a task is the median of."""


class Pace:
    """Fed with what comes, at the time it comes. Nothing is estimated that was not yet measured."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._now = clock
        self._steps: deque[tuple[float, int]] = deque(maxlen=2048)
        self._parts: deque[float] = deque(maxlen=CHUNKS)
        self._compiled = False
        self._measured = 0.0
        """Seconds that evaluations took, so that they can be taken out of the time of steps."""
        self.evaluating: Evaluating | None = None
        """The evaluation that is going on."""
        self._heard = 0.0

    def restart(self) -> None:
        """Training pauses or goes on: the speed of steps is measured anew."""
        self._steps.clear()
        self._heard = self._now()

    def take_steps(self, iteration: int) -> None:
        """So many outer steps are done."""
        self.evaluating = None
        now = self._now() - self._measured
        self._steps.append((now, iteration))
        while len(self._steps) > 2 and now - self._steps[0][0] > RATE_SECONDS:
            self._steps.popleft()

    def take_evaluating(self, event: Evaluating) -> None:
        last = self.evaluating
        if last is None or event.done <= last.done:
            self.evaluating, self._heard = event, self._now()
            return
        seconds = event.seconds - last.seconds
        self._measured += seconds
        if self._compiled:
            self._parts.append(seconds / (event.done - last.done))
        self._compiled = True  # the first part of a run may have compiled kernels
        self._heard = self._now()
        self.evaluating = event if event.done < event.tasks else None

    @property
    def rate(self) -> float:
        """Outer steps a second, evaluations not counted."""
        if len(self._steps) < 2:
            return 0.0
        (began, first), (ended, last) = self._steps[0], self._steps[-1]
        return (last - first) / (ended - began) if ended > began else 0.0

    @property
    def task_seconds(self) -> float:
        """What measuring one task takes; NaN before it was measured."""
        return statistics.median(self._parts) if self._parts else math.nan

    @property
    def evaluation_left(self) -> float:
        """Seconds until the evaluation that is going on ends; NaN where that is not known."""
        going = self.evaluating
        if going is None:
            return 0.0
        left = (going.tasks - going.done) * self.task_seconds
        return max(left - (self._now() - self._heard), 0.0)

    def left(self, training: TrainingParams, total: int, iteration: int, spent: float) -> float:
        """Seconds until the end of the run, from so many steps and seconds of training on."""
        going = self.evaluating
        if going is not None and going.split == "test":
            return self.evaluation_left
        steps, seconds = float(total - iteration), 0.0
        if steps:
            if not self.rate or self._steps[-1][0] - self._steps[0][0] < SETTLED_SECONDS:
                return math.nan
            seconds = steps / self.rate
            if training.seconds:
                seconds = min(seconds, max(training.seconds - spent, 0.0))
                steps = seconds * self.rate
        tasks = self._validations(training, iteration, steps) * training.eval_tasks
        return seconds + (tasks + training.test_tasks) * self.task_seconds + self.evaluation_left

    def _validations(self, training: TrainingParams, iteration: int, steps: float) -> int:
        """Those still to begin: at every interval, and at the end where none falls on it."""
        if not steps:
            return 0
        end, every = iteration + round(steps), training.eval_interval
        return end // every - iteration // every + (end % every > 0)
