"""A meta-batch shared out over a group: each process computes some tasks, and all get the mean.

With T tasks of which a process has T_r, its means count T_r / T, and one sum over the processes of
gradients and numbers end to end gives what one process computes, up to the order of summation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.algorithm import Acted, Algorithm, Evidence, MetaGradient, Weights
from workbench.core.episode import Episode
from workbench.engine.gather import flat, split
from workbench.experiments.scale.group import Group


def share_of(tasks: int, group: Group) -> slice:
    """The tasks of this process: as many as any other has, or one more or less; maybe none."""
    each, left = divmod(tasks, group.size)
    start = group.rank * each + min(group.rank, left)
    return slice(start, start + each + (group.rank < left))


def meta_gradient(
    group: Group,
    algorithm: Algorithm,
    weights: Weights,
    episodes: Episode,
    seed: int,
    iteration: int,
) -> MetaGradient:
    """`Algorithm.meta_gradient` of the whole meta-batch, in every process.

    A process without tasks computes the first one for nothing: so it knows what is summed. Raises
    `PeerLost`.
    """
    if group.size == 1:
        return algorithm.meta_gradient(weights, episodes, seed, iteration)
    own = share_of(len(episodes), group)
    count = own.stop - own.start
    part = episodes[own if count else slice(0, 1)]
    found = algorithm.meta_gradient(weights, part, seed, iteration)
    return _mean(group, weights, found, count / len(episodes))


def _mean(group: Group, weights: Weights, found: MetaGradient, share: float) -> MetaGradient:
    vector = flat(weights, {**found.gradients, **found.averages})
    acted = found.acted
    numbers = [found.support_loss, found.query_loss, found.query_metric]
    numbers += [acted.metric_before] if acted else []
    told = torch.cat([vector, vector.new_tensor(numbers)]) * share
    met = vector.new_tensor([acted.steps if acted and share else 0])
    total = group.summed(torch.cat([told, met]))
    whole = split(total[: len(vector)], weights)
    support, query, metric, *before, steps = total[len(vector) :].tolist()
    if acted:
        evidence = acted.evidence and Shared(group, acted.evidence, share)
        acted = Acted(round(steps), before[0], evidence)
    return MetaGradient(
        {name: whole[name] for name in found.gradients},
        support,
        query,
        metric,
        averages={name: whole[name] for name in found.averages},
        acted=acted,
    )


@dataclass(frozen=True)
class Shared:
    """What a group has met, judged together; see `core.algorithm.Evidence`."""

    group: Group
    own: Evidence
    share: float
    """How much this process's means count."""

    def value(self, weights: Weights) -> tuple[float, float]:
        values = torch.tensor(self.own.value(weights), dtype=torch.float64)
        loss, far = self.group.summed(values * self.share).tolist()
        return loss, far

    def gradient(self, weights: Weights, clip: float) -> Weights:
        vector = flat(weights, self.own.gradient(weights, clip))
        return split(self.group.summed(vector * self.share), weights)

    def curvature(self, weights: Weights) -> Callable[[Tensor], Tensor]:
        product = self.own.curvature(weights)
        return lambda vector: self.group.summed(product(vector) * self.share)
