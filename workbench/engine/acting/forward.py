"""A policy as a function of T tasks' own weights, on the states of all of them at once."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call

from workbench.core.algorithm import Forward, Weights
from workbench.engine import batched_mlp


def stacked(model: nn.Module) -> Forward:
    """``x [T, ..., o]`` to ``[T, ..., outputs]`` with weights ``[T, ...]``.

    One matrix product a layer where the model is a plain stack of layers; else task by task.
    """
    if batched_mlp.fits(model):
        return batched_mlp.stacked(model)
    names = {name for name, _ in model.named_parameters()}

    def forward(weights: Weights, x: Tensor) -> Tensor:
        own = {name: weight for name, weight in weights.items() if name in names}
        rows = [
            functional_call(model, {name: weight[task] for name, weight in own.items()}, (x[task],))
            for task in range(len(x))
        ]
        return torch.stack(rows)

    return forward
