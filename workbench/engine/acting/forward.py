"""A policy as a function of T tasks' own weights, on the states of all of them at once."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Forward, Weights
from workbench.core.task import ProblemSpec
from workbench.engine import batched_mlp
from workbench.engine.plain import forward_of, traits_of


def stacked(model: nn.Module, spec: ProblemSpec) -> Forward:
    """``x [T, ..., o]`` to ``[T, ..., outputs]`` with weights ``[T, ...]``.

    One matrix product a layer where the model is a plain stack of layers; else task by task.
    """
    if batched_mlp.fits(model):
        return batched_mlp.stacked(model)
    alone = forward_of(model, traits_of(model, spec))

    def forward(weights: Weights, x: Tensor) -> Tensor:
        own = ({name: weight[task] for name, weight in weights.items()} for task in range(len(x)))
        return torch.stack([alone(each, states) for each, states in zip(own, x, strict=True)])

    return forward
