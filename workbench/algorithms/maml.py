"""Model-agnostic meta-learning, with the exact second-order meta-gradient.

C. Finn, P. Abbeel, S. Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks",
ICML 2017, algorithm 1:
    theta <- theta - beta * grad_theta sum_i L_i(theta - alpha * grad L_i(theta))

The outer loss is the mean over the meta-batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.core import objective
from workbench.core.algorithm import AdaptStep, Algorithm, MetaGradient, Scores, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine import Engine, InnerLoop


class InnerParams(Params):
    """What every method with a gradient-descent inner loop asks for."""

    inner_rate: float = param(
        0.4,
        "Step size of adaptation on the support set.",
        symbol="α",
        gt=0,
        le=100,
        log_scale=True,
        more="Too large, and adaptation diverges; too small, and nothing is learned from the "
        "support set.",
    )
    inner_steps: int = param(
        1, "Gradient steps on the support set while meta-training.", symbol="k", ge=0, le=100
    )
    test_steps: int = param(
        3, "Gradient steps on held-out tasks; may exceed those trained with.", ge=0, le=100
    )
    reduction: Literal["mean", "paper"] = param(
        "mean",
        "How the support loss is reduced: mean over items, or the MAML authors' sum over N·K "
        "divided by K.",
        advanced=True,
        more="The authors' reduction makes cross-entropy N times larger, so their published α of "
        "0.4 on 5-way tasks equals α = 2.0 here with the mean. Regression is not affected.",
    )


class MamlParams(InnerParams):
    name: Literal["maml"] = "maml"


@register("algorithm", "maml", title="MAML", params=MamlParams)
class Maml(Algorithm):
    """Learn weights from which a few gradient steps solve a new task (second order)."""

    first_order = False

    def __init__(self, params: Any, engine: Engine) -> None:
        self.params = params
        self._spec = engine.spec
        self.engine = engine

    @property
    def test_steps(self) -> int:
        return int(self.params.test_steps)

    @property
    def transductive(self) -> bool:
        return self.engine.transductive

    @property
    def strategy(self) -> str:
        return self.engine.strategy

    def initial(self) -> Weights:
        return self.engine.initial()

    def meta_gradient(self, weights: Weights, episodes: Episode, seed: int) -> MetaGradient:
        return self.engine.meta_gradient(
            weights, episodes, self._loop(self.params.inner_steps), seed
        )

    def evaluate(self, weights: Weights, episodes: Episode, steps: int) -> Scores:
        return self.engine.scores(weights, episodes, self._loop(steps))

    def adapt(self, weights: Weights, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        before: Weights = {}
        walk = self.engine.walk(weights, episode, self._loop(steps))
        for step, (fast, forward) in enumerate(walk):
            with torch.no_grad():
                support = forward(fast, episode.support.x)
                query = forward(fast, episode.query.x)
            yield observe(self._spec, step, episode, support, query, relative_change(before, fast))
            before = fast

    def close(self) -> None:
        self.engine.close()

    def _loop(self, steps: int) -> InnerLoop:
        scale = self._spec.outputs if self._counts_per_class else 1
        return InnerLoop(steps, self.params.inner_rate * scale, self.first_order)

    @property
    def _counts_per_class(self) -> bool:
        """The authors divide the sum over N*K items by K alone: N times the mean."""
        return bool(self.params.reduction == "paper" and self._spec.kind == "classification")


def observe(
    spec: ProblemSpec,
    step: int,
    episode: Episode,
    support: Tensor,
    query: Tensor,
    norms: dict[str, float],
) -> AdaptStep:
    """Everything there is to see after one step, from the outputs on both sets."""

    def loss(outputs: Tensor, batch: Batch) -> float:
        return float(objective.loss(spec, outputs, batch.y))

    def metric(outputs: Tensor, batch: Batch) -> float:
        return float(objective.metric(spec, outputs, batch.y))

    def shown(outputs: Tensor) -> Tensor:
        readable = outputs.softmax(-1) if spec.kind == "classification" else outputs
        return readable.detach().cpu()

    return AdaptStep(
        step=step,
        support_loss=loss(support, episode.support),
        query_loss=loss(query, episode.query),
        support_metric=metric(support, episode.support),
        query_metric=metric(query, episode.query),
        support_outputs=shown(support),
        query_outputs=shown(query),
        update_norms=norms,
    )


def relative_change(before: Weights, after: Weights) -> dict[str, float]:
    """Norm of each tensor's change over the norm of the tensor; empty before the first step."""
    tiny = 1e-12
    return {
        name: float((after[name] - old).norm() / (old.norm() + tiny))
        for name, old in before.items()
    }
