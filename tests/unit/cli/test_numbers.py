"""A mean and its interval have the same decimals, in a sentence and down a column."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cli.numbers import (
    change,
    measured,
    measured_alike,
    medians,
    number,
    ruled_sentence,
)
from workbench.core.curve import Measure

SAID = [
    ("accuracy", 0.84, 0.0081, "84.0 ± 0.8 %"),
    ("accuracy", 1.0, 0.0, "100.0 ± 0.0 %"),
    ("mse", 1.92, 0.3178, "1.92 ± 0.32"),
    ("mse", 0.1412, 0.00631, "0.1412 ± 0.0063"),
    ("mse", 3.0, 2.97, "3.0 ± 3.0"),
    ("mse", 123.4, 21.0, "123 ± 21"),
    ("mse", 0.5, 0.0, "0.50 ± 0.00"),
    ("mse", 3.2e9, 1.1e9, "3.200e+09 ± 1.1e+09"),
    ("mse", float("nan"), float("nan"), "nan ± nan"),
]


@pytest.mark.parametrize(("metric", "mean", "ci95", "said"), SAID)
def test_what_is_said_of_one_number(metric: str, mean: float, ci95: float, said: str) -> None:
    assert measured(metric, mean, ci95) == said


@given(st.floats(0, 1e5), st.floats(1e-5, 1e5))
def test_decimals_match_whatever_the_sizes(mean: float, ci95: float) -> None:
    first, second = measured("mse", mean, ci95).split(" ± ")
    assert len(first.partition(".")[2]) == len(second.partition(".")[2])
    assert float(second) == pytest.approx(ci95, rel=0.06)


def test_a_column_has_one_number_of_decimals() -> None:
    column = measured_alike("mse", [Measure(3.13, 0.13), Measure(0.4, 0.02), Measure(0.141, 0.011)])
    assert column == ["3.130 ± 0.130", "0.400 ± 0.020", "0.141 ± 0.011"]


def test_before_and_after_are_written_alike() -> None:
    assert change("accuracy", Measure(0.193, 0.02), Measure(0.84, 0.008)) == "19.3 → 84.0 ± 0.8 %"
    assert change("mse", Measure(3.1299, 0.2), Measure(0.4, 0.021)) == "3.130 → 0.400 ± 0.021"


def test_one_value_keeps_four_digits() -> None:
    values = (1.92, 0.4, 12.0, 1234.0, 123456.0)
    assert [number("mse", value) for value in values] == [
        "1.920",
        "0.4000",
        "12.00",
        "1234",
        "1.235e+05",
    ]
    assert re.fullmatch(r"84\.0 %", number("accuracy", 0.84))


def test_an_interval_that_is_longer_to_one_side_is_written_with_both_ends() -> None:
    ruled = Measure(0.281, 0.204, 0.1612, 0.7104, 0.0963)
    assert measured("mse", *ruled) == "0.28 [0.16, 0.71]"
    assert medians("mse", [ruled]) == ["0.09630"]
    assert change("mse", Measure(3.13, 0.13, 2.9, 3.4), ruled) == "3.13 → 0.28 [0.16, 0.71]"
    assert medians("accuracy", [Measure(0.84, 0.008, median=0.8667)]) == ["86.7 %"]
    assert medians("mse", [Measure(1.0, 0.1)]) == [""]


def metrics(**last: object) -> dict[str, object]:
    return {"name": "mse", "tasks": 600, "steps": [{"mean": 0.281, **last}]}


def test_few_tasks_that_make_most_of_a_mean_are_told_of() -> None:
    one = metrics(ruled_by=1, ruled_share=0.632, median=0.0963)
    said = "1 of 600 tasks makes 63 % of this mean; the median is 0.09630."
    assert ruled_sentence("mse", one) == said
    lost = metrics(mean=float("inf"), ruled_by=3, ruled_share=1.0, median=0.5)
    assert "3 of 600 tasks diverge while adapting" in ruled_sentence("mse", lost)


def test_where_the_tasks_share_a_mean_nothing_is_said() -> None:
    assert ruled_sentence("mse", metrics(ruled_by=6, ruled_share=0.51, median=0.1)) == ""
    assert ruled_sentence("accuracy", metrics(ruled_by=None, median=0.1)) == ""
    assert ruled_sentence("mse", metrics()) == ""  # of an older version
