"""The floor without any learning: the nearest support item, or class mean, has the answer.

Inputs are compared as they are: pixel by pixel, feature by feature. The mean of each class with
cosine is the centroid (Rocchio) classifier when inputs are tf-idf vectors of sentences.

Differs from the authors' code: there is none.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.algorithms.metric import (
    Learned,
    MetricMethod,
    class_means,
    cosines,
    squared_distances,
)
from workbench.core.algorithm import Group, Weights
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec, TaskFamily


class NearestNeighbourParams(Params):
    name: Literal["nearest_neighbour"] = "nearest_neighbour"
    distance: Literal["cosine", "squared"] = param("cosine", marked("How items are compared."))
    prototypes: Literal["items", "means"] = param(
        "items",
        marked(
            "What a query item is compared with: every support item, or the mean of each class."
        ),
        more=marked(
            "On sentences the class means are the stronger floor. Values "
            "of a curve have no classes and are always compared with every "
            "item."
        ),
    )


@register(
    "algorithm",
    "nearest_neighbour",
    title=marked("Nearest neighbour"),
    params=NearestNeighbourParams,
)
class NearestNeighbour(MetricMethod):
    """No learning at all: the label of the most similar support item, as a floor."""

    group = Group.FLOORS
    rank = 2
    trains = False

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if spec.vocabulary:
            return marked(
                "nearest neighbour measures how far numbers are apart; this task has token ids"
            )
        return super().unfit(spec)

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        return nn.Flatten()

    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        """The items with their values, the means of the classes, or the items of each class."""
        if not self.engine.spec.labels:
            return support, y
        if self.params.prototypes == "means":
            return (class_means(support, y),)
        return tuple(support[y == label] for label in range(int(y.max()) + 1))

    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        if not self.engine.spec.labels:
            support, y = learned
            return y[self._likeness(query, support).argmax(-1)]
        if self.params.prototypes == "means":
            return self._likeness(query, learned[0])
        return torch.stack([self._likeness(query, own).amax(-1) for own in learned], dim=-1)

    def _likeness(self, query: Tensor, support: Tensor) -> Tensor:
        """``[q, s]``. On curves, x is a place and has no direction: always the distance."""
        if self.params.distance == "squared" or not self.engine.spec.labels:
            return -squared_distances(query, support)
        return cosines(query, support)
