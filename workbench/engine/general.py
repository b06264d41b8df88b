"""The general strategy: any module, one task after the other on each worker thread.

It is the reference that faster strategies are held against. Memory holds one task a worker: the
graph of its inner loop, or, on `recompute`, the graph of a single step. With v the derivative in
the fast weights, the outer derivative then runs the loop backwards, step by step:

    v <- v - alpha * H_S(phi_j) v,  H_S v = grad (grad L_S(phi_j) . v)
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Forward, MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.task import ProblemSpec
from workbench.engine.gather import TaskResult, averaged, flat
from workbench.engine.inner import Learned, batch_loss, descend, learn, step_by_step
from workbench.engine.layout import laid_out
from workbench.engine.plain import forward_of, score, traits_of, without_dropout
from workbench.engine.randomness import Drawn, draws
from workbench.engine.rule import InnerLoop, Rule
from workbench.engine.scored import Scored, together
from workbench.engine.workers import Workers

Steps = Callable[[int], Forward]
Gradients = Mapping[str, Tensor | None]
Result = TypeVar("Result")
TaskWork = Callable[[Forward, Weights, Episode, int], Result]
"""What is done with one task: the model, the meta-parameters, the episode and its number."""


VAST = 10_000
"""Numbers of one input, from which on what the layers make of a query set fills 64 MB: a picture of
58 x 58 pixels in three colours."""


class GeneralStrategy:
    """Exact for every module whose operations can be differentiated twice."""

    serves_parts = True

    def __init__(
        self,
        model: nn.Module,
        spec: ProblemSpec,
        workers: int,
        recompute: bool = False,
        alone: bool = False,
    ) -> None:
        """``alone``: scores are taken of each query item beside the support set only."""
        self._spec = spec
        self._alone = alone
        self._traits = traits_of(model, spec)
        self.random = draws(model, spec)
        """Whether the model draws while it trains, as dropout does."""
        self._recompute = recompute and not spec.collected  # met once, or it would be another
        self._workers = Workers(model, workers, vast=math.prod(spec.input_shape) > VAST)

    @property
    def name(self) -> str:
        again = ", each inner step computed twice to save memory" if self._recompute else ""
        spread = f" on {count} worker threads" if (count := self._workers.count) > 1 else ""
        return f"task by task{spread}{again}"

    def meta_gradient(
        self, weights: Weights, episodes: Episode, rule: Rule, seed: int
    ) -> MetaGradient:
        shared = laid_out(weights)

        def one(model: nn.Module, task: int) -> TaskResult:
            at = self._steps(model, seed, episodes.first + task)
            if self._recompute and isinstance(rule, InnerLoop) and not rule.first_order:
                gradients, learned = _backwards(at, self._spec, shared, episodes[task], rule)
            else:
                gradients, learned = _through(at, self._spec, shared, episodes[task], rule)
            return TaskResult(flat(weights, gradients), _numbers(learned))

        return averaged(weights, self._workers.map(one, len(episodes)), len(episodes))

    def scores(self, weights: Weights, episodes: Episode, rule: Rule) -> Scores:
        shared = laid_out(weights)

        def one(model: nn.Module, task: int) -> Scored:
            forward, episode = self._settled(model), episodes[task]
            path = step_by_step(forward, self._spec, shared, episode.support, rule)
            return score(forward, self._spec, path, episode, alone=self._alone)

        return together(self._workers.map(one, len(episodes)))

    def each(
        self, weights: Weights, episodes: Episode, work: TaskWork[Result], seed: int | None
    ) -> Iterator[Result]:
        """Results in task order; random operations drawn from the seed, or none at all."""
        shared = laid_out(weights)

        def one(model: nn.Module, place: int) -> Result:
            task = episodes.first + place
            if seed is None:
                forward = self._settled(model)
            else:
                steps, at = itertools.count(), self._steps(model, seed, task)
                forward = lambda w, x: at(next(steps))(w, x)  # noqa: E731
            return work(forward, shared, episodes[place], task)

        return self._workers.map(one, len(episodes))

    def close(self) -> None:
        self._workers.close()

    def _settled(self, model: nn.Module) -> Forward:
        return forward_of(without_dropout(model), self._traits)

    def _steps(self, model: nn.Module, seed: int, task: int) -> Steps:
        """The model at each step, with random masks of this task and step."""
        plain = forward_of(model.train(), self._traits)
        if not self.random:
            return lambda step: plain

        def at(step: int) -> Forward:
            def forward(weights: Weights, x: Tensor) -> Tensor:
                with Drawn(seed, "masks", task, step):
                    return plain(weights, x)

            return forward

        return at


def _through(
    at: Steps, spec: ProblemSpec, weights: Weights, episode: Episode, rule: Rule
) -> tuple[Gradients, Learned]:
    """One backward pass through the graph of the whole inner loop."""
    steps = itertools.count()
    leaves = _leaves(weights)
    learned = learn(lambda w, x: at(next(steps))(w, x), spec, leaves, episode, rule)
    return _gradients(learned.outer_loss, leaves), learned


def _backwards(
    at: Steps, spec: ProblemSpec, weights: Weights, episode: Episode, loop: InnerLoop
) -> tuple[Gradients, Learned]:
    """The same gradient with the graph of one step alive at a time."""
    path = [weights]
    losses = []
    for step in range(loop.steps):
        leaves = _leaves(path[-1])
        losses.append(batch_loss(at(step), spec, leaves, episode.support))
        moved = descend(loop, leaves, leaves, losses[-1], step, differentiable=False)
        path.append({name: weight.detach() for name, weight in moved.items()})
    back, last = _through(
        lambda _: at(loop.steps), spec, path.pop(), episode, InnerLoop(0, loop.rate)
    )
    first_loss = losses[0].detach() if losses else last.support_loss
    for step in reversed(range(loop.steps)):
        leaves = _leaves(path.pop())
        loss = batch_loss(at(step), spec, leaves, episode.support)
        product = _product(_gradients(loss, leaves, create_graph=True), leaves, back)
        back = {name: _minus(v, loop.rate, product[name]) for name, v in back.items()}
    return back, Learned(first_loss, last.outer_loss, last.query_loss, last.query_metric)


def _leaves(weights: Weights) -> Weights:
    return {name: weight.detach().requires_grad_() for name, weight in weights.items()}


def _gradients(loss: Tensor, leaves: Weights, *, create_graph: bool = False) -> Gradients:
    found = torch.autograd.grad(
        loss, list(leaves.values()), create_graph=create_graph, allow_unused=True
    )
    return dict(zip(leaves, found, strict=True))


def _product(gradients: Gradients, leaves: Weights, along: Gradients) -> Gradients:
    """``grad (gradients . along)``; a weight that curvature does not reach gets ``None``."""
    outputs, directions = [], []
    for name, gradient in gradients.items():
        direction = along[name]
        if gradient is not None and direction is not None and gradient.requires_grad:
            outputs.append(gradient)
            directions.append(direction)
    if not outputs:
        return dict.fromkeys(leaves)
    found = torch.autograd.grad(
        outputs, list(leaves.values()), grad_outputs=directions, allow_unused=True
    )
    return dict(zip(leaves, found, strict=True))


def _minus(v: Tensor | None, rate: float, product: Tensor | None) -> Tensor | None:
    if product is None:
        return v
    return -rate * product if v is None else v - rate * product


def _numbers(learned: Learned) -> tuple[float, float, float]:
    values = (learned.support_loss, learned.query_loss, learned.query_metric)
    support, query, metric = (float(value.detach()) for value in values)
    return support, query, metric
