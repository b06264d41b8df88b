"""Differences task by task, and ranks that leave nobody out."""

from __future__ import annotations

import math
import statistics

import pytest
import torch

from workbench.experiments.paired import difference, ranks

F64 = torch.float64


def test_a_small_difference_on_every_task_shows_where_two_intervals_overlap() -> None:
    draws = torch.Generator().manual_seed(0)
    hard = torch.rand(600, generator=draws, dtype=F64)
    own = hard - 0.01 + 0.001 * torch.randn(600, generator=draws, dtype=F64)
    found = difference(own, hard, "mse")
    assert found.mean == pytest.approx(statistics.mean((own - hard).tolist()))
    assert found.median == pytest.approx(statistics.median((own - hard).tolist()))
    assert found.low < found.mean < found.high < 0
    assert found.high - found.low < 0.001 < 1.96 * float(hard.std()) / math.sqrt(600)
    assert found.better == 600 and found.worse == 0 and found.tasks == 600


def test_larger_is_better_for_accuracy_and_ties_are_neither() -> None:
    found = difference(torch.tensor([1.0, 0.5, 0.2]), torch.tensor([0.5, 0.5, 0.4]), "accuracy")
    assert (found.better, found.worse) == (1, 1)


def test_a_task_on_which_one_diverges_is_lost_by_it() -> None:
    own, other = torch.tensor([math.inf, 1.0, math.nan]), torch.tensor([1.0, math.inf, 1.0])
    found = difference(own, other, "mse")
    assert (found.better, found.worse) == (1, 2)


def test_ranks_share_places_and_a_diverged_contender_is_last() -> None:
    assert ranks([0.3, None, 0.1, 0.3], "mse") == [2.5, 4.0, 1.0, 2.5]
    assert ranks([0.9, 0.8, None], "accuracy") == [1.0, 2.0, 3.0]
    assert ranks([None, None], "mse") == [2.0, 2.0]
