"""Metrics by name: which way is better, wherever two numbers are compared."""

from __future__ import annotations

import dataclasses

import pytest

from workbench.core.curve import Curve
from workbench.core.metric import ACCURACY, Metric, declare, named


def curve(metric: str, after: float) -> Curve:
    return Curve(
        split="val",
        metric=metric,
        mean=(0.0, after),
        ci95=(0.1, 0.1),
        query_loss=(1.0, 1.0),
        support_loss=(1.0, 1.0),
        tasks=10,
        transductive=False,
    )


def test_a_declared_metric_settles_which_curve_is_better() -> None:
    declare(Metric("test return", "Return", larger_is_better=True))
    assert curve("test return", 50.0).better_than(curve("test return", 10.0))
    assert not curve("test return", 10.0).better_than(curve("test return", 50.0))
    assert curve("mse", 10.0).better_than(curve("mse", 50.0))
    assert curve("accuracy", 0.9).better_than(curve("accuracy", 0.8))


def test_a_metric_nobody_declared_counts_as_an_error_of_that_name() -> None:
    assert named("nobody's") == Metric("nobody's", "nobody's", larger_is_better=False)


def test_a_name_means_one_thing() -> None:
    assert declare(ACCURACY) is ACCURACY
    with pytest.raises(ValueError, match="another metric is named 'accuracy'"):
        declare(dataclasses.replace(ACCURACY, larger_is_better=False))
