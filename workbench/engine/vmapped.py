"""All tasks at once by `torch.func.vmap`: for a GPU, where launches cost more than arithmetic.

Chunks of tasks bound the memory; dropout draws another mask for every task and step.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from workbench.core.algorithm import Forward, MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.task import ProblemSpec
from workbench.engine.inner import step_by_step
from workbench.engine.layout import laid_out
from workbench.engine.plain import forward_of, score, traits_of, without_dropout
from workbench.engine.rule import InnerLoop
from workbench.engine.scored import Scored, together

CHUNK = 32
"""Tasks in one launch."""


class ExplicitNorm(nn.Module):
    """Batch normalisation in plain operations.

    Under vmap torch 2.13 gives its own batch normalisation a wrong second derivative.
    """

    def __init__(self, norm: nn.modules.batchnorm._BatchNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps

    def forward(self, x: Tensor) -> Tensor:
        others = [dim for dim in range(x.dim()) if dim != 1]
        centred = x - x.mean(others, keepdim=True)
        y = centred * (centred.square().mean(others, keepdim=True) + self.eps).rsqrt()
        shape = [1, -1] + [1] * (x.dim() - 2)
        if self.weight is not None:
            y = y * self.weight.view(shape)
        return y if self.bias is None else y + self.bias.view(shape)


class VmapStrategy:
    """The same numbers as the general strategy, for modules without buffers."""

    serves_parts = False
    name = "tasks batched by vmap"

    def __init__(self, model: nn.Module, spec: ProblemSpec, chunk: int = CHUNK) -> None:
        self._model = _explicit(copy.deepcopy(model).train())
        self._spec = spec
        self._traits = traits_of(self._model, spec)
        self._chunk = chunk

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient:
        leaves = {name: weight.detach() for name, weight in weights.items()}

        def mean_loss(shared: Weights) -> tuple[Tensor, Tensor]:
            each = vmap(
                lambda xs, ys, xq, yq: self._learn(shared, xs, ys, xq, yq, loop),
                randomness="different",
                chunk_size=self._chunk,
            )
            support, query, metric = each(
                episodes.support.x, episodes.support.y, episodes.query.x, episodes.query.y
            )
            loss = query.mean()
            return loss, torch.stack([support.mean(), loss, metric.mean()]).detach()

        devices = [episodes.support.x.device] if episodes.support.x.is_cuda else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(seed)
            gradients, seen = grad(mean_loss, has_aux=True)(leaves)
        support, query, metric = seen.tolist()
        return MetaGradient(gradients, support, query, metric)

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores:
        shared = laid_out(weights)
        forward = forward_of(without_dropout(self._model), self._traits)
        found = together(self._score(forward, shared, one, loop) for one in _tasks(episodes))
        self._model.train()
        return found

    def close(self) -> None:
        """No threads to release."""

    def _score(
        self, forward: Forward, weights: Weights, episode: Episode, loop: InnerLoop
    ) -> Scored:
        path = step_by_step(forward, self._spec, weights, episode.support, loop)
        return score(forward, self._spec, path, episode)

    def _learn(
        self, weights: Weights, xs: Tensor, ys: Tensor, xq: Tensor, yq: Tensor, loop: InnerLoop
    ) -> tuple[Tensor, Tensor, Tensor]:
        def support_loss(fast: Weights) -> tuple[Tensor, Tensor]:
            loss = self._spec.objective.loss(functional_call(self._model, fast, (xs,)), ys)
            return loss, loss

        fast, first = weights, None
        for _ in range(loop.steps):
            gradients, loss = grad(support_loss, has_aux=True)(fast)
            if loop.first_order:
                gradients = {name: g.detach() for name, g in gradients.items()}
            fast = {name: weight - loop.rate * gradients[name] for name, weight in fast.items()}
            first = loss if first is None else first
        outputs = functional_call(self._model, fast, (xq,))
        first = support_loss(weights)[0] if first is None else first
        metric = self._spec.objective.metric(outputs, yq)
        return first, self._spec.objective.loss(outputs, yq), metric


def _tasks(episodes: Episode) -> Iterator[Episode]:
    return (episodes[task] for task in range(len(episodes)))


def _explicit(model: nn.Module) -> nn.Module:
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.modules.batchnorm._BatchNorm):
                setattr(parent, name, ExplicitNorm(child))
    return model
