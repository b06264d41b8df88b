"""Which support item moved this query item: the derivative of its loss in the item's weight.

With a weight w_i on every support item, in the support loss sum(w l) / sum(w) and in batch
normalisation's statistics, leaving item i out is w_i = 0. To first order, differentiated through
the whole inner loop, that changes the loss of a query item by -dL/dw_i at w = 1 (compare P. W. Koh,
P. Liang, "Understanding Black-box Predictions via Influence Functions", ICML 2017, without their
assumption that training has converged).
"""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.engine import Forward
from workbench.experiments.insight.collected import refuse_collected
from workbench.experiments.session import Learner


def influence(learner: Learner, episode: Episode, query: int, steps: int) -> Tensor:
    """``[S]``: how much the loss of one query item would rise without each support item.

    To first order; positive where the item helped. Raises `BadInput` for methods that do not
    adapt by gradient steps on the whole support set.
    """
    method = _gradient_method(learner)
    weights = {name: weight.detach() for name, weight in learner.weights.items()}
    numbers = (weight.dtype for weight in weights.values() if weight.is_floating_point())
    number = next(numbers, episode.support.x.dtype)
    items = torch.ones(len(episode.support.y), dtype=number, requires_grad=True)
    losses = _query_losses(method, weights, episode, items, steps)
    (slope,) = torch.autograd.grad(losses[query], items)
    return -slope


def left_out(learner: Learner, episode: Episode, steps: int) -> Tensor:
    """``[S, Q]``: the exact rise of every query item's loss without each support item.

    Adapts once for each item. Raises `BadInput` as `influence` does.
    """
    method = _gradient_method(learner)
    forward = method.engine.forward()
    full = _losses_after(method, forward, learner.weights, episode, steps)
    support = episode.support
    rows = []
    for item in range(len(support.y)):
        kept = [other for other in range(len(support.y)) if other != item]
        without = Episode(Batch(support.x[kept], support.y[kept]), episode.query)
        rows.append(_losses_after(method, forward, learner.weights, without, steps) - full)
    return torch.stack(rows)


def _gradient_method(learner: Learner) -> InnerLoopMethod:
    refuse_collected(learner, "influence")
    if isinstance(learner.algorithm, InnerLoopMethod):
        if learner.algorithm.rule(1).searches:
            raise BadInput(
                "influence",
                marked(
                    "this learner searches for the length of each step, which has no derivative"
                ),
                marked("Switch algorithm.backtracking off"),
            )
        return learner.algorithm
    raise BadInput(
        "influence",
        marked("this method does not adapt by gradient steps on the whole support set"),
        marked("Choose a learner of maml or another method with an inner loop"),
    )


def _query_losses(
    method: InnerLoopMethod, weights: Weights, episode: Episode, items: Tensor, steps: int
) -> Tensor:
    """``[Q]`` after adapting with weighted support items, differentiable in the weights."""
    engine, support = method.engine, episode.support
    rule = engine.holding(method.rule(steps))
    forward, weighing = engine.forward(), engine.weighing_forward(items)
    leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
    fast = rule.begin(weighing, leaves, support, items)
    for step in range(steps):
        outputs = weighing(rule.used(leaves, fast, step), support.x)
        losses = engine.spec.objective.item_losses(outputs, support.y)
        loss = (items * losses).sum() / items.sum()
        found = torch.autograd.grad(loss, list(fast.values()), create_graph=True, allow_unused=True)
        slopes = {n: g for n, g in zip(fast, found, strict=True) if g is not None}
        fast = {**fast, **rule.move(leaves, fast, slopes, step)}
    outputs = forward(rule.used(leaves, fast, steps), episode.query.x)
    return engine.spec.objective.item_losses(outputs, episode.query.y)


def _losses_after(
    method: InnerLoopMethod, forward: Forward, weights: Weights, episode: Episode, steps: int
) -> Tensor:
    *_, (used, _) = method.engine.step_by_step(weights, episode, method.rule(steps))
    with torch.no_grad():
        outputs = forward(used, episode.query.x)
        return method.engine.spec.objective.item_losses(outputs, episode.query.y)
