"""The best on validation so far, and for how long nothing better has come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from workbench.core.algorithm import Weights
from workbench.core.curve import Curve
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.training_params import TrainingParams


@dataclass(frozen=True)
class Standing:
    """Settled by what a checkpoint keeps, so that a run that goes on stands where it stood."""

    weights: Weights = field(default_factory=dict)
    """Those that did best, or the first."""
    best: Curve | None = None
    iteration: int = 0
    """At which the best was found."""
    plateaus_before: int = 0
    """How often validation had stood still before the best was found."""

    @classmethod
    def of(cls, kept: Checkpoint) -> Standing:
        return cls(dict(kept.best_weights), kept.best, kept.best_iteration, kept.plateaus_before)

    def with_best(
        self, curve: Curve, iteration: int, weights: Weights, params: TrainingParams
    ) -> Standing:
        """After a validation that is the best so far."""
        before = self.plateaus(iteration - 1, params)
        return replace(
            self, weights=weights, best=curve, iteration=iteration, plateaus_before=before
        )

    def idle(self, iteration: int, params: TrainingParams) -> int:
        """Validations since the best one."""
        every = params.eval_interval
        return max(0, iteration // every - self.iteration // every)

    def plateaus(self, iteration: int, params: TrainingParams) -> int:
        """How often ``decay_patience`` validations in a row were no better than the best.

        The count begins anew with a better one, and after each time.
        """
        return self.plateaus_before + self.idle(iteration, params) // params.decay_patience

    def is_over(self, iteration: int, params: TrainingParams) -> bool:
        """Whether a training ends early: no better one in ``patience`` validations."""
        return bool(params.patience) and self.idle(iteration, params) >= params.patience
