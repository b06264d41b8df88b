"""Absolute error and nDCG@5 of ratings, held against counts by hand and a second implementation."""

from __future__ import annotations

import itertools
import math
import random

import pytest
import torch

from workbench.core.stars import MAE, NDCG, Stars, ndcg


def by_hand(scores: list[float], ratings: list[float], lowest: float) -> float:
    """As the definition reads: the gains of the first five places over those of the best order."""

    def total(order: list[float]) -> float:
        return sum(
            (2 ** (r - lowest) - 1) / math.log2(place + 2) for place, r in enumerate(order[:5])
        )

    told = [r for _, r in sorted(zip(scores, ratings, strict=True), key=lambda pair: -pair[0])]
    best = max(total(list(order)) for order in itertools.permutations(ratings))
    return 1.0 if best == 0 else total(told) / best


def test_ndcg_is_that_of_a_second_implementation() -> None:
    draws = random.Random(0)
    for _ in range(200):
        count = draws.randint(1, 6)
        scores = [draws.random() for _ in range(count)]
        ratings = [float(draws.randint(1, 5)) for _ in range(count)]
        found = float(ndcg(torch.tensor(scores), torch.tensor(ratings), 1.0))
        assert found == pytest.approx(by_hand(scores, ratings, 1.0), abs=1e-6)


def test_the_best_order_is_one_and_the_worst_is_less() -> None:
    ratings = torch.tensor([[5.0, 4.0, 3.0, 2.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]])
    assert ndcg(ratings, ratings, 1.0).tolist() == [1.0, 1.0]
    worst, no_order = ndcg(-ratings, ratings, 1.0).tolist()
    assert worst < 0.6 and no_order == 1.0
    assert ndcg(torch.tensor([torch.nan, 1.0]), torch.tensor([1.0, 2.0]), 1.0).isnan()


def test_errors_are_counted_on_the_scale_and_losses_are_squares() -> None:
    objective = Stars(MAE, 1.0, 5.0)
    outputs = torch.tensor([[[7.0], [2.0]], [[0.0], [4.0]]])
    targets = torch.tensor([[[5.0], [3.0]], [[1.0], [2.0]]])
    assert objective.metric(outputs, targets).tolist() == [0.5, 1.0]
    assert objective.loss(outputs, targets).tolist() == [2.5, 2.5]
    assert objective.readable(outputs).max() == 5.0
    assert Stars(NDCG, 1.0, 5.0) != objective == Stars(MAE, 1.0, 5.0)


def test_which_way_is_better() -> None:
    assert NDCG.larger_is_better and not MAE.larger_is_better
