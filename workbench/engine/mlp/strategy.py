"""The strategy around `tasks`: parameters as one vector, tasks shared out over worker threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from workbench.core.algorithm import MetaGradient, Scores, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.task import ProblemSpec
from workbench.engine.batched_mlp import fits
from workbench.engine.compiled import Array
from workbench.engine.mlp import tasks
from workbench.engine.mlp.kernels import NONE, RELU, TANH
from workbench.engine.rule import InnerLoop
from workbench.engine.workers import Workers

LARGEST = 300_000
"""Parameters up to which plain loops were measured to beat a batched matrix product, by two."""
_GRADIENTS_IN_FLIGHT = 4_000_000
"""Floats of single tasks' gradients held at once."""
_ACTS: dict[type[nn.Module], int] = {nn.ReLU: RELU, nn.Tanh: TANH}


@dataclass(frozen=True)
class Layer:
    name: str
    inputs: int
    outputs: int
    act: int
    bias: bool


def read(model: nn.Module) -> tuple[Layer, ...] | None:
    """The layers of a small perceptron, or ``None``."""
    if type(model) is not nn.Sequential or not fits(model):
        return None
    if sum(p.numel() for p in model.parameters()) > LARGEST:
        return None
    found: list[Layer] = []
    linear: tuple[str, nn.Linear] | None = None
    act = NONE
    for name, module in [*model.named_children(), ("", nn.Linear(1, 1))]:
        if isinstance(module, nn.Linear):
            if linear is not None:
                last = linear[1]
                sizes = last.in_features, last.out_features
                found.append(Layer(linear[0], *sizes, act, last.bias is not None))
            linear, act = (name, module), NONE
        elif type(module) in _ACTS:
            if linear is None or act != NONE:
                return None
            act = _ACTS[type(module)]
    return tuple(found) or None


class SmallMlpStrategy:
    """The same numbers as the general strategy, for a perceptron of at most `LARGEST` weights."""

    serves_parts = False
    name = "compiled loops over whole tasks"

    def __init__(
        self, model: nn.Module, layers: tuple[Layer, ...], spec: ProblemSpec, workers: int
    ) -> None:
        self._layers = layers
        self._classes = spec.labels
        self._plan = _plan(layers)
        self._workers = Workers(model, workers)

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient:
        start = self._flat(weights)
        total, seen = np.zeros_like(start), np.zeros(3)
        size = max(self._workers.count, _GRADIENTS_IN_FLIGHT // max(1, start.size))
        for first in range(0, len(episodes), size):
            grads, rows = self._learn(start, _rows(episodes, slice(first, first + size)), loop)
            total += grads.sum(0)
            seen += rows.sum(0)
        total /= len(episodes)
        support, query, metric = (seen / len(episodes)).tolist()
        return MetaGradient(self._named(total, weights), support, query, metric)

    def _learn(self, start: Array, episodes: Episode, loop: InnerLoop) -> tuple[Array, Array]:
        """One gradient a task ``[T, P]`` and three numbers a task ``[T, 3]``."""
        grads, rows = (
            np.empty((len(episodes), start.size), start.dtype),
            np.zeros((len(episodes), 3)),
        )
        xs, ys, xq, yq = self._data(episodes)

        def work(low: int, high: int) -> None:
            tasks.learn(
                self._plan, self._classes, start, xs, ys, xq, yq, loop.steps, loop.rate,
                loop.first_order, low, high, grads, rows,
            )  # fmt: skip

        self._share_out(work, len(episodes))
        return grads, rows

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores:
        start, (xs, ys, xq, yq) = self._flat(weights), self._data(episodes)
        rows = np.empty((len(episodes), 3, loop.steps + 1), start.dtype)

        def work(low: int, high: int) -> None:
            tasks.score(
                self._plan, self._classes, start, xs, ys, xq, yq, loop.steps, loop.rate,
                low, high, rows,
            )  # fmt: skip

        self._share_out(work, len(episodes))
        metric, query, support = torch.from_numpy(rows).unbind(1)
        return Scores(metric, query, support)

    def close(self) -> None:
        self._workers.close()

    def _share_out(self, work: Callable[[int, int], None], count: int) -> None:
        """One stretch of tasks a worker; a task's result does not depend on the stretch."""
        cuts = np.linspace(0, count, min(self._workers.count, count) + 1).astype(int)
        spans = list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))
        for _ in self._workers.map(lambda _, part: work(*spans[part]), len(spans)):
            pass

    def _data(self, episodes: Episode) -> tuple[Array, Array, Array, Array]:
        return (*self._arrays(episodes.support), *self._arrays(episodes.query))

    def _arrays(self, batch: Batch) -> tuple[Array, Array]:
        x = batch.x.flatten(1).contiguous().numpy()
        y = batch.y.to(batch.x.dtype).flatten(1).contiguous().numpy()
        return x, y

    def _flat(self, weights: Weights) -> Array:
        parts: list[Tensor] = []
        for layer in self._layers:
            weight = weights[f"{layer.name}.weight"].detach()
            parts.append(weight.T.reshape(-1))
            bias = weights[f"{layer.name}.bias"] if layer.bias else weight.new_zeros(layer.outputs)
            parts.append(bias.detach())
        flat: Array = torch.cat(parts).numpy()
        return flat

    def _named(self, flat: Array, like: Weights) -> Weights:
        found, vector = {}, torch.from_numpy(flat)
        for layer, row in zip(self._layers, self._plan, strict=True):
            at, size = int(row[4]), layer.inputs * layer.outputs
            weight = vector[at : at + size].view(layer.inputs, layer.outputs).T
            found[f"{layer.name}.weight"] = weight.contiguous()
            if layer.bias:
                found[f"{layer.name}.bias"] = vector[at + size : at + size + layer.outputs]
        return {name: found[name] for name in like}


def _plan(layers: tuple[Layer, ...]) -> Array:
    rows, weights, maps = [], 0, 0
    for layer in layers:
        rows.append([layer.inputs, layer.outputs, layer.act, int(layer.bias), weights, maps])
        weights += layer.inputs * layer.outputs + layer.outputs
        maps += layer.inputs
    return np.array(rows, np.int64)


def _rows(episodes: Episode, rows: slice) -> Episode:
    return Episode(
        Batch(episodes.support.x[rows], episodes.support.y[rows]),
        Batch(episodes.query.x[rows], episodes.query.y[rows]),
    )
