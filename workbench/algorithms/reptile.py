"""Reptile: move the meta-parameters towards where ordinary training on a task ends.

A. Nichol, J. Achiam, J. Schulman, "On First-Order Meta-Learning Algorithms", 2018, algorithms 1-2:
    theta <- theta + epsilon mean (phi_k - theta),
so theta - mean phi_k stands in for the gradient: use the outer optimiser ``sgd``, whose rate is
epsilon (1 falling to 0 linearly in the paper). A meta-batch of one is the serial version.

It trains on mini-batches of support and query items together and has no query loss: the loss
reported after adaptation is on the very items it trained on. A policy meets its items anew for
every step, and is judged on trajectories of its own after them. The inner optimiser is Adam without
momentum (beta_1 = 0); its second moments go on from task to task.

Differs from the authors' code: there the moments are carried over unchanged, here they are
meta-parameters that follow the same interpolation.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import StepParams
from workbench.algorithms.stepped import SteppedMethod, minibatches, row_batches
from workbench.core.algorithm import Group, LossWords, MetaGradient, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.seeds import derive
from workbench.engine import Forward
from workbench.engine.face import Found
from workbench.engine.inner import batch_loss, met
from workbench.engine.rule import spread

MOMENT, COUNT = "adam/", "adam_steps"
DECAY, TINY = 0.999, 1e-8


class ReptileParams(StepParams):
    name: Literal["reptile"] = "reptile"
    inner_rate: float = param(
        1e-3, marked("Step size of the inner optimiser."), symbol="α", gt=0, le=100, log_scale=True
    )
    inner_steps: int = param(
        5, marked("Mini-batches trained on in each task."), symbol="k", ge=1, le=1000
    )
    inner_batch: int = param(
        10, marked("Items in a mini-batch of meta-training; 0 is all of them."), ge=0, le=10_000
    )
    test_steps: int = param(50, marked("Mini-batches on held-out tasks."), ge=0, le=1000)
    test_batch: int = param(
        5, marked("Items in a mini-batch on held-out tasks; 0 is all of them."), ge=0, le=10_000
    )
    inner_optimizer: Literal["adam", "sgd"] = param(
        "adam", marked("The inner optimiser: Adam with β₁ = 0, or plain gradient descent.")
    )


@dataclass
class _Inner:
    """An inner optimiser with its memory, which is Adam's alone."""

    rate: float
    moments: Weights
    count: Tensor

    def step(self, fast: Weights, gradients: Weights) -> Weights:
        if not self.moments:
            return {n: fast[n] - self.rate * g for n, g in gradients.items()}
        self.count = self.count + 1
        unbiased = 1 - DECAY**self.count
        moved = {}
        for name, g in gradients.items():
            moment = self.moments[name] = DECAY * self.moments[name] + (1 - DECAY) * g.square()
            scale = (moment.clamp_min(0) / spread(unbiased, moment)).sqrt() + TINY
            moved[name] = fast[name] - self.rate * g / scale
        return moved


@register("algorithm", "reptile", title=marked("Reptile"), params=ReptileParams)
class Reptile(SteppedMethod):
    """Train on each task for a few steps, and move the initial weights towards the result."""

    holds = False
    group = Group.INITIALISATION
    rank = 2
    descends = False
    collects = True
    losses = LossWords(marked("before, all items"), marked("after, the items trained on"))

    @property
    def strategy(self) -> str:
        return self.engine.strategy(stacks=True)

    def initial(self) -> Weights:
        weights = super().initial()
        if self.params.inner_optimizer == "sgd":
            return weights
        moments = {MOMENT + name: torch.zeros_like(weight) for name, weight in weights.items()}
        like = next(iter(weights.values()))
        return {**weights, **moments, COUNT: like.new_zeros(())}

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        def work(forward: Forward, shared: Weights, episode: Episode, task: int) -> Found:
            if self.engine.spec.collected:
                return self._by_acting(forward, shared, episode)
            stacked = episode.support.x.dim() == episodes.support.x.dim()
            first = episode.first
            tasks = range(first, first + len(episode)) if stacked else [task]
            seeds = [derive(seed, "reptile", number) for number in tasks]
            return self._difference(forward, shared, _together(episode, int(stacked)), seeds)

        return self.engine.mean_gradient(weights, episodes, work, seed, stacks=True)

    def descent(
        self, forward: Forward, weights: Weights, support: Batch, steps: int
    ) -> Iterator[Weights]:
        inner, fast = self._inner(weights), self._own(weights)
        yield fast
        for step, batch in zip(range(steps), self._batches(support), strict=False):
            fast = self._moved(forward, inner, fast, batch, step)
            yield fast

    def _batches(self, support: Batch) -> Iterator[Batch]:
        """On a held-out task; what is met by acting is met anew, all of it, for every step."""
        if self.engine.spec.collected:
            return itertools.repeat(support)
        size = self.params.test_batch or len(support.y)
        return minibatches(support, size, "reptile", "test")

    def _by_acting(self, forward: Forward, weights: Weights, episode: Episode) -> Found:
        """On one task or T, whose items are met: every step learns from a support set of its own.

        The losses reported are then those before the first step and on the query set.
        """
        spec, inner, start = self.engine.spec, self._inner(weights), self._own(weights)
        fast, steps = start, self.params.inner_steps
        for step in range(steps):
            fast = self._moved(forward, inner, fast, episode.support, step)
        with torch.no_grad():
            before = batch_loss(forward, spec, start, episode.support)
            query = met(forward, fast, episode.query, steps)
            outputs = forward(fast, query.x)
        after = spec.objective.loss(outputs, query.y), spec.objective.metric(outputs, query.y)
        return self._moved_by(weights, fast, inner), (before, *after)

    def _moved_by(self, weights: Weights, fast: Weights, inner: _Inner) -> Weights:
        """What the meta-parameters are to be moved against."""
        ended = {**fast, **{MOMENT + n: m for n, m in inner.moments.items()}, COUNT: inner.count}
        return {name: weight - ended[name] for name, weight in weights.items()}

    def _difference(
        self, forward: Forward, weights: Weights, pool: Batch, seeds: list[int]
    ) -> Found:
        """On one task, or on as many as there are seeds, stacked."""
        spec, inner, start = self.engine.spec, self._inner(weights), self._own(weights)
        stacked = pool.x.dim() > 1 + len(spec.input_shape)
        count = pool.x.shape[1 if stacked else 0]
        draws = [row_batches(count, self.params.inner_batch or count, seed) for seed in seeds]
        with torch.no_grad():
            before = batch_loss(forward, spec, start, pool)
        fast = start
        for _ in range(self.params.inner_steps):
            rows = torch.tensor([next(each) for each in draws])
            at = (torch.arange(len(seeds))[:, None], rows) if stacked else (rows[0],)
            fast = self._moved(forward, inner, fast, Batch(pool.x[at], pool.y[at]))
        with torch.no_grad():
            outputs = forward(fast, pool.x)
        after = spec.objective.loss(outputs, pool.y), spec.objective.metric(outputs, pool.y)
        return self._moved_by(weights, fast, inner), (before, *after)

    def _moved(
        self, forward: Forward, inner: _Inner, fast: Weights, batch: Batch, step: int = 0
    ) -> Weights:
        leaves = {name: weight.detach().requires_grad_() for name, weight in fast.items()}
        loss = batch_loss(forward, self.engine.spec, leaves, batch, step).sum()
        found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
        gradients = {n: g for n, g in zip(leaves, found, strict=True) if g is not None}
        return {**fast, **inner.step(fast, gradients)}

    def _inner(self, weights: Weights) -> _Inner:
        moments = {
            name.removeprefix(MOMENT): moment
            for name, moment in weights.items()
            if name.startswith(MOMENT)
        }
        return _Inner(self.params.inner_rate, moments, weights.get(COUNT, torch.zeros(())))

    def _own(self, weights: Weights) -> Weights:
        return {
            name: weight.detach() for name, weight in weights.items() if name in self.engine.names
        }


def _together(episode: Episode, items: int) -> Batch:
    """Support and query items, which run along dimension ``items``."""
    support, query = episode.support, episode.query
    return Batch(torch.cat([support.x, query.x], items), torch.cat([support.y, query.y], items))
