"""One inner step, written once: what is trained, evaluated and watched all go through it.

C. Finn et al., "Model-Agnostic Meta-Learning", ICML 2017, algorithm 1, lines 5-6:
phi_{j+1} = phi_j - alpha * grad L_S(phi_j).

Every function here works on one task (losses are scalars) and equally on T tasks whose fast
weights carry a leading dimension (losses are ``[T]``): the gradient of the summed loss with
respect to each task's own weights is that task's gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core import objective
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.task import ProblemSpec

Forward = Callable[[Weights, Tensor], Tensor]
"""Outputs of the model with these weights: ``([..., n, *input_shape]) -> [..., n, outputs]``."""


@dataclass(frozen=True)
class InnerLoop:
    """Plain gradient descent on the support set."""

    steps: int
    rate: float
    first_order: bool = False
    """Treat the inner gradients as constants: the outer gradient then ignores curvature."""


@dataclass(frozen=True)
class Learned:
    """A task after the inner loop: losses ``[]`` or ``[T]``, still attached to the graph."""

    support_loss: Tensor
    query_loss: Tensor
    query_metric: Tensor


def learn(
    forward: Forward, spec: ProblemSpec, weights: Weights, episode: Episode, loop: InnerLoop
) -> Learned:
    """Adapt to the support set and take the query loss; differentiable in ``weights``."""
    fast, first_loss = weights, None
    for _ in range(loop.steps):
        loss = support_loss(forward, spec, fast, episode.support)
        fast = descend(fast, loss, loop, differentiable=not loop.first_order)
        first_loss = loss.detach() if first_loss is None else first_loss
    outputs = forward(fast, episode.query.x)
    query_loss = objective.loss(spec, outputs, episode.query.y)
    metric = objective.metric(spec, outputs.detach(), episode.query.y)
    if first_loss is None:
        with torch.no_grad():
            first_loss = support_loss(forward, spec, weights, episode.support)
    return Learned(first_loss, query_loss, metric)


def walk(
    forward: Forward, spec: ProblemSpec, weights: Weights, support: Batch, loop: InnerLoop
) -> Iterator[Weights]:
    """Yield the fast weights at step 0, 1, ... ``loop.steps``, detached."""
    fast = {name: weight.detach() for name, weight in weights.items()}
    yield fast
    for _ in range(loop.steps):
        leaves = {name: weight.detach().requires_grad_() for name, weight in fast.items()}
        loss = support_loss(forward, spec, leaves, support)
        moved = descend(leaves, loss, loop, differentiable=False)
        fast = {name: weight.detach() for name, weight in moved.items()}
        yield fast


def support_loss(forward: Forward, spec: ProblemSpec, fast: Weights, support: Batch) -> Tensor:
    return objective.loss(spec, forward(fast, support.x), support.y)


def descend(fast: Weights, loss: Tensor, loop: InnerLoop, *, differentiable: bool) -> Weights:
    """One step of gradient descent; weights the loss does not depend on stay as they are."""
    gradients = torch.autograd.grad(
        loss.sum(), list(fast.values()), create_graph=differentiable, allow_unused=True
    )
    return {
        name: weight if gradient is None else weight - loop.rate * gradient
        for (name, weight), gradient in zip(fast.items(), gradients, strict=True)
    }
