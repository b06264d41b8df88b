"""Transfer learning: train on all classes together, then fit a new head to the support set.

W.-Y. Chen, Y.-C. Liu, Z. Kira, Y.-C. Wang, J.-B. Huang, "A Closer Look at Few-shot Classification",
ICLR 2019, section 3: the baseline fits a linear head on fixed features, Baseline++ one of cosine
similarities. Its settings: SGD 0.01, momentum 0.9, dampening 0.9, weight decay 0.001, 100 epochs in
mini-batches of 4; the cosine's scale is 2, and 10 on Omniglot.

On curves the network is trained on the points of all tasks together and fine-tuned as it is, which
is the pre-trained baseline of the MAML paper (section 5.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from workbench.algorithms.stepped import SteppedMethod, row_batches
from workbench.core import objective
from workbench.core.algorithm import MetaGradient, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import TaskFamily
from workbench.engine import Forward
from workbench.engine.face import Found
from workbench.engine.parts import feature_count, with_head

HEAD = "joint."


class TransferParams(Params):
    name: Literal["transfer"] = "transfer"
    mode: Literal["head", "all", "cosine"] = param(
        "head",
        "What is fitted to a new task: a linear head, all weights, or a head of cosine "
        "similarities (Baseline++).",
    )
    inner_rate: float = param(
        0.01, "Step size of fitting.", symbol="α", gt=0, le=100, log_scale=True
    )
    test_steps: int = param(100, "Mini-batches fitted on held-out tasks.", ge=0, le=1000)
    test_batch: int = param(
        4, "Items in a mini-batch on held-out tasks; 0 is all of them.", ge=0, le=10_000
    )
    momentum: float = param(
        0.9, "Momentum of fitting, dampened by as much.", ge=0, lt=1, advanced=True
    )
    weight_decay: float = param(1e-3, "Weight decay of fitting.", ge=0, le=1, advanced=True)
    scale: float = param(
        2.0, "Scale of the cosine similarities; 10 on Omniglot.", gt=0, le=1000, advanced=True
    )


class Joint(nn.Module):
    """Features, and a head over all classes of meta-training."""

    def __init__(self, features: nn.Module, joint: nn.Module) -> None:
        super().__init__()
        self.features = features
        self.joint = joint

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.joint(self.features(x))
        return outputs


class CosineHead(nn.Module):
    """Scaled cosine similarity to one weight vector a class."""

    def __init__(self, inputs: int, outputs: int, scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.weight = nn.Parameter(nn.Linear(inputs, outputs).weight.detach())

    def forward(self, x: Tensor) -> Tensor:
        return self.scale * F.linear(F.normalize(x, dim=-1), F.normalize(self.weight, dim=-1))


@register("algorithm", "transfer", title="Transfer learning", params=TransferParams)
class Transfer(SteppedMethod):
    """Ordinary training on all classes at once, then fine-tuning to each new task."""

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        if family.spec.kind == "regression":
            if params.mode == "cosine":
                raise BadInput(
                    "algorithm.mode",
                    "a head of cosine similarities classifies, and this task has no classes",
                    "Choose head or all",
                )
            return model
        inputs, classes = feature_count(model, family.spec), family.joint_classes
        head = nn.Linear(inputs, classes)
        joint = CosineHead(inputs, classes, params.scale) if params.mode == "cosine" else head
        like = next(model.parameters())
        joint = joint.to(like.device, like.dtype)
        return Joint(with_head(model, family.spec, nn.Identity()), joint)

    def draw(self, family: TaskFamily, tasks: int, draws: Generator) -> Episode:
        batch = family.joint(tasks, draws)
        return Episode(batch, batch)

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        return self.engine.mean_gradient(weights, episodes, self._jointly, seed)

    def path(
        self, forward: Forward, weights: Weights, support: Batch, steps: int
    ) -> Iterator[Weights]:
        """Batch statistics are those of the whole support set, also in a mini-batch."""
        start = {name: weight.detach() for name, weight in weights.items()}
        start |= self._fresh_head(weights)
        fast = {n: start[n].clone().requires_grad_() for n in self._fitted(start)}
        momentum = self.params.momentum
        optimizer = torch.optim.SGD(
            fast.values(),
            lr=self.params.inner_rate,
            momentum=momentum,
            dampening=momentum,
            weight_decay=self.params.weight_decay,
        )
        size = self.params.test_batch or len(support.y)
        batches = row_batches(len(support.y), size, "transfer", "test")
        yield start
        for _, rows in zip(range(steps), batches, strict=False):
            outputs = forward({**start, **fast}, support.x)[rows]
            loss = objective.loss(self.engine.spec, outputs, support.y[rows])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            yield {**start, **{name: weight.detach().clone() for name, weight in fast.items()}}

    def _jointly(self, forward: Forward, weights: Weights, batch: Episode, task: int) -> Found:
        leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
        outputs = forward(leaves, batch.query.x)
        loss = objective.loss(self.engine.spec, outputs, batch.query.y)
        found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
        metric = objective.metric(self.engine.spec, outputs.detach(), batch.query.y)
        value = float(loss.detach())
        return dict(zip(leaves, found, strict=True)), (value, value, float(metric))

    def _fresh_head(self, weights: Weights) -> Weights:
        """An untrained head for the classes of one task; curves keep the head they have."""
        ways, draws = self.engine.spec.outputs, generator("transfer", "head")
        fresh = {}
        for name in sorted(name for name in weights if name.startswith(HEAD)):
            weight = weights[name]
            shape = (ways, *weight.shape[1:])
            bound = 1 / math.sqrt(weights[HEAD + "weight"].shape[1])
            drawn = torch.rand(shape, generator=draws) * 2 * bound - bound
            fresh[name] = drawn.to(weight.device, weight.dtype)
        return fresh

    def _fitted(self, weights: Weights) -> list[str]:
        """The names of what fitting moves."""
        if self.params.mode == "all":
            return list(weights)
        jointly = [name for name in weights if name.startswith(HEAD)]
        return jointly or sorted(self.engine.head)
