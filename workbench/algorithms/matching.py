"""Matching networks: support targets, weighed by how similar a query item is to each of them.

O. Vinyals, C. Blundell, T. Lillicrap, K. Kavukcuoglu, D. Wierstra, "Matching Networks for One Shot
Learning", NeurIPS 2016, equation 1: p(y | x) = sum_i a(x, x_i) y_i with a the softmax of the
cosine. Reproductions with the cosine often fall short; the squared distance does better, so both
are here.

On curves the same attention averages values instead of classes.

Differs from the authors' code: none was found to compare with. The paper's full context embeddings
are not here: x and x_i are embedded alike.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from workbench.algorithms.metric import (
    Learned,
    MetricMethod,
    MetricParams,
    cosines,
    squared_distances,
)
from workbench.core.algorithm import Weights
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register

LEAST = 1e-6
"""Added to probabilities before the logarithm: a class that nothing attends to has p = 0."""


class MatchingParams(MetricParams):
    name: Literal["matching"] = "matching"
    distance: Literal["cosine", "squared"] = param(
        "cosine", marked("What similar means: the cosine of the paper, or the squared distance.")
    )


@register("algorithm", "matching", title=marked("Matching network"), params=MatchingParams)
class Matching(MetricMethod):
    """Learn an embedding by which a query item attends to the support items like it."""

    rank = 1

    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        if not self.engine.spec.labels:
            return support, y
        return support, nn.functional.one_hot(y).to(support.dtype)

    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        support, members = learned
        seen = self._similarity(query, support).softmax(-1) @ members
        return torch.log(seen + LEAST) if self.engine.spec.labels else seen

    def _similarity(self, query: Tensor, support: Tensor) -> Tensor:
        if self.params.distance == "squared":
            return -squared_distances(query, support)
        return cosines(query, support)
