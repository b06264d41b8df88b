"""Quantiles, who rules a mean, and intervals that hold for heavy tails."""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch import Tensor

from workbench.core.curve import Curve, Measure, Ruled, Spread
from workbench.core.files import plain
from workbench.experiments.spread import ci95, intervals, is_heavy, over_seeds, ruled_by, spreads

F64 = torch.float64


def tasks(count: int = 600, seed: int = 0) -> Tensor:
    """Errors as of most learners: somewhat skewed, none of them alone."""
    draws = torch.Generator().manual_seed(seed)
    return torch.rand(count, generator=draws, dtype=F64).square()


def with_one_wild(wild: float = 400.0) -> Tensor:
    values = tasks()
    values[17] = wild
    return values


def curve(values: Tensor, metric: str = "mse") -> Curve:
    column = values[:, None]
    mean, ci = (tuple(found.tolist()) for found in (column.mean(0), ci95(column)))
    spread = spreads(column, errors=metric != "accuracy")
    return Curve(metric, "val", len(values), False, mean, ci, mean, mean, spread)  # type: ignore[arg-type]


def test_quantiles_are_those_of_the_tasks() -> None:
    values = tasks(601)
    (found,) = spreads(values[:, None], errors=True)
    wanted = np.quantile(values.numpy(), [0.05, 0.25, 0.5, 0.75, 0.95])
    assert [found.q05, found.q25, found.median, found.q75, found.q95] == pytest.approx(wanted)
    inner = sorted(values.tolist())[60:-60]
    assert found.trimmed == pytest.approx(statistics.mean(inner))


def test_the_interval_of_well_behaved_tasks_is_the_old_one_to_the_bit() -> None:
    values = tasks()
    (found,) = spreads(values[:, None], errors=True)
    width = float((1.96 * values[:, None].std(dim=0, unbiased=True) / math.sqrt(600))[0])
    assert found.interval == "normal"
    assert (found.low, found.high) == (float(values.mean()) - width, float(values.mean()) + width)


def test_accuracy_is_never_resampled() -> None:
    lone = torch.zeros(600, dtype=F64)
    lone[3] = 1.0
    (found,) = spreads(lone[:, None], errors=False)
    assert found.interval == "normal" and found.ruled_by is None and found.ruled_share is None


def test_one_wild_task_rules_the_mean_and_no_interval_reaches_below_zero() -> None:
    values = with_one_wild()
    mean, width = float(values.mean()), float(ci95(values[:, None])[0])
    assert mean - width < 0
    (found,) = spreads(values[:, None], errors=True)
    assert found.interval == "bootstrap" and 0 < found.low < mean < found.high
    assert found.high - mean > mean - found.low
    assert found.ruled_by == 1
    assert found.ruled_share == pytest.approx(400 / float(values.sum()))
    assert found.median == pytest.approx(statistics.median(values.tolist()))


def test_the_bootstrap_repeats_itself() -> None:
    values = with_one_wild()[:, None]
    assert intervals(values) == intervals(values)


def test_a_column_is_resampled_as_if_alone() -> None:
    wild, calm = with_one_wild(), tasks(seed=3)
    together = intervals(torch.stack([calm, wild], 1))
    assert together[0][2] == "normal" and together[1] == intervals(wild[:, None])[0]


def test_the_heavy_interval_covers_more_than_the_normal_one() -> None:
    """200 samples of 60 log-normal errors; the mean lies inside as often as it can be hoped."""
    draws = torch.Generator().manual_seed(5)
    samples = torch.exp(1.5 * torch.randn(60, 200, generator=draws, dtype=F64))
    mean = math.exp(1.5**2 / 2)
    width = ci95(samples)
    normal = ((samples.mean(0) - mean).abs() <= width).double().mean()
    found = intervals(samples)
    covered = sum(low <= mean <= high for low, high, _ in found) / len(found)
    assert sum(kind == "bootstrap" for _, _, kind in found) > 150
    assert covered > float(normal) and covered > 0.83


def test_cochrans_rule_wants_many_tasks_for_a_skewed_tail() -> None:
    assert is_heavy(with_one_wild()) and not is_heavy(tasks())
    assert not is_heavy(torch.tensor([0.0] * 28 + [9.0], dtype=F64))  # too few to say


RULED = [
    ([6.0, 1.0, 1.0, 1.0], (1, 6 / 9)),
    ([3.0, 3.0, 1.0, 1.0], (2, 6 / 8)),
    ([2.0, 2.0], (2, 1.0)),  # one makes just half, not more
    ([0.0, 0.0, 0.0], (3, 1.0)),
    ([1.0, math.inf, math.nan], (2, 1.0)),
]


@pytest.mark.parametrize(("errors", "wanted"), RULED)
def test_who_makes_more_than_half(errors: list[float], wanted: tuple[int, float]) -> None:
    assert ruled_by(torch.tensor(errors, dtype=F64)) == pytest.approx(wanted)


def test_a_task_that_diverges_leaves_the_median_a_number() -> None:
    values = tasks()
    values[:3] = torch.tensor([math.inf, math.nan, math.inf])
    (found,) = spreads(values[:, None], errors=True)
    assert math.isfinite(found.median) and math.isfinite(found.q75)
    assert found.interval == "normal" and found.ruled_by == 3


def test_selection_by_mean_follows_one_task_and_by_median_does_not() -> None:
    ruled, worse = curve(with_one_wild()), curve(2 * tasks())
    assert worse.better_than(ruled) and not ruled.better_than(worse)
    for by in ("median", "trimmed"):
        assert ruled.better_than(worse, by) and not worse.better_than(ruled, by)  # type: ignore[arg-type]


def test_what_is_no_number_is_never_best() -> None:
    lost = with_one_wild(math.inf)
    assert not curve(lost).better_than(None)
    assert curve(lost).better_than(None, "median")


def test_a_curve_comes_back_from_its_record_whole() -> None:
    told = curve(with_one_wild(math.inf))
    assert repr(Curve.restore(plain(asdict(told)))) == repr(told)  # a NaN equals nothing


def test_curves_of_older_versions_have_no_spread() -> None:
    fields = asdict(curve(tasks()))
    del fields["spread"]
    old = Curve.restore(plain(fields))
    assert old.spread == () and old.selected("median") == old.after
    step = old.to_json()["steps"][0]
    assert set(step) == {"step", "mean", "ci95", "query_loss", "support_loss"}
    assert Measure.of(step).ends == (old.mean[0] - old.ci95[0], old.mean[0] + old.ci95[0])
    assert Ruled.of(old.to_json()) is None


def test_the_steps_of_the_contract_hold_the_median() -> None:
    told = curve(with_one_wild())
    step = told.to_json()["steps"][0]
    assert Spread.restore({n: step[n] for n in asdict(told.spread[0])}) == told.spread[0]
    assert told.measure(-1).skewed and Ruled.of(told.to_json()) is not None


@pytest.mark.parametrize("freedom", [1, 2, 3, 8, 24])
def test_few_seeds_have_students_interval(freedom: int) -> None:
    """Its quantile leaves 2.5 % of Student's density beyond it, integrated here."""
    means = [float(place) for place in range(freedom + 1)]
    t = over_seeds(means) * math.sqrt(len(means)) / statistics.stdev(means)
    scale = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)
    cells = 200_000
    within = sum(
        scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)
        for x in ((cell + 0.5) * t / cells for cell in range(cells))
    )
    assert within * t / cells == pytest.approx(0.475, abs=2e-5)
