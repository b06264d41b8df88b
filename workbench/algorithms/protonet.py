"""Prototypical networks: the nearest class mean in a learned embedding.

J. Snell, K. Swersky, R. Zemel, "Prototypical Networks for Few-shot Learning", NeurIPS 2017,
equations 1-2: logits are the negative squared distances to the mean embedding of each class.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from workbench.algorithms.metric import MetricMethod, MetricParams, class_means, squared_distances
from workbench.core.algorithm import Weights
from workbench.core.registry import register
from workbench.core.task import ProblemSpec


class ProtonetParams(MetricParams):
    name: Literal["protonet"] = "protonet"


@register("algorithm", "protonet", title="Prototypical network", params=ProtonetParams)
class Protonet(MetricMethod):
    """Learn an embedding in which items lie nearest to the mean of their class."""

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if spec.kind == "classification":
            return ""
        return "prototypical networks average the items of each class, and this task has none"

    def outputs(self, weights: Weights, support: Tensor, y: Tensor, query: Tensor) -> Tensor:
        return -squared_distances(query, class_means(support, y))
