"""One task at a time: the model as a function of its weights, its steps and their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from workbench.core.algorithm import Forward, Weights
from workbench.core.episode import Episode
from workbench.core.task import ProblemSpec
from workbench.engine.derivatives import Derivatives, called_by
from workbench.engine.inner import batch_loss, met
from workbench.engine.layout import channels_last
from workbench.engine.scored import Scored, labels_of


@dataclass(frozen=True)
class Traits:
    """What is asked of a model once, since asking at every call costs a small model a fifth."""

    names: frozenset[str]
    tied: bool
    """Some parameter is used under two names."""
    derivatives: bool
    """It calls operations whose derivatives are ours."""


def traits_of(model: nn.Module, spec: ProblemSpec) -> Traits:
    every = [name for name, _ in model.named_parameters(remove_duplicate=False)]
    tied = len(every) > len(list(model.parameters()))
    return Traits(frozenset(every), tied, called_by(model, spec))


def forward_of(
    model: nn.Module,
    traits: Traits,
    within: Callable[[], AbstractContextManager[Any]] | None = None,
) -> Forward:
    """The model as a function of its weights, run ``within`` a mode other than the usual one.

    Buffers are copied at every call: batch normalisation may update its running statistics, but
    an inner loop leaves no trace in the model.
    """
    buffers = list(model.named_buffers())
    mode = within or (Derivatives if traits.derivatives else nullcontext)

    def forward(weights: Weights, x: Tensor) -> Tensor:
        used = {name: weight for name, weight in weights.items() if name in traits.names}
        used |= {name: buffer.clone() for name, buffer in buffers}
        with mode():
            outputs: Tensor = functional_call(
                model, used, (channels_last(x),), tie_weights=traits.tied
            )
        return outputs

    return forward


def score(
    forward: Forward,
    spec: ProblemSpec,
    path: Iterable[Weights],
    episode: Episode,
    *,
    alone: bool = False,
) -> Scored:
    """Query metric, query loss and support loss along a task's path, and where it ends."""
    columns = []
    for step, used in enumerate(path):
        with torch.no_grad():
            seen = Episode(episode.support, met(forward, used, episode.query, step))
            outputs = query_outputs(forward, used, seen, alone=alone)
            columns.append(
                torch.stack(
                    [
                        spec.objective.metric(outputs, seen.query.y),
                        spec.objective.loss(outputs, seen.query.y),
                        batch_loss(forward, spec, used, seen.support, step),
                    ]
                )
            )
    return Scored(torch.stack(columns, dim=1), labels_of(spec, outputs))


def query_outputs(forward: Forward, used: Weights, episode: Episode, *, alone: bool) -> Tensor:
    """``[n, outputs]`` for the query set: together, or ``alone``, each with the support set only.

    Together, normalisation by batch statistics lets query items see each other (transductive).
    Alone is the protocol of A. Nichol et al., "On First-Order Meta-Learning Algorithms", 2018,
    section 6.1: one test item beside the training batch.
    """
    if not alone:
        return forward(used, episode.query.x)
    support = episode.support.x
    rows = [forward(used, torch.cat([support, x[None]]))[-1] for x in episode.query.x]
    return torch.stack(rows)


def without_dropout(model: nn.Module) -> nn.Module:
    """The model in training mode (statistics of the batch) but with dropout switched off."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
    return model
