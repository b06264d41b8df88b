"""Does adapting change the features, or only the head?

A. Raghu, M. Raghu, S. Bengio, O. Vinyals, "Rapid Learning or Feature Reuse?", ICLR 2020: the NIL
test takes the head away and classifies by the cosine similarity of the features to those of the
support items, which weigh the labels as in a matching network; CKA compares the features of a layer
before and after adapting.

S. Kornblith, M. Norouzi, H. Lee, G. Hinton, "Similarity of Neural Network Representations
Revisited", ICML 2019: linear CKA of centred features X and Y is |X'Y|^2 / (|X'X| |Y'Y|).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.algorithms.metric import cosines
from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.experiments.session import Learner


@dataclass(frozen=True)
class Reuse:
    """What adapting to one task does to the features of its query set."""

    nil: tuple[float, float] | None
    """Accuracy without a head, before and after adapting; nothing where there are no classes."""
    similarity: dict[str, float]
    """Linear CKA of each block of the model before and after; NaN where features do not vary."""


@torch.no_grad()
def reuse(learner: Learner, episode: Episode, steps: int) -> Reuse:
    first, last = _ends(learner, episode, steps)
    engine = learner.algorithm.engine
    activations = engine.activations()
    x = episode.query.met(partial(engine.forward(), first)).x
    before, after = activations(first, x), activations(last, x)
    similarity = {name: linear_cka(before[name], after[name]) for name in before}
    if not engine.spec.labels:
        return Reuse(None, similarity)
    return Reuse((_nil(learner, first, episode), _nil(learner, last, episode)), similarity)


def _ends(learner: Learner, episode: Episode, steps: int) -> tuple[Weights, Weights]:
    """The model's weights before and after adapting."""
    with torch.enable_grad():
        way = learner.algorithm.path(learner.weights, episode, steps)
        first = last = next(way)
        for used in way:
            last = used
    return first, last


def _nil(learner: Learner, used: Weights, episode: Episode) -> float:
    features = learner.algorithm.features()
    support = features(used, episode.support.x).flatten(1)
    query = learner.algorithm.engine.query_outputs(features, used, episode).flatten(1)
    return nil_accuracy(support, episode.support.y, query, episode.query.y)


def nil_accuracy(support: Tensor, y: Tensor, query: Tensor, truth: Tensor) -> float:
    """Of labels that are weighed by the softmax of cosine similarities."""
    members = F.one_hot(y).to(support.dtype)
    votes = cosines(query, support).softmax(-1) @ members
    return float((votes.argmax(-1) == truth).double().mean())


def linear_cka(one: Tensor, other: Tensor) -> float:
    """Between features ``[n, ...]`` of the same n items, by their products ``[n, n]``."""
    k, m = _products(one), _products(other)
    return float((k * m).sum() / (k.norm() * m.norm()))


def _products(features: Tensor) -> Tensor:
    rows = features.flatten(1).double()
    rows = rows - rows.mean(0)
    return rows @ rows.T
