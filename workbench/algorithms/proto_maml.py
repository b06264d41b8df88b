"""ProtoMAML: MAML whose head starts, for each task, as a prototypical network.

E. Triantafillou et al., "Meta-Dataset: A Dataset of Datasets for Learning to Learn from Few
Examples", ICLR 2020. With mu_c the mean feature of the support items of a class,

    -|f(x) - mu_c|^2 = 2 mu_c f(x) - |mu_c|^2 - |f(x)|^2,

whose last term all classes share: the linear head W_c = 2 mu_c, b_c = -|mu_c|^2 gives the same
predictions. From there on body and head take MAML's inner steps. The outer gradient passes through
the first head too, also when it is of first order, as in the authors' code. A task may have any
number of classes: no weight of the head is meta-learned.

Differs from the authors' code: prototypes are not scaled down before they become a head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group, Weights
from workbench.core.episode import Batch
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec, TaskFamily
from workbench.engine import Forward, Rule
from workbench.engine.parts import feature_count, with_head


class ProtoMamlParams(InnerParams):
    name: Literal["proto_maml"] = "proto_maml"
    inner_rate: float = param(
        0.05, marked("Step size of adaptation."), symbol="α", gt=0, le=100, log_scale=True
    )
    first_order: bool = param(
        False, marked("Hold the inner gradients constant in the outer loop: cheaper, less exact.")
    )


@dataclass(frozen=True)
class PrototypeLoop(Rule):
    """Gradient descent of all weights, from a head of class means."""

    steps: int
    rate: float
    weight: str
    bias: str
    inputs: int
    ways: int
    first_order: bool = False

    def begin(
        self, forward: Forward, weights: Weights, support: Batch, items: Tensor | None = None
    ) -> Weights:
        features = forward({**weights, **self._transparent(weights, support)}, support.x)
        members = F.one_hot(support.y, self.ways).to(features.dtype)
        if items is not None:
            members = members * items[:, None]
        means = members.mT @ features / members.sum(-2).clamp(min=1e-12)[..., None]
        # The inner gradient of the body holds the head fixed: it must not find the way from these
        # tensors to the head, which the outer gradient takes.
        body = {name: weight.view_as(weight) for name, weight in weights.items()}
        return {**body, self.weight: 2 * means, self.bias: -means.square().sum(-1)}

    def _transparent(self, weights: Weights, support: Batch) -> Weights:
        """The head that gives its inputs as they are: what the model puts out are its features."""
        leading, like = support.y.shape[:-1], next(iter(weights.values()), support.x)
        identity = torch.eye(self.inputs, dtype=like.dtype, device=like.device)
        return {
            self.weight: identity.expand(*leading, -1, -1),
            self.bias: identity.new_zeros(*leading, self.inputs),
        }

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {name: fast[name] - self.rate * gradient for name, gradient in gradients.items()}


@register("algorithm", "proto_maml", title=marked("ProtoMAML"), params=ProtoMamlParams)
class ProtoMaml(InnerLoopMethod):
    """MAML from a head of class means: any number of classes, and a good guess at step 0."""

    group = Group.INITIALISATION
    rank = 6

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if spec.labels:
            return super().unfit(spec)
        return marked("ProtoMAML starts from the mean of each class, and this task has none")

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        """The model with a head that has a bias, whatever head it had."""
        like = next(model.parameters())
        head = nn.Linear(feature_count(model, family.spec), family.spec.outputs)
        return with_head(model, family.spec, head.to(like.device, like.dtype))

    def initial(self) -> Weights:
        return {name: w for name, w in super().initial().items() if name not in self.engine.head}

    def rule(self, steps: int, iteration: int | None = None) -> PrototypeLoop:
        bias, weight = sorted(self.engine.head)
        ways, inputs = self.engine.initial()[weight].shape
        return PrototypeLoop(
            steps, self.inner_rate, weight, bias, inputs, ways, self.params.first_order
        )
