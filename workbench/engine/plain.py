"""The general strategy: any module, one task after the other on each worker thread.

It is the reference that faster strategies are held against.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.func import functional_call

from workbench.core import objective
from workbench.core.algorithm import MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.seeds import derive
from workbench.core.task import ProblemSpec
from workbench.engine.inner import Forward, InnerLoop, Learned, learn, support_loss, walk
from workbench.engine.workers import Workers


class PlainStrategy:
    """Exact for every module whose operations can be differentiated twice."""

    name = "task by task"

    def __init__(self, model: nn.Module, spec: ProblemSpec, workers: int) -> None:
        self._spec = spec
        self._random = any(isinstance(m, nn.modules.dropout._DropoutNd) for m in model.modules())
        # Dropout draws from the one global generator, so its masks repeat only on one thread.
        self._workers = Workers(model, 1 if self._random else workers)

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient:
        shared = _laid_out(weights)
        totals = {name: torch.zeros_like(weight) for name, weight in weights.items()}
        seen = torch.zeros(3, dtype=torch.float64)

        def one(model: nn.Module, task: int) -> tuple[list[Tensor | None], Learned]:
            with torch.random.fork_rng(devices=[], enabled=self._random):
                if self._random:
                    torch.manual_seed(derive(seed, task))
                leaves = {name: weight.detach().requires_grad_() for name, weight in shared.items()}
                learned = learn(forward_of(model.train()), self._spec, leaves, episodes[task], loop)
                gradients = torch.autograd.grad(
                    learned.query_loss, list(leaves.values()), allow_unused=True
                )
            return list(gradients), learned

        for gradients, learned in self._workers.map(one, len(episodes)):
            for total, gradient in zip(totals.values(), gradients, strict=True):
                if gradient is not None:
                    total += gradient
            seen += _numbers(learned)
        tasks = len(episodes)
        support, query, metric = (seen / tasks).tolist()
        return MetaGradient({n: t / tasks for n, t in totals.items()}, support, query, metric)

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores:
        shared = _laid_out(weights)

        def one(model: nn.Module, task: int) -> Tensor:
            return score(model, self._spec, shared, episodes[task], loop)

        rows = torch.stack(list(self._workers.map(one, len(episodes))))
        return Scores(rows[:, 0], rows[:, 1], rows[:, 2])

    def close(self) -> None:
        self._workers.close()


def forward_of(model: nn.Module) -> Forward:
    """The model as a function of its weights.

    Buffers are copied at every call: batch normalisation may update its running statistics, but
    an inner loop leaves no trace in the model.
    """

    def forward(weights: Weights, x: Tensor) -> Tensor:
        buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
        outputs: Tensor = functional_call(model, {**weights, **buffers}, (_channels_last(x),))
        return outputs

    return forward


def walk_task(
    model: nn.Module, spec: ProblemSpec, weights: Weights, episode: Episode, loop: InnerLoop
) -> Iterator[tuple[Weights, Forward]]:
    """The fast weights of every step on one task, with the function that uses them."""
    forward = forward_of(without_dropout(model))
    for fast in walk(forward, spec, weights, episode.support, loop):
        yield fast, forward


def score(
    model: nn.Module, spec: ProblemSpec, weights: Weights, episode: Episode, loop: InnerLoop
) -> Tensor:
    """``[3, steps + 1]``: query metric, query loss and support loss of one task."""
    columns = []
    for fast, forward in walk_task(model, spec, weights, episode, loop):
        with torch.no_grad():
            outputs = forward(fast, episode.query.x)
            columns.append(
                torch.stack(
                    [
                        objective.metric(spec, outputs, episode.query.y),
                        objective.loss(spec, outputs, episode.query.y),
                        support_loss(forward, spec, fast, episode.support),
                    ]
                )
            )
    return torch.stack(columns, dim=1)


def _numbers(learned: Learned) -> Tensor:
    values = (learned.support_loss, learned.query_loss, learned.query_metric)
    return torch.stack([value.detach().double() for value in values])


def _laid_out(weights: Weights) -> Weights:
    return {name: _channels_last(weight.detach()) for name, weight in weights.items()}


def _channels_last(tensor: Tensor) -> Tensor:
    if tensor.dim() == 4:
        return tensor.contiguous(memory_format=torch.channels_last)
    return tensor


def without_dropout(model: nn.Module) -> nn.Module:
    """The model in training mode (statistics of the batch) but with dropout switched off."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
    return model
