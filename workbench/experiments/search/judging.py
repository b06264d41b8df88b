"""A trial by its validations: its best, and whether the pruner gives it up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.core.curve import Selection
from workbench.core.events import Evaluated, Event

if TYPE_CHECKING:
    import optuna


class Judged:
    """Tells the study of a trial's validations, those before it was stopped among them."""

    def __init__(self, trial: optuna.Trial, by: Selection, maximised: bool) -> None:
        self._trial, self._by, self._maximised = trial, by, maximised
        frozen = trial.storage.get_trial(trial._trial_id)
        self._reported = set(frozen.intermediate_values)
        self.best: float | None = None
        self.pruned = False
        for score in frozen.intermediate_values.values():
            self._take(score)

    def should_end(self, event: Event) -> bool:
        """Whether this event is a validation after which the pruner gives the trial up."""
        if not isinstance(event, Evaluated) or event.curve.split != "val":
            return False
        score = event.curve.selected(self._by)
        if not math.isfinite(score):
            return False
        self._take(score)
        if event.iteration not in self._reported:
            self._reported.add(event.iteration)
            self._trial.report(score, event.iteration)
        if self.pruned or not self._trial.should_prune():
            return False
        self.pruned = True
        return True

    def _take(self, score: float) -> None:
        if self.best is None or (score > self.best if self._maximised else score < self.best):
            self.best = score
