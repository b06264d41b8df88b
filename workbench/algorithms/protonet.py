"""Prototypical networks: the nearest class mean in a learned embedding.

J. Snell, K. Swersky, R. Zemel, "Prototypical Networks for Few-shot Learning", NeurIPS 2017,
equations 1-2: logits are the negative squared distances to the mean embedding of each class.

What batch normalisation goes by is a choice. The authors' code embeds support and query set of a
training task as one batch, and held-out items by averages collected on the way: ``statistics``
"running". The averages are meta-parameters that the outer optimiser leaves alone; each outer step
moves them by a tenth towards the mean over its tasks.

Differs from the authors' code: by default support and query set are normalised by themselves, as
for every other method here; the paper's preset says "running".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.algorithms.metric import (
    Learned,
    MetricMethod,
    MetricParams,
    class_means,
    squared_distances,
)
from workbench.core.algorithm import MetaGradient, Weights
from workbench.core.episode import Episode
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine import Engine, Forward
from workbench.engine.statistics import Statistics

MEAN, VARIANCE = "running/mean/", "running/variance/"
MOMENTUM = 0.1


class ProtonetParams(MetricParams):
    name: Literal["protonet"] = "protonet"
    statistics: Literal["separate", "joint", "running"] = param(
        "separate",
        marked(
            "Normalise support and query set each by itself, as one batch, "
            "or by collected averages."
        ),
        more=marked(
            "Running, as in the authors' code: in meta-training as one "
            "batch, on held-out tasks by averages collected in "
            "meta-training, so that no item sees another (not "
            "transductive)."
        ),
    )


@register("algorithm", "protonet", title=marked("Prototypical network"), params=ProtonetParams)
class Protonet(MetricMethod):
    """Learn an embedding in which items lie nearest to the mean of their class."""

    rank = 0

    def __init__(self, params: Any, engine: Engine) -> None:
        super().__init__(params, engine)
        self._averages: Weights = {}
        if params.statistics == "running":
            weights = engine.initial()
            like = next(iter(weights.values()), torch.zeros(()))
            seen = engine.batch_statistics(weights, engine.spec.example(2, like=like))
            self._averages = _named([(torch.zeros_like(m), torch.ones_like(v)) for m, v in seen])

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if spec.labels:
            return super().unfit(spec)
        return marked(
            "prototypical networks average the items of each class, and this task has none"
        )

    @property
    def transductive(self) -> bool:
        return self.params.statistics != "running" and super().transductive

    def initial(self) -> Weights:
        return {**super().initial(), **{name: a.clone() for name, a in self._averages.items()}}

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        found = super().meta_gradient(weights, episodes, seed, iteration)
        if not self._averages:
            return found
        gradients = {n: g for n, g in found.gradients.items() if n not in self._averages}
        return replace(found, gradients=gradients, averages=self._moved(weights, episodes))

    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        return (class_means(support, y),)

    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        return -squared_distances(query, learned[0])

    def embedded(
        self, forward: Forward, weights: Weights, episode: Episode
    ) -> tuple[Tensor, Tensor]:
        if self.params.statistics == "separate":
            return super().seen(forward, weights, episode)
        return _together(forward, weights, episode.support.x, episode.query.x)

    def seen(self, forward: Forward, weights: Weights, episode: Episode) -> tuple[Tensor, Tensor]:
        if self._averages:
            forward = self.engine.settled_forward(self._collected(weights))
        elif self.params.statistics == "joint":
            return _together(forward, weights, episode.support.x, episode.query.x)
        return super().seen(forward, weights, episode)

    def predicted(
        self, forward: Forward, weights: Weights, episode: Episode
    ) -> tuple[Tensor, Tensor]:
        if self.engine.alone and not self._averages:
            return self._one_by_one(forward, weights, episode)
        support, query = self.seen(forward, weights, episode)
        learned = self.learned(weights, support, episode.support.y)
        return self.judged(weights, learned, support), self.judged(weights, learned, query)

    def _one_by_one(
        self, forward: Forward, weights: Weights, episode: Episode
    ) -> tuple[Tensor, Tensor]:
        """By the engine's protocol; joint statistics are those of the support set and one item."""
        on_support, on_query = super().predicted(forward, weights, episode)
        if self.params.statistics == "joint":
            x, y = episode.support.x, episode.support.y
            pairs = (_together(forward, weights, x, item[None]) for item in episode.query.x)
            rows = [self.outputs(weights, support, y, query) for support, query in pairs]
            on_query = torch.cat(rows)
        return on_support, on_query

    def _moved(self, weights: Weights, episodes: Episode) -> Weights:
        """The averages after one more meta-batch."""
        seen = [
            _named(self.engine.batch_statistics(weights, torch.cat([one.support.x, one.query.x])))
            for one in (episodes[task] for task in range(len(episodes)))
        ]
        means = {name: torch.stack([one[name] for one in seen]).mean(0) for name in self._averages}
        return {name: weights[name].lerp(mean, MOMENTUM) for name, mean in means.items()}

    def _collected(self, weights: Weights) -> Statistics:
        layers = range(len(self._averages) // 2)
        return [(weights[f"{MEAN}{layer}"], weights[f"{VARIANCE}{layer}"]) for layer in layers]


def _named(statistics: Statistics) -> Weights:
    means = {f"{MEAN}{layer}": mean for layer, (mean, _) in enumerate(statistics)}
    return {**means, **{f"{VARIANCE}{layer}": v for layer, (_, v) in enumerate(statistics)}}


def _together(
    forward: Forward, weights: Weights, support: Tensor, query: Tensor
) -> tuple[Tensor, Tensor]:
    both = forward(weights, torch.cat([support, query]))
    return both[: len(support)], both[len(support) :]
