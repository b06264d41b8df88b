"""Relation networks: even the comparison is learned.

F. Sung, Y. Yang, L. Zhang, T. Xiang, P. Torr, T. Hospedales, "Learning to Compare: Relation Network
for Few-Shot Learning", CVPR 2018, section 3.2: g scores the pair (sum of a class's embeddings,
embedding of the query item) in (0, 1); the loss is the squared error to 1 or 0.

Differs from the authors' code: their g convolves feature maps, here it is fully connected, so that
any model can be the embedding; their rate halves, here a schedule lowers it.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.algorithms.metric import Learned, MetricMethod, MetricParams, class_sums
from workbench.core.algorithm import Weights
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine import Engine

RELATION = "relation/"


class RelationParams(MetricParams):
    name: Literal["relation"] = "relation"
    hidden: int = param(
        64, marked("Hidden units of the relation module."), ge=1, le=4096, log_scale=True
    )
    objective: Literal["squared", "cross_entropy"] = param(
        "squared",
        marked("Squared error of the scores, as in the paper, or cross-entropy over classes."),
    )


@register("algorithm", "relation", title=marked("Relation network"), params=RelationParams)
class Relation(MetricMethod):
    """Learn an embedding and a network that judges how alike two embeddings are."""

    rank = 2

    def __init__(self, params: Any, engine: Engine) -> None:
        super().__init__(params, engine)
        weights = engine.initial()
        like = next(iter(weights.values()), torch.zeros(()))
        features = engine.forward()(weights, engine.spec.example(2, like=like)).shape[-1]
        module = nn.Sequential(
            nn.Linear(2 * features, params.hidden), nn.ReLU(), nn.Linear(params.hidden, 1)
        ).to(like.device, like.dtype)
        self._module = {RELATION + n: p.detach() for n, p in module.named_parameters()}

    @classmethod
    def own_loss(cls, params: Any) -> str:
        return marked("squared error of the scores") if params.objective == "squared" else ""

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if spec.labels:
            return super().unfit(spec)
        return marked("relation networks score an item against each class, and this task has none")

    def initial(self) -> Weights:
        return {**super().initial(), **{name: w.clone() for name, w in self._module.items()}}

    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        return (class_sums(support, y),)

    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        """Scores before the logistic function."""
        (classes,) = learned
        pairs = torch.cat(
            [
                classes[None].expand(query.shape[0], -1, -1),
                query[:, None].expand(-1, len(classes), -1),
            ],
            dim=-1,
        )
        hidden = F.linear(pairs, weights[RELATION + "0.weight"], weights[RELATION + "0.bias"])
        scores = F.linear(
            hidden.relu(), weights[RELATION + "2.weight"], weights[RELATION + "2.bias"]
        )
        return scores.squeeze(-1)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        if self.params.objective == "cross_entropy":
            return self.engine.spec.objective.loss(outputs, targets)
        wanted = F.one_hot(targets, outputs.shape[-1]).to(outputs.dtype)
        return (outputs.sigmoid() - wanted).square().mean()
