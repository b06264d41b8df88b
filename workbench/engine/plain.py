"""One task at a time: the model as a function of its weights, its steps and their scores."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.func import functional_call

from workbench.core import objective
from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.core.task import ProblemSpec
from workbench.engine.derivatives import Derivatives
from workbench.engine.inner import Forward, InnerLoop, support_loss, walk
from workbench.engine.layout import channels_last


def forward_of(model: nn.Module) -> Forward:
    """The model as a function of its weights.

    Buffers are copied at every call: batch normalisation may update its running statistics, but
    an inner loop leaves no trace in the model.
    """
    buffers = list(model.named_buffers())

    def forward(weights: Weights, x: Tensor) -> Tensor:
        copies = {name: buffer.clone() for name, buffer in buffers}
        with Derivatives():
            outputs: Tensor = functional_call(model, {**weights, **copies}, (channels_last(x),))
        return outputs

    return forward


def walk_task(
    model: nn.Module, spec: ProblemSpec, weights: Weights, episode: Episode, loop: InnerLoop
) -> Iterator[tuple[Weights, Forward]]:
    """The fast weights of every step on one task, with the function that uses them."""
    forward = forward_of(without_dropout(model))
    for fast in walk(forward, spec, weights, episode.support, loop):
        yield fast, forward


def score(
    model: nn.Module, spec: ProblemSpec, weights: Weights, episode: Episode, loop: InnerLoop
) -> Tensor:
    """``[3, steps + 1]``: query metric, query loss and support loss of one task."""
    columns = []
    for fast, forward in walk_task(model, spec, weights, episode, loop):
        with torch.no_grad():
            outputs = forward(fast, episode.query.x)
            columns.append(
                torch.stack(
                    [
                        objective.metric(spec, outputs, episode.query.y),
                        objective.loss(spec, outputs, episode.query.y),
                        support_loss(forward, spec, fast, episode.support),
                    ]
                )
            )
    return torch.stack(columns, dim=1)


def without_dropout(model: nn.Module) -> nn.Module:
    """The model in training mode (statistics of the batch) but with dropout switched off."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
    return model
