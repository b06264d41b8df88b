"""Layers that stay out of the inner loop, whatever the rule: a trait of the model.

H. Lee et al., "MeLU: Meta-Learned User Preference Estimator for Cold-Start Recommendation",
KDD 2019: only the decision layers adapt to a user, the embeddings do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from workbench.core.algorithm import Forward, Weights
from workbench.core.episode import Batch
from workbench.engine.rule import Rule


def holding(rule: Rule, held: frozenset[str]) -> Rule:
    """The rule without the tensors that are held; the very rule where there are none."""
    return Holding(rule, held) if held and not isinstance(rule, Holding) else rule


@dataclass(frozen=True)
class Holding(Rule):
    """Another rule for fewer tensors; what is held keeps its meta-parameters."""

    rule: Rule
    held: frozenset[str]

    @property
    def steps(self) -> int:  # type: ignore[override]
        return self.rule.steps

    @property
    def first_order(self) -> bool:  # type: ignore[override]
        return self.rule.first_order

    @property
    def searches(self) -> bool:
        return self.rule.searches

    def start(self, weights: Weights) -> Weights:
        return self._free(self.rule.start(weights))

    def begin(
        self, forward: Forward, weights: Weights, support: Batch, items: Tensor | None = None
    ) -> Weights:
        return self._free(self.rule.begin(forward, weights, support, items))

    def used(self, weights: Weights, fast: Weights, step: int) -> Weights:
        return self.rule.used(weights, fast, step)

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return self.rule.move(weights, fast, gradients, step)

    def settled(
        self, weights: Weights, fast: Weights, moved: Weights, loss: Callable[[Weights], Tensor]
    ) -> Weights:
        return self.rule.settled(weights, fast, moved, loss)

    def emphasis(self) -> tuple[float, ...]:
        return self.rule.emphasis()

    def _free(self, tensors: Weights) -> Weights:
        return {name: tensor for name, tensor in tensors.items() if name not in self.held}
