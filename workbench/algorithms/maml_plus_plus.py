"""MAML++: remedies for MAML's instabilities, each of them a switch.

A. Antoniou, H. Edwards, A. Storkey, "How to train your MAML", ICLR 2019. An epoch is a number of
outer steps.

- Multi-step loss (section 4.1): the query loss after every inner step counts. With N steps,
  epoch e and gamma = 1 / (N E), step i < N weighs max(1/N - e gamma, .03/N) and the last one
  min(1/N + e (N-1) gamma, 1 - (N-1) .03/N). From epoch E on the last loss is the only one, as in
  the authors' code, and the others are not computed.
- Derivative-order annealing (4.2): first order for the first epochs.
- Step sizes learned for each tensor and inner step (4.5, "LSLR").
- Scale and shift of normalisation for each inner step (4.4, "BNWB"); they are not adapted, and
  statistics are those of the batch.
- Cosine annealing of the outer rate (4.6): the training's own ``schedule``.

Learned step sizes move by about the outer rate a step, whatever their own size. On the sinusoid
those of the head grow 10 to 50 times within 1,000 steps; then one task whose support loss is curved
more than 2 over the step size can take the outer gradient beyond float32 (docs/algorithms.md).

Differs from the authors' code: predictions are those of one checkpoint, theirs average the five
best; batch normalisation keeps no running averages; a query set seen after step i goes by the scale
and shift of step i + 1, theirs by those of step i.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group, Weights
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.engine import Engine, Rule
from workbench.engine.rule import spread

RATES, NORMS = "rates/", "norms/"
LEAST = 0.03
"""The least weight of an early step, times 1 / N."""
LONGEST = 1_000_000
"""Outer steps of an epoch, at most."""


class MamlPlusPlusParams(InnerParams):
    name: Literal["maml_plus_plus"] = "maml_plus_plus"
    learned_rates: bool = param(
        True, marked("Learn a step size for each tensor and inner step, starting from α.")
    )
    multi_step_loss: bool = param(
        True, marked("Let the query loss after every inner step count, the last one more and more.")
    )
    multi_step_epochs: int = param(
        10, marked("Epochs until only the last step counts."), symbol="E", ge=1, le=10_000
    )
    per_step_norm: bool = param(
        True, marked("Learn scale and shift of batch normalisation for each inner step.")
    )
    first_order_epochs: int = param(
        0,
        marked("Epochs of first-order gradients before second-order ones."),
        ge=0,
        le=10_000,
        more=marked(
            "The published configuration switches this off; 50 is what the paper describes."
        ),
    )
    epoch: int = param(
        500, marked("Outer steps in an epoch."), ge=1, le=LONGEST, log_scale=True, advanced=True
    )


@dataclass(frozen=True)
class PlusPlusLoop(Rule):
    """Gradient descent with learned step sizes and a normalisation of its own at each step."""

    steps: int
    rate: float
    adapted: frozenset[str]
    norms: frozenset[str]
    weighing: tuple[float, ...] = ()
    first_order: bool = False

    def start(self, weights: Weights) -> Weights:
        return {name: weight for name, weight in weights.items() if name in self.adapted}

    def used(self, weights: Weights, fast: Weights, step: int) -> Weights:
        at = {name: _at(weights[NORMS + name], step, -2) for name in self.norms}
        return {**weights, **fast, **at}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {
            name: fast[name] - self._rate(weights, name, gradient, step) * gradient
            for name, gradient in gradients.items()
        }

    def emphasis(self) -> tuple[float, ...]:
        return self.weighing or super().emphasis()

    def _rate(self, weights: Weights, name: str, gradient: Tensor, step: int) -> Tensor | float:
        rates = weights.get(RATES + name)
        if rates is None:
            return self.rate
        return spread(_at(rates, step, -1), gradient)


@register("algorithm", "maml_plus_plus", title=marked("MAML++"), params=MamlPlusPlusParams)
class MamlPlusPlus(InnerLoopMethod):
    """MAML with learned step sizes, a loss at every step and its own normalisation at each."""

    group = Group.INNER_LOOP
    rank = 1

    def __init__(self, params: Any, engine: Engine) -> None:
        super().__init__(params, engine)
        self._norms = engine.norms if params.per_step_norm else frozenset()
        self._adapted = engine.names - self._norms

    @classmethod
    def stretches(cls, params: Any) -> tuple[tuple[int, dict[str, Any]], ...]:
        """First-order gradients and the losses of early steps end with an epoch each."""
        coarse = params.first_order_epochs * params.epoch
        early = params.multi_step_epochs * params.epoch if params.multi_step_loss else 0
        return tuple(
            (
                begins,
                {
                    "epoch": LONGEST,
                    "first_order_epochs": int(begins < coarse),
                    "multi_step_loss": begins < early,
                },
            )
            for begins in sorted({0, coarse, early})
        )

    def initial(self) -> Weights:
        weights, steps = super().initial(), self.params.inner_steps
        extra = {NORMS + name: weights[name].repeat(steps + 1, 1) for name in sorted(self._norms)}
        if self.params.learned_rates:
            extra |= {
                RATES + name: torch.full((max(steps, 1),), self.inner_rate, dtype=weight.dtype)
                for name, weight in weights.items()
                if name in self._adapted
            }
        return {**weights, **extra}

    def rule(self, steps: int, iteration: int | None = None) -> PlusPlusLoop:
        params = self.params
        epoch = None if iteration is None else iteration // params.epoch
        return PlusPlusLoop(
            steps,
            self.inner_rate,
            self._adapted,
            self._norms,
            self._weighing(steps, epoch),
            first_order=epoch is not None and epoch < params.first_order_epochs,
        )

    def _weighing(self, steps: int, epoch: int | None) -> tuple[float, ...]:
        if epoch is None or steps == 0 or not self.params.multi_step_loss:
            return ()
        return weighing(steps, epoch, self.params.multi_step_epochs)

    def learned_rates(self, weights: Weights) -> Weights:
        return {n.removeprefix(RATES): w for n, w in weights.items() if n.startswith(RATES)}


def weighing(steps: int, epoch: int, epochs: int) -> tuple[float, ...]:
    """How much the query loss after step 0, 1, ... counts in an epoch; the sum is one."""
    if epoch >= epochs:
        return (*[0.0] * steps, 1.0)
    even, decay = 1 / steps, epoch / (steps * epochs)
    early = max(even - decay, LEAST / steps)
    last = min(even + (steps - 1) * decay, 1 - (steps - 1) * LEAST / steps)
    return (0.0, *[early] * (steps - 1), last)


def _at(rows: Tensor, step: int, axis: int) -> Tensor:
    """The row of a step; steps beyond those trained use the last one."""
    return rows.select(axis, min(step, rows.shape[axis] - 1))
