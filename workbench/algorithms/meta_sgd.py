"""Meta-SGD: the step size of every single weight is learned, sign included.

Z. Li, F. Zhou, F. Chen, H. Li, "Meta-SGD: Learning to Learn Quickly for Few-Shot Learning", 2017,
equation 2: phi = theta - a * grad L_S(theta), elementwise; theta and a are trained together.

Differs from the authors' code: none was found to compare with. The paper starts every rate
somewhere in a range that lies far below MAML's for images; ``start`` "alpha" starts them all at
MAML's.
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

RATE = "rate/"
"""Before the name of a weight: its learned step sizes."""


class MetaSgdParams(InnerParams):
    name: Literal["meta_sgd"] = "meta_sgd"
    start: Literal["uniform", "alpha"] = param(
        "uniform",
        marked(
            "Where learned step sizes start: somewhere in a range, as in the paper, or all at α."
        ),
    )
    rate_low: float = param(
        0.005, marked("Learned step sizes start between this and the next number."), ge=-10, le=10
    )
    rate_high: float = param(
        0.1,
        marked("Learned step sizes start between the last number and this."),
        ge=-10,
        le=10,
        more=marked(
            "The range says what a step along the mean loss is multiplied "
            "with, whatever the reduction. Training may turn step sizes "
            "negative; they are shown, not clamped."
        ),
    )


@dataclass(frozen=True)
class LearnedRates(Rule):
    """Gradient descent with a step size for each weight."""

    steps: int
    adapted: frozenset[str]
    first_order = False

    def start(self, weights: Weights) -> Weights:
        return {name: weight for name, weight in weights.items() if name in self.adapted}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {
            name: fast[name] - weights[RATE + name] * gradient
            for name, gradient in gradients.items()
        }


@register("algorithm", "meta_sgd", title=marked("Meta-SGD"), params=MetaSgdParams)
class MetaSgd(InnerLoopMethod):
    """MAML that also learns a step size, and its sign, for every weight."""

    group = Group.INNER_LOOP
    rank = 0

    def __init__(self, params: Any, engine: Engine) -> None:
        super().__init__(params, engine)
        low, high = sorted((params.rate_low, params.rate_high))
        if params.start == "alpha":
            low = high = self.inner_rate
        self._rates = {
            RATE + name: _drawn(weight, low, high) for name, weight in engine.initial().items()
        }

    def initial(self) -> Weights:
        return {**super().initial(), **{n: rate.clone() for n, rate in self._rates.items()}}

    def rule(self, steps: int, iteration: int | None = None) -> LearnedRates:
        return LearnedRates(steps, self.engine.names)

    def learned_rates(self, weights: Weights) -> Weights:
        return {n.removeprefix(RATE): w for n, w in weights.items() if n.startswith(RATE)}


def _drawn(weight: Tensor, low: float, high: float) -> Tensor:
    """Rates for one tensor, drawn on the CPU: a seed gives the same ones on every device."""
    return torch.empty(weight.shape, dtype=weight.dtype).uniform_(low, high).to(weight.device)
