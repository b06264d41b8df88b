"""The inner loop, written once: what is trained, evaluated and watched all go through it.

Every function here works on one task (losses are scalars) and equally on T tasks whose fast
weights carry a leading dimension (losses are ``[T]``): the gradient of the summed loss with
respect to each task's own weights is that task's gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.algorithm import Forward, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.task import ProblemSpec
from workbench.engine.rule import Rule


@dataclass(frozen=True)
class Learned:
    """A task after the inner loop: losses ``[]`` or ``[T]``."""

    support_loss: Tensor
    """Before the first step, detached."""
    outer_loss: Tensor
    """Attached to the graph: the query losses weighed by the rule's emphasis."""
    query_loss: Tensor
    """After the last step, detached."""
    query_metric: Tensor


@dataclass(frozen=True)
class Passed:
    """A task after the inner loop, not judged yet."""

    support_loss: Tensor
    """Before the first step, detached."""
    asked: dict[int, tuple[Batch, Tensor]]
    """By step, where the query set counts and after the last: how it was met, and the outputs."""


def passed(
    forward: Forward,
    spec: ProblemSpec,
    weights: Weights,
    episode: Episode,
    rule: Rule,
    *,
    differentiable: bool = True,
) -> Passed:
    """Adapt to the support set and put the query set; differentiable in ``weights``, or not."""
    differentiable = differentiable and not rule.first_order
    fast, emphasis = rule.begin(forward, weights, episode.support), rule.emphasis()
    first_loss: Tensor | None = None
    asked: dict[int, tuple[Batch, Tensor]] = {}
    for step in range(rule.steps):
        used = rule.used(weights, fast, step)
        if emphasis[step]:
            asked[step] = _asked(forward, used, episode.query, step)
        loss = batch_loss(forward, spec, used, episode.support, step)
        fast = descend(rule, weights, fast, loss, step, differentiable=differentiable)
        first_loss = loss.detach() if first_loss is None else first_loss
    used = rule.used(weights, fast, rule.steps)
    asked[rule.steps] = _asked(forward, used, episode.query, rule.steps)
    if first_loss is None:
        with torch.no_grad():
            first_loss = batch_loss(forward, spec, rule.used(weights, fast, 0), episode.support)
    return Passed(first_loss, asked)


def _asked(forward: Forward, used: Weights, query: Batch, step: int) -> tuple[Batch, Tensor]:
    items = met(forward, used, query, step)
    return items, forward(used, items.x)


def learn(
    forward: Forward, spec: ProblemSpec, weights: Weights, episode: Episode, rule: Rule
) -> Learned:
    """Adapt to the support set and take the query loss; differentiable in ``weights``."""
    return judged(spec, passed(forward, spec, weights, episode, rule), rule)


def judged(spec: ProblemSpec, through: Passed, rule: Rule) -> Learned:
    """The query losses of what has passed the inner loop, weighed by the rule."""
    *early, last = through.asked
    query, outputs = through.asked[last]
    query_loss = spec.objective.loss(outputs, query.y)
    metric = spec.objective.metric(outputs.detach(), query.y)
    emphasis = rule.emphasis()
    outer_loss = query_loss if emphasis[-1] == 1 else emphasis[-1] * query_loss
    for step in early:
        items, told = through.asked[step]
        outer_loss = outer_loss + emphasis[step] * spec.objective.loss(told, items.y)
    return Learned(through.support_loss, outer_loss, query_loss.detach(), metric)


def step_by_step(
    forward: Forward, spec: ProblemSpec, weights: Weights, support: Batch, rule: Rule
) -> Iterator[Weights]:
    """Yield the weights in use at step 0, 1, ... ``rule.steps``, detached."""
    weights = {name: weight.detach() for name, weight in weights.items()}
    with torch.no_grad():
        begun = rule.begin(forward, weights, support)
    fast = {name: weight.detach() for name, weight in begun.items()}
    yield rule.used(weights, fast, 0)
    for step in range(rule.steps):
        leaves = {name: weight.detach().requires_grad_() for name, weight in fast.items()}
        loss = batch_loss(forward, spec, rule.used(weights, leaves, step), support, step)
        moved = descend(rule, weights, leaves, loss, step, differentiable=False)
        ended = {name: weight.detach() for name, weight in moved.items()}
        judge = _judge(forward, spec, weights, support, rule, step)
        with torch.no_grad():
            fast = rule.settled(weights, fast, ended, judge)
        yield rule.used(weights, fast, step + 1)


def _judge(
    forward: Forward, spec: ProblemSpec, weights: Weights, support: Batch, rule: Rule, step: int
) -> Callable[[Weights], Tensor]:
    """The support loss at a step as a function of the tensors that adapt."""
    return lambda fast: batch_loss(forward, spec, rule.used(weights, fast, step), support, step)


def batch_loss(
    forward: Forward, spec: ProblemSpec, used: Weights, batch: Batch, step: int = 0
) -> Tensor:
    items = met(forward, used, batch, step)
    return spec.objective.loss(forward(used, items.x), items.y)


def met(forward: Forward, used: Weights, batch: Batch, step: int = 0) -> Batch:
    """The items as the model with these weights meets them; see `Batch.met`."""
    return batch.met(lambda x: forward(used, x), step)


def descend(
    rule: Rule, weights: Weights, fast: Weights, loss: Tensor, step: int, *, differentiable: bool
) -> Weights:
    """One step of the rule; weights the loss does not depend on stay as they are."""
    found = torch.autograd.grad(
        loss.sum(), list(fast.values()), create_graph=differentiable, allow_unused=True
    )
    gradients = {
        name: gradient for name, gradient in zip(fast, found, strict=True) if gradient is not None
    }
    return {**fast, **rule.move(weights, fast, gradients, step)}
