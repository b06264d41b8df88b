"""Trust-region policy optimisation: the farthest step that changes policies by no more than asked.

J. Schulman, S. Levine, P. Moritz, M. Jordan, P. Abbeel, "Trust Region Policy Optimization", ICML
2015, appendix C: with g the gradient and H the Hessian of the mean divergence, x solves H x = g by
conjugate gradients, the step is sqrt(2 delta / x'Hx) x, and it is shortened until the surrogate
loss falls and the divergence is within delta.

Differs from the MAML authors' code: nothing but the damping, which is theirs for a thousandth of
the numbers; both shorten by 0.8, up to 15 times.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from workbench.core.algorithm import Evidence, Weights
from workbench.engine.gather import flat, split

SOLVED_IN = 10
"""Conjugate gradients, at most."""
DAMPING = 1e-5
SHORTEN = 0.8
TRIES = 15
TINY = 1e-10


def descent(weights: Weights, gradients: Weights, evidence: Evidence, trust: float) -> Weights:
    """What is to be taken off the weights; zero where no step keeps to the constraint."""
    slope = flat(weights, gradients)
    product = evidence.curvature(weights)

    def damped(vector: Tensor) -> Tensor:
        return product(vector) + DAMPING * vector

    along = conjugate_gradients(damped, slope)
    bent = float(along @ damped(along))
    if bent <= 0:
        return split(torch.zeros_like(slope), weights)
    whole = (2 * trust / bent) ** 0.5 * along
    return split(_within(weights, whole, evidence, trust) * whole, weights)


def _within(weights: Weights, step: Tensor, evidence: Evidence, trust: float) -> float:
    """The share of a step that lowers the loss within the constraint; 0 where none does."""
    before, _ = evidence.value(weights)
    share = 1.0
    for _ in range(TRIES):
        part = split(share * step, weights)
        loss, far = evidence.value({name: weights[name] - part[name] for name in weights})
        if loss < before and far <= trust:
            return share
        share *= SHORTEN
    return 0.0


def conjugate_gradients(product: Callable[[Tensor], Tensor], wanted: Tensor) -> Tensor:
    """Solve ``product(x) = wanted`` for a positive definite product."""
    found = torch.zeros_like(wanted)
    left, along = wanted.clone(), wanted.clone()
    size = left @ left
    for _ in range(SOLVED_IN):
        if size < TINY:
            break
        bent = product(along)
        far = size / (along @ bent)
        found += far * along
        left -= far * bent
        new = left @ left
        along = left + new / size * along
        size = new
    return found
