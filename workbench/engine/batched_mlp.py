"""All tasks of a fully connected network in one batched matrix product a layer.

A small network is pure overhead: the arithmetic of 25 sinusoid tasks takes microseconds, and
launching its operations task by task takes milliseconds. Here every weight carries a leading task
dimension, and one `baddbmm` a layer serves all tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Forward, MetaGradient, Scores, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.task import ProblemSpec
from workbench.engine.correction import Correction, corrected
from workbench.engine.inner import batch_loss, learn, step_by_step
from workbench.engine.rule import Rule
from workbench.engine.scored import labels_of
from workbench.engine.spread import LogSpread, beside

_ACTIVATIONS: dict[type[nn.Module], Callable[[Tensor], Tensor]] = {
    nn.ReLU: torch.relu,
    nn.Tanh: torch.tanh,
}
_FLOATS_IN_FLIGHT = 8_000_000
"""Fast weights held at once; larger batches of tasks are taken in chunks."""


def fits(model: nn.Module) -> bool:
    """Whether the module is a plain stack of Linear, ReLU and Tanh, after a Flatten if any.

    The deviations of a Gaussian policy may stand at its end, and it may be a `Correction`.
    """
    if not isinstance(model, nn.Sequential) or type(model) not in (nn.Sequential, Correction):
        return False
    if len(model) == 0:
        return False
    layers = list(model)
    if isinstance(layers[0], nn.Flatten):
        layers = layers[1:]
    if isinstance(layers[-1], LogSpread):
        layers = layers[:-1]
    known = all(type(layer) in {nn.Linear, *_ACTIVATIONS} for layer in layers)
    every = list(model.named_parameters(remove_duplicate=False))
    unshared = len(every) == len(list(model.parameters()))
    return known and unshared and all(p.requires_grad for _, p in every)


class BatchedMlpStrategy:
    """The same numbers as the general strategy, for a model that `fits`."""

    serves_parts = True
    name = "all tasks in one matrix product"

    def __init__(self, model: nn.Module, spec: ProblemSpec) -> None:
        self._spec = spec
        self._forward = stacked(model)
        self._size = max(1, sum(p.numel() for p in model.parameters()))

    def meta_gradient(
        self, weights: Weights, episodes: Episode, rule: Rule, seed: int
    ) -> MetaGradient:
        tasks = len(episodes)
        totals = {name: torch.zeros_like(weight) for name, weight in weights.items()}
        seen = torch.zeros(3, dtype=torch.float64)
        for chunk in self._chunks(episodes, rule.steps):
            leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
            learned = learn(self._forward, self._spec, for_each(leaves, len(chunk)), chunk, rule)
            gradients = torch.autograd.grad(
                learned.outer_loss.sum(), list(leaves.values()), allow_unused=True
            )
            for total, gradient in zip(totals.values(), gradients, strict=True):
                if gradient is not None:
                    total += gradient
            values = (learned.support_loss, learned.query_loss, learned.query_metric)
            seen += torch.stack([value.double().sum() for value in values])
        support, query, metric = (seen / tasks).tolist()
        return MetaGradient({n: t / tasks for n, t in totals.items()}, support, query, metric)

    def mean_gradient(
        self, weights: Weights, episodes: Episode, work: Callable[..., Any]
    ) -> MetaGradient:
        """The mean of what ``work`` finds on all tasks together; see `Engine.mean_gradient`."""
        own = for_each({name: w.detach() for name, w in weights.items()}, len(episodes))
        gradients, numbers = work(self._forward, own, episodes, 0)
        support, query, metric = (float(number.mean()) for number in numbers)
        means = {name: gradients[name].mean(0) for name in weights}
        return MetaGradient(means, support, query, metric)

    def scores(self, weights: Weights, episodes: Episode, rule: Rule) -> Scores:
        chunks = [self._score(weights, chunk, rule) for chunk in self._chunks(episodes, 1)]
        metric, query, support, outputs = (torch.cat(parts) for parts in zip(*chunks, strict=True))
        return Scores(metric, query, support, labels_of(self._spec, outputs))

    def close(self) -> None:
        """No threads to release."""

    def _score(
        self, weights: Weights, episodes: Episode, rule: Rule
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        metrics, query, support = [], [], []
        start = for_each(weights, len(episodes))
        for fast in step_by_step(self._forward, self._spec, start, episodes.support, rule):
            with torch.no_grad():
                outputs = self._forward(fast, episodes.query.x)
                metrics.append(self._spec.objective.metric(outputs, episodes.query.y))
                query.append(self._spec.objective.loss(outputs, episodes.query.y))
                support.append(batch_loss(self._forward, self._spec, fast, episodes.support))
        return torch.stack(metrics, 1), torch.stack(query, 1), torch.stack(support, 1), outputs

    def _chunks(self, episodes: Episode, copies: int) -> Iterator[Episode]:
        """The graph keeps the fast weights of every step: take fewer tasks when steps are many."""
        size = max(1, _FLOATS_IN_FLIGHT // (self._size * (copies + 1)))
        for start in range(0, len(episodes), size):
            rows = slice(start, start + size)
            yield Episode(
                Batch(episodes.support.x[rows], episodes.support.y[rows]),
                Batch(episodes.query.x[rows], episodes.query.y[rows]),
            )


def for_each(weights: Weights, tasks: int) -> Weights:
    """Every weight with a leading task dimension, without copying it."""
    return {name: weight.expand(tasks, *weight.shape) for name, weight in weights.items()}


def stacked(model: nn.Module) -> Forward:
    """A model that `fits` as a function of T tasks' own weights: ``x [T, n, *input_shape]``."""
    layers, corrects = list(model.named_children()), isinstance(model, Correction)

    def forward(weights: Weights, x: Tensor) -> Tensor:
        given = x = x.flatten(2)
        for name, layer in layers:
            if isinstance(layer, nn.Linear):
                x = _linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))
            elif type(layer) in _ACTIVATIONS:
                x = _ACTIVATIONS[type(layer)](x)
            elif isinstance(layer, LogSpread):
                x = beside(x, weights[f"{name}.log_spread"].unsqueeze(-2))
        return corrected(given, x) if corrects else x

    return forward


def _linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """``x [T, n, inputs]``, ``weight [T, outputs, inputs]``, ``bias [T, outputs]``."""
    if bias is None:
        return torch.bmm(x, weight.transpose(1, 2))
    return torch.baddbmm(bias.unsqueeze(1), x, weight.transpose(1, 2))
