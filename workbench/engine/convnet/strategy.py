"""The strategy around `network`: tasks on worker threads, exact meta-gradients, scores.

With v the derivative in the fast weights, the outer derivative runs the inner loop backwards:
``v <- v - alpha H_S(phi_j) v`` from the last step to the first; first order leaves v as it is.
Where only some weights adapt, H_S is applied to their part of v: the others have a step of zero.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from workbench.core.algorithm import MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.task import ProblemSpec
from workbench.engine.convnet.layers import ConvNet
from workbench.engine.convnet.network import Network, Outcome
from workbench.engine.gather import TaskResult, averaged, flat
from workbench.engine.rule import InnerLoop, PartialLoop
from workbench.engine.scored import Scored, labels_of, together
from workbench.engine.workers import Workers


class ConvNetStrategy:
    """The same numbers as the general strategy, for a model that `layers.read` understands."""

    serves_parts = True
    name = "fused kernels, task by task on worker threads"

    def __init__(
        self, model: nn.Module, net: ConvNet, spec: ProblemSpec, workers: int, recompute: bool
    ) -> None:
        self._network = Network(net, spec)
        self._workers = Workers(model, workers)
        self._recompute = recompute

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop | PartialLoop, seed: int
    ) -> MetaGradient:
        start = self._laid_out(weights)

        def one(_: nn.Module, task: int) -> TaskResult:
            with torch.no_grad():
                return self._learn(start, weights, episodes[task], loop)

        return averaged(weights, self._workers.map(one, len(episodes)), len(episodes))

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop | PartialLoop) -> Scores:
        start = self._laid_out(weights)

        def one(_: nn.Module, task: int) -> Scored:
            with torch.no_grad():
                return self._score(start, episodes[task], loop)

        return together(self._workers.map(one, len(episodes)))

    def close(self) -> None:
        self._workers.close()

    def _learn(
        self, start: Weights, weights: Weights, episode: Episode, loop: InnerLoop | PartialLoop
    ) -> TaskResult:
        network, fast, own = self._network, start, _part(loop)
        support = network.prepare(episode.support)
        keep = not loop.first_order and not self._recompute
        path: list[Outcome | Weights] = []
        first_loss = None
        for _ in range(loop.steps):
            seen = network.forward(fast, support)
            gradient = network.gradient(seen, support, keep=keep)
            path.append(seen if keep else fast)
            fast = {**fast, **_moved(own(fast), gradient, loop.rate)}
            first_loss = seen.loss if first_loss is None else first_loss
        query = network.prepare(episode.query)
        last = network.forward(fast, query)
        if first_loss is None:
            first_loss = network.forward(fast, support).loss
        back = network.gradient(last, query, keep=False)
        while path and not loop.first_order:
            at = path.pop()
            if not isinstance(at, Outcome):
                at = network.forward(at, support)
                network.gradient(at, support, keep=True)
            back = _moved(back, network.product(at, _masked(back, own(back))), loop.rate)
        metric = network.spec.objective.metric(last.outputs, episode.query.y)
        numbers = (float(first_loss), float(last.loss), float(metric))
        return TaskResult(flat(weights, back), numbers)

    def _score(self, start: Weights, episode: Episode, loop: InnerLoop | PartialLoop) -> Scored:
        network, fast, own = self._network, start, _part(loop)
        support, query = network.prepare(episode.support), network.prepare(episode.query)
        columns = []
        for step in range(loop.steps + 1):
            seen = network.forward(fast, support)
            asked = network.forward(fast, query)
            metric = network.spec.objective.metric(asked.outputs, query.y)
            columns.append(torch.stack([metric, asked.loss, seen.loss]))
            if step < loop.steps:
                gradient = network.gradient(seen, support, keep=False)
                fast = {**fast, **_moved(own(fast), gradient, loop.rate)}
        return Scored(torch.stack(columns, dim=1), labels_of(network.spec, asked.outputs))

    def _laid_out(self, weights: Weights) -> Weights:
        """Convolutions take weights in the layout of the maps."""
        return {
            name: weights[name].detach().contiguous(memory_format=torch.channels_last)
            if weights[name].dim() == 4
            else weights[name].detach()
            for name in self._network.net.names
        }


def _part(loop: InnerLoop | PartialLoop) -> Callable[[Weights], Weights]:
    """What of the weights adapts."""
    if isinstance(loop, InnerLoop):
        return lambda weights: weights
    return lambda weights: {n: w for n, w in weights.items() if n in loop.adapted}


def _masked(whole: Weights, part: Weights) -> Weights:
    if len(part) == len(whole):
        return whole
    return {name: part.get(name, torch.zeros_like(v)) for name, v in whole.items()}


def _moved(weights: Weights, along: Weights, rate: float) -> Weights:
    moved = torch._foreach_add(
        list(weights.values()), [along[name] for name in weights], alpha=-rate
    )
    return dict(zip(weights, moved, strict=True))
