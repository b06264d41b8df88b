"""Implicit MAML: the meta-gradient from where adaptation ends, whatever path led there.

A. Rajeswaran, C. Finn, S. Kakade, S. Levine, "Meta-Learning with Implicit Gradients", NeurIPS 2019.
The inner loop minimises L_S(phi) + lambda/2 |phi - theta|^2; at its minimum phi*, with H the
Hessian of L_S there, the meta-gradient is (equation 6)

    (I + H / lambda)^-1 grad L_Q(phi*),

found by conjugate gradients, which need only products with H.

``inner`` "proximal" is that: lambda in every step, on held-out tasks too. ``inner`` "authors" is
what their code does on Omniglot: free gradient steps on L_S, one step along the gradient of the
lambda term alone, and on held-out tasks the free steps and nothing else. Their code solves
((1 + damping) I + H / (lambda + 10)); so does ``damping`` 1 here, and 0 solves the paper's own.

A fixed step minimises only while it is below 2 over the largest eigenvalue of H + lambda I. Nothing
in this gradient holds that eigenvalue down: on the sinusoid it grew from 43 to 920 in training, and
the steps of 0.002 that still descended had solved 6 % of the inner problem. ``backtracking`` halves
each step until the loss falls as L. Armijo asked, 1966.

Differs from the authors' code: ``damping`` scales the 10 that is added to lambda, too; weights and
outer optimiser are this program's (theirs: Xavier's rule, Adam with epsilon 1e-3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group, MetaGradient, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.engine import Forward, Rule
from workbench.engine.face import Found
from workbench.engine.inner import batch_loss, step_by_step
from workbench.engine.rule import spread

Vector = list[Tensor]
ENOUGH, HALVINGS = 1e-4, 30
"""The share of the fall that the slope promises which is enough, and how often a step is halved."""


class ImamlParams(InnerParams):
    name: Literal["imaml"] = "imaml"
    inner_rate: float = param(
        0.01,
        marked("Step size of the inner minimisation."),
        symbol="α",
        gt=0,
        le=100,
        log_scale=True,
    )
    inner_steps: int = param(
        16, marked("Gradient steps towards the inner minimum."), symbol="k", ge=1, le=1000
    )
    test_steps: int = param(16, marked("Gradient steps on held-out tasks."), ge=0, le=1000)
    inner: Literal["authors", "proximal"] = param(
        "authors",
        marked(
            "Where λ acts: in one step back after free ones (the authors' code), or in every step."
        ),
        more=marked(
            "As the authors: in meta-training k free steps and one towards "
            "θ, on held-out tasks free steps alone. Proximal: every step "
            "descends the loss with λ/2 |φ - θ|², on held-out tasks too, "
            "as the paper writes it."
        ),
    )
    proximity: float = param(
        1.0,
        marked("How strongly adapted weights are held to the meta-parameters."),
        symbol="λ",
        gt=0,
        le=1e6,
        log_scale=True,
    )
    solver_steps: int = param(5, marked("Steps of conjugate gradients."), ge=1, le=1000)
    damping: float = param(
        1.0,
        marked("Damping of the linear system, as in the authors' code; 0 solves the paper's own."),
        ge=0,
        le=1e3,
        advanced=True,
    )
    backtracking: bool = param(
        False,
        marked("Halve an inner step until it lowers the loss enough (Armijo's rule)."),
        more=marked(
            "α is then the first try at every step, and may be large. "
            "Costs a forward pass or more for each step."
        ),
    )


@dataclass(frozen=True)
class Minimisation(Rule):
    """Gradient descent on ``scale`` times the support loss plus proximity/2 |phi - theta|^2."""

    steps: int
    rate: float
    proximity: float
    scale: float = 1.0
    backtracking: bool = False
    first_order = True

    @property
    def searches(self) -> bool:
        return self.backtracking

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {
            name: fast[name]
            - self.rate * (self.scale * g + self.proximity * (fast[name] - weights[name]))
            for name, g in gradients.items()
        }

    def settled(
        self, weights: Weights, fast: Weights, moved: Weights, loss: Callable[[Weights], Tensor]
    ) -> Weights:
        """Of T tasks each one takes the length that suits it; one that none suits stays."""
        if not self.backtracking:
            return moved
        whole = {name: moved[name] - fast[name] for name in moved}
        before = self._objective(weights, fast, loss(fast))
        wanted = ENOUGH / self.rate * _squared(whole, before.dim())
        length = torch.ones_like(before)
        for _ in range(HALVINGS):
            ended = _along(fast, length, whole)
            after = self._objective(weights, ended, loss(ended))
            short = ~(after <= before - length * wanted)
            if not short.any():
                return ended
            length = torch.where(short, length / 2, length)
        return _along(fast, torch.where(short, 0, length), whole)

    def _objective(self, weights: Weights, fast: Weights, loss: Tensor) -> Tensor:
        away = {name: fast[name] - weights[name] for name in fast}
        return self.scale * loss + self.proximity / 2 * _squared(away, loss.dim())


@register("algorithm", "imaml", title=marked("iMAML"), params=ImamlParams)
class Imaml(InnerLoopMethod):
    """MAML whose gradient needs only the adapted weights, not the path: many steps, no graph."""

    group = Group.INITIALISATION
    rank = 3
    collects = False
    holds = False

    def rule(self, steps: int, iteration: int | None = None) -> Minimisation:
        params = self.params
        proximity = params.proximity if params.inner == "proximal" else 0.0
        return Minimisation(
            steps, params.inner_rate, proximity, self.loss_scale, params.backtracking
        )

    @property
    def strategy(self) -> str:
        return self.engine.strategy(self.rule(self.params.inner_steps))

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        return self.engine.mean_gradient(weights, episodes, self._implicit, seed, stacks=True)

    def _implicit(self, forward: Forward, weights: Weights, episode: Episode, task: int) -> Found:
        """On one task, or on T whose tensors have a leading dimension."""
        spec, rule = self.engine.spec, self.rule(self.params.inner_steps)
        *_, adapted = step_by_step(forward, spec, weights, episode.support, rule)
        if self.params.inner == "authors":
            adapted = self._pulled_back(weights, adapted)
        leaves = {name: weight.detach().requires_grad_() for name, weight in adapted.items()}
        outputs = forward(leaves, episode.query.x)
        query_loss = spec.objective.loss(outputs, episode.query.y)
        found = torch.autograd.grad(query_loss.sum(), _list(leaves), allow_unused=True)
        solved = conjugate_gradients(
            self._system(forward, leaves, episode.support),
            _filled(found, leaves),
            self.params.solver_steps,
            query_loss.dim(),
        )
        with torch.no_grad():
            support_loss = batch_loss(forward, spec, weights, episode.support)
        metric = spec.objective.metric(outputs.detach(), episode.query.y)
        return dict(zip(leaves, solved, strict=True)), (support_loss, query_loss.detach(), metric)

    def _pulled_back(self, weights: Weights, adapted: Weights) -> Weights:
        """A step along the gradient of lambda/2 |phi - theta|^2."""
        share = self.params.inner_rate * self.params.proximity
        return {name: w - share * (w - weights[name]) for name, w in adapted.items()}

    def _system(
        self, forward: Forward, leaves: Weights, support: Batch
    ) -> Callable[[Vector], Vector]:
        """The product with the matrix whose inverse the implicit gradient needs."""
        damping = self.params.damping
        loss = self.loss_scale * batch_loss(forward, self.engine.spec, leaves, support).sum()
        slopes = _filled(
            torch.autograd.grad(loss, _list(leaves), create_graph=True, allow_unused=True), leaves
        )
        curved = [slope for slope in slopes if slope.requires_grad]

        def product(v: Vector) -> Vector:
            along = [x for x, slope in zip(v, slopes, strict=True) if slope.requires_grad]
            found = torch.autograd.grad(
                curved, _list(leaves), grad_outputs=along, retain_graph=True, allow_unused=True
            )
            scale = self.params.proximity + 10 * damping
            pairs = zip(v, _filled(found, leaves), strict=True)
            return [(1 + damping) * x + h / scale for x, h in pairs]

        return product


def conjugate_gradients(
    product: Callable[[Vector], Vector],
    right: Vector,
    steps: int,
    leading: int = 0,
    tolerance: float = 1e-10,
) -> Vector:
    """Solve ``A x = right`` for symmetric positive matrices A known by their products.

    M. Hestenes, E. Stiefel, 1952. With ``leading`` 1 there are T systems along the first
    dimension. A system stays as it is once its residual is below the tolerance, relative to the
    right-hand side, or where the curvature is not positive.
    """

    def dot(one: Vector, other: Vector) -> Tensor:
        products = (a * b for a, b in zip(one, other, strict=True))
        parts = [
            p.sum(tuple(range(leading, p.dim()))) if p.dim() > leading else p for p in products
        ]
        return torch.stack(parts).sum(0)

    def moved(one: Vector, length: Tensor, other: Vector) -> Vector:
        return [a + spread(length, b) * b for a, b in zip(one, other, strict=True)]

    x = [torch.zeros_like(part) for part in right]
    residual = direction = right
    size = first = dot(residual, residual)
    for _ in range(steps):
        image = product(direction)
        curvature = dot(direction, image)
        going = (curvature > 0) & (size > tolerance**2 * first)
        length = torch.where(going, size / curvature, 0)
        x, residual = moved(x, length, direction), moved(residual, -length, image)
        last, size = size, dot(residual, residual)
        direction = moved(residual, torch.where(going, size / last, 0), direction)
    return x


def _squared(tensors: Weights, leading: int) -> Tensor:
    """The squared norm of all tensors together, for each of T tasks where ``leading`` is 1."""
    parts = [t.square().reshape(*t.shape[:leading], -1).sum(-1) for t in tensors.values()]
    return torch.stack(parts).sum(0)


def _along(start: Weights, length: Tensor, whole: Weights) -> Weights:
    return {name: start[name] + spread(length, step) * step for name, step in whole.items()}


def _list(weights: Weights) -> Vector:
    return list(weights.values())


def _filled(found: tuple[Tensor | None, ...], like: Weights) -> Vector:
    return [
        torch.zeros_like(weight) if part is None else part
        for part, weight in zip(found, like.values(), strict=True)
    ]
