"""Metric learners against their equations, written out by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tests.unit.algorithms.kit import (
    CURVES,
    F64,
    IMAGES,
    build,
    curves,
    doubled,
    images,
    smooth_conv,
    smooth_net,
)
from workbench.core.episode import Batch, Episode


def embedded() -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """The headless model, and what it makes of a task's support and query set."""
    body = nn.Sequential(*list(smooth_conv())[:-1])
    episode = images()[0]
    with torch.no_grad():
        return body, body(episode.support.x), body(episode.query.x)


def test_prototypes_are_class_means_and_logits_squared_distances() -> None:
    algorithm = build("protonet", smooth_conv(), IMAGES)
    episode = images()[0]
    _, support, query = embedded()
    expected = torch.empty(6, 3, dtype=F64)
    for item in range(6):
        for label in range(3):
            prototype = support[episode.support.y == label].mean(0)
            expected[item, label] = -((query[item] - prototype) ** 2).sum()
    (step,) = algorithm.adapt(doubled(algorithm.initial()), episode, 5)
    assert torch.allclose(step.query_outputs, expected.softmax(-1), atol=1e-12)
    algorithm.close()


@pytest.mark.parametrize("distance", ["cosine", "squared"])
def test_matching_attends_to_the_support_items_like_it(distance: str) -> None:
    algorithm = build("matching", smooth_conv(), IMAGES, distance=distance)
    episode = images()[0]
    _, support, query = embedded()
    expected = torch.zeros(6, 3, dtype=F64)
    for item in range(6):
        if distance == "cosine":
            likeness = nn.functional.cosine_similarity(query[item][None], support)
        else:
            likeness = -((query[item] - support) ** 2).sum(-1)
        for weight, label in zip(likeness.softmax(0), episode.support.y, strict=True):
            expected[item, label] += weight
    (step,) = algorithm.adapt(doubled(algorithm.initial()), episode, 0)
    assert torch.allclose(step.query_outputs, expected, atol=1e-5)
    algorithm.close()


def test_matching_averages_values_on_curves() -> None:
    model = smooth_net()
    algorithm = build("matching", model, CURVES, distance="squared")
    episode = curves()[0]
    body = nn.Sequential(*list(model)[:-1])
    with torch.no_grad():
        support, query = body(episode.support.x), body(episode.query.x)
    attention = (-(torch.cdist(query, support) ** 2)).softmax(-1)
    (step,) = algorithm.adapt(doubled(algorithm.initial()), episode, 0)
    assert torch.allclose(step.query_outputs, attention @ episode.support.y, atol=1e-10)
    algorithm.close()


def test_relation_scores_pairs_of_class_sum_and_item() -> None:
    algorithm = build("relation", smooth_conv(), IMAGES, hidden=5)
    weights, episode = doubled(algorithm.initial()), images()[0]
    _, support, query = embedded()
    judge = nn.Sequential(nn.Linear(36, 5), nn.ReLU(), nn.Linear(5, 1)).to(F64)
    judge.load_state_dict(
        {n.removeprefix("relation/"): w for n, w in weights.items() if n.startswith("relation/")}
    )
    scores = torch.empty(6, 3, dtype=F64)
    with torch.no_grad():
        for item in range(6):
            for label in range(3):
                summed = support[episode.support.y == label].sum(0)
                scores[item, label] = judge(torch.cat([summed, query[item]]))
    (step,) = algorithm.adapt(weights, episode, 0)
    assert torch.allclose(step.query_outputs, scores.softmax(-1), atol=1e-10)
    wanted = nn.functional.one_hot(episode.query.y).to(F64)
    squared = ((scores.sigmoid() - wanted) ** 2).mean()
    assert step.query_loss == pytest.approx(float(squared), abs=1e-10)
    algorithm.close()


def test_the_nearest_neighbour_has_the_answer() -> None:
    algorithm = build("nearest_neighbour", smooth_conv(), IMAGES, distance="squared")
    episode = images()[0]
    flat_support, flat_query = episode.support.x.flatten(1), episode.query.x.flatten(1)
    nearest = torch.cdist(flat_query, flat_support).argmin(1)
    (step,) = algorithm.adapt({}, episode, 0)
    assert torch.equal(step.query_outputs.argmax(-1), episode.support.y[nearest])
    assert algorithm.initial() == {}
    algorithm.close()


def test_the_nearest_point_has_the_value() -> None:
    algorithm = build("nearest_neighbour", smooth_net(), CURVES)
    episode = curves()[0]
    nearest = torch.cdist(episode.query.x, episode.support.x).argmin(1)
    (step,) = algorithm.adapt({}, episode, 0)
    assert torch.equal(step.query_outputs, episode.support.y[nearest])
    algorithm.close()


@pytest.mark.parametrize("name", ["protonet", "matching", "relation", "nearest_neighbour"])
def test_relabelling_the_classes_relabels_the_predictions(name: str) -> None:
    algorithm = build(name, smooth_conv(), IMAGES)
    weights, episode = doubled(algorithm.initial()), images()[0]
    order = torch.tensor([2, 0, 1])
    turned = Episode(
        Batch(episode.support.x, order[episode.support.y]),
        Batch(episode.query.x, order[episode.query.y]),
    )
    (one,), (other,) = (algorithm.adapt(weights, e, 0) for e in (episode, turned))
    assert torch.allclose(one.query_outputs, other.query_outputs[:, order], atol=1e-10)
    assert one.query_metric == other.query_metric
    algorithm.close()
