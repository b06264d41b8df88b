"""How a task's weights move: what methods with a gradient-descent inner loop differ in.

A rule works on one task and, where its operations broadcast over leading dimensions, equally on T
tasks whose weights carry a leading task dimension.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from workbench.core.algorithm import Forward, Weights
from workbench.core.episode import Batch


class Rule(ABC):
    """One inner loop: phi_0 from the meta-parameters, phi_{j+1} from phi_j and its gradients."""

    steps: int
    first_order: bool
    """Treat the inner gradients as constants: the outer gradient then ignores curvature."""

    @property
    def searches(self) -> bool:
        """Whether `settled` changes where a step ends; the end then has no derivative."""
        return False

    def start(self, weights: Weights) -> Weights:
        """The tensors that adapt, before the first step; all meta-parameters by default."""
        return weights

    def begin(
        self, forward: Forward, weights: Weights, support: Batch, items: Tensor | None = None
    ) -> Weights:
        """`start`, for rules that look at the support set first; differentiable in all it is given.

        ``items [n]`` says how much each item of a single task counts; all alike where it is left
        out.
        """
        return self.start(weights)

    def used(self, weights: Weights, fast: Weights, step: int) -> Weights:
        """The weights of the model after ``step`` steps."""
        return {**weights, **fast}

    @abstractmethod
    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        """The tensors of ``gradients`` after one more step; those without a gradient stay."""

    def settled(
        self, weights: Weights, fast: Weights, moved: Weights, loss: Callable[[Weights], Tensor]
    ) -> Weights:
        """The end of a step from ``fast``, where nothing is differentiated through the loop.

        ``loss`` gives the support loss of other ends: a rule may search for a better one.
        """
        return moved

    def emphasis(self) -> tuple[float, ...]:
        """The weight of the query loss after 0, 1, ... ``steps`` steps in the outer loss."""
        return (0.0,) * self.steps + (1.0,)


@dataclass(frozen=True)
class InnerLoop(Rule):
    """Plain gradient descent of all weights on the support set: what fast strategies compute.

    C. Finn et al., "Model-Agnostic Meta-Learning", ICML 2017, algorithm 1, lines 5-6:
    phi_{j+1} = phi_j - alpha * grad L_S(phi_j).
    """

    steps: int
    rate: float
    first_order: bool = False

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {name: fast[name] - self.rate * gradient for name, gradient in gradients.items()}


def spread(value: Tensor, over: Tensor) -> Tensor:
    """A number ``[]``, or one a task ``[T]``, in a shape that multiplies ``over [T, ...]``."""
    return value.reshape((*value.shape, *[1] * (over.dim() - value.dim())))


@dataclass(frozen=True)
class PartialLoop(Rule):
    """Gradient descent of some tensors; the others keep their meta-parameters."""

    steps: int
    rate: float
    adapted: frozenset[str]
    first_order: bool = False

    def start(self, weights: Weights) -> Weights:
        return {name: weight for name, weight in weights.items() if name in self.adapted}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {name: fast[name] - self.rate * gradient for name, gradient in gradients.items()}


@dataclass(frozen=True)
class TwoRates(Rule):
    """Gradient descent of some tensors, at another rate after the first step."""

    steps: int
    rate: float
    later: float
    adapted: frozenset[str]
    first_order: bool = False

    def start(self, weights: Weights) -> Weights:
        return {name: weight for name, weight in weights.items() if name in self.adapted}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        rate = self.later if step else self.rate
        return {name: fast[name] - rate * gradient for name, gradient in gradients.items()}
