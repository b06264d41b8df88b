"""Why a task diverges: the sharpest direction of the support loss against what a step can stand.

An inner step moves the weights by M grad L_S, where M is the step size alpha or whatever a method
has in its place. Near a minimum an error along an eigenvector of M H, H the Hessian of L_S, is
multiplied by 1 - lambda in every step: it grows as soon as lambda > 2. With one step size that is
an eigenvalue of H above 2 / alpha (B. T. Polyak, "Introduction to Optimization", 1987, section
1.4). The largest eigenvalue comes from power iteration on products with H.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.engine import Forward, Rule
from workbench.experiments.insight.collected import refuse_collected
from workbench.experiments.session import Learner

ITERATIONS = 100
TOLERANCE = 1e-3
"""Relative change of the eigenvalue at which it counts as found."""
LIMIT = 2.0

Product = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Sharpness:
    """At the weights after ``step`` inner steps."""

    step: int
    growth: float
    """The largest eigenvalue of M H; an error along it grows where this is above 2."""
    rate: float | None
    """The step size; None for methods that have one for each weight or layer."""

    @property
    def curvature(self) -> float | None:
        """The largest eigenvalue of H itself, to be compared with 2 / ``rate``."""
        return self.growth / self.rate if self.rate else None

    @property
    def overshoots(self) -> bool:
        return not self.growth <= LIMIT


def sharpness(learner: Learner, episode: Episode, steps: int) -> Iterator[Sharpness]:
    """Yield it after 0, 1, ... steps, until the weights are no numbers any more.

    Raises `BadInput` for methods that do not adapt by gradient steps on the support set.
    """
    method = learner.algorithm
    if not isinstance(method, InnerLoopMethod):
        raise BadInput(
            "curvature",
            marked("this method takes no gradient steps on the support set"),
            marked("Choose a learner of maml or another method with an inner loop"),
        )
    refuse_collected(learner, "curvature")
    weights, rule = learner.weights, method.rule(steps)
    for step, (used, forward) in enumerate(method.engine.step_by_step(weights, episode, rule)):
        if not all(bool(weight.isfinite().all()) for weight in used.values()):
            return
        yield _sharpness(method, weights, used, forward, episode.support, steps, step)


def _sharpness(
    method: InnerLoopMethod,
    weights: Weights,
    used: Weights,
    forward: Forward,
    support: Batch,
    steps: int,
    step: int,
) -> Sharpness:
    rule = method.engine.holding(method.rule(max(steps, 1)))
    fast = {name: used[name].detach() for name in rule.start(weights) if name in used}

    def loss(leaves: Weights) -> Tensor:
        outputs = forward({**used, **leaves}, support.x)
        return method.engine.spec.objective.loss(outputs, support.y)

    moved = _moved(rule, weights, fast, min(step, max(steps, 1) - 1))
    curved = _hessian(loss, fast)
    like = _flat(fast)

    def product(vector: Tensor) -> Tensor:
        return moved(curved(vector))

    return Sharpness(step, largest_eigenvalue(product, like), _one_rate(moved, like))


def largest_eigenvalue(product: Product, like: Tensor) -> float:
    """The largest, not the largest in size, of a matrix known by its products with vectors."""
    start = torch.randn(
        like.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64
    ).to(like)
    dominant = _power(product, start)
    if dominant >= 0 or not math.isfinite(dominant):
        return dominant
    return _power(lambda v: product(v) - dominant * v, start) + dominant


def _power(product: Product, start: Tensor) -> float:
    vector, value = start / start.norm(), 0.0
    for _ in range(ITERATIONS):
        image = product(vector)
        before, value = value, float(vector @ image)
        size = float(image.norm())
        if not math.isfinite(size) or size == 0 or abs(value - before) <= TOLERANCE * abs(value):
            break
        vector = image / size
    return value


def _hessian(loss: Callable[[Weights], Tensor], at: Weights) -> Product:
    leaves = {name: weight.detach().requires_grad_() for name, weight in at.items()}
    parts = list(leaves.values())
    found = torch.autograd.grad(loss(leaves), parts, create_graph=True, allow_unused=True)
    slope = _flat(_whole(leaves, found))

    def product(vector: Tensor) -> Tensor:
        if not slope.requires_grad:
            return torch.zeros_like(vector)
        curved = torch.autograd.grad(
            slope @ vector.detach(), parts, retain_graph=True, allow_unused=True
        )
        whole = (
            torch.zeros_like(p) if g is None else g for g, p in zip(curved, parts, strict=True)
        )
        return _flat(dict(zip(leaves, whole, strict=True)))

    return product


def _whole(leaves: Weights, found: Sequence[Tensor | None]) -> Weights:
    """Zeros where a tensor has no gradient."""
    return {
        name: torch.zeros_like(leaf) if slope is None else slope
        for (name, leaf), slope in zip(leaves.items(), found, strict=True)
    }


def _moved(rule: Rule, weights: Weights, fast: Weights, step: int) -> Product:
    """How far a gradient moves the weights, against its direction: linear for every rule."""
    nowhere = {name: torch.zeros_like(weight) for name, weight in fast.items()}

    def end(vector: Tensor) -> Tensor:
        pieces = torch.split(vector, [weight.numel() for weight in fast.values()])
        slopes = {
            name: piece.view_as(weight)
            for (name, weight), piece in zip(fast.items(), pieces, strict=True)
        }
        with torch.no_grad():
            return _flat(rule.move(weights, nowhere, slopes, step))

    return lambda vector: end(torch.zeros_like(vector)) - end(vector)


def _one_rate(moved: Product, like: Tensor) -> float | None:
    """The step size that a gradient of ones moves every weight by, if it is one."""
    moves = moved(torch.ones_like(like))
    rate = moves.median()
    return float(rate) if torch.allclose(moves, rate, rtol=1e-4, atol=0) else None


def _flat(weights: Weights) -> Tensor:
    return torch.cat([weight.reshape(-1) for weight in weights.values()])
