"""Support and query set as the head sees them, step by step, in one fixed plane.

The plane is that of the two principal components of the features of all steps together, so that
points move because the features do and not because the axes turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.algorithms.metric import MetricMethod
from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.engine import Forward
from workbench.experiments.insight.collected import refuse_collected
from workbench.experiments.session import Learner


@dataclass(frozen=True)
class Embedding:
    """Coordinates of S support and Q query items at each of k + 1 steps."""

    support: Tensor
    """``[k + 1, S, 2]``"""
    query: Tensor
    """``[k + 1, Q, 2]``"""
    explained: tuple[float, float]
    """The share of the features' variance along each axis."""


def embed(learner: Learner, episode: Episode, steps: int) -> Embedding:
    """Features may be any number wide; one-dimensional ones lie on a line."""
    return in_one_plane(list(features_on_the_way(learner, episode, steps)), len(episode.support.y))


def features_on_the_way(learner: Learner, episode: Episode, steps: int) -> Iterator[Tensor]:
    """``[S + Q, e]`` after 0, 1, ... steps, support items first."""
    refuse_collected(learner, "embedding")
    features = learner.algorithm.features()
    for used in learner.algorithm.path(learner.weights, episode, steps):
        with torch.no_grad():
            sets = _sets(learner, features, used, episode)
        yield torch.cat([one.flatten(1) for one in sets]).double()


def _sets(
    learner: Learner, features: Forward, used: Weights, episode: Episode
) -> tuple[Tensor, Tensor]:
    """Support and query set; a metric learner normalises them in a way of its own."""
    if isinstance(learner.algorithm, MetricMethod):
        return learner.algorithm.seen(features, used, episode)
    return features(used, episode.support.x), features(used, episode.query.x)


def in_one_plane(seen: list[Tensor], support: int) -> Embedding:
    """The features of every step, of which the first ``support`` are the support set's."""
    points, explained = _in_a_plane(torch.stack(seen).flatten(0, 1))
    plane = points.view(len(seen), -1, 2)
    return Embedding(plane[:, :support], plane[:, support:], explained)


def _in_a_plane(rows: Tensor) -> tuple[Tensor, tuple[float, float]]:
    centred = rows - rows.mean(0)
    if not torch.isfinite(centred).all():
        return torch.zeros(len(rows), 2, dtype=rows.dtype), (0.0, 0.0)
    _, spread, axes = torch.linalg.svd(centred, full_matrices=False)
    axes = torch.nn.functional.pad(axes[:2], (0, 0, 0, max(0, 2 - len(axes))))
    spread = torch.nn.functional.pad(spread, (0, 2))
    total = float(spread.square().sum()) or 1.0
    share = (spread[:2].square() / total).tolist()
    return centred @ axes.T, (share[0], share[1])
