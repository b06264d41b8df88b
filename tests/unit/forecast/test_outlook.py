"""Races and searches: the sum over their trainings, or bounds where what is drawn decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tiny import prepared
from tests.unit.forecast.test_total import STEP, config, measured
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.apart import Answer
from workbench.experiments.forecast.measured import Stretch
from workbench.experiments.forecast.outlook import legs, of_race, of_search
from workbench.experiments.queue.work import RaceOfMany
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.reading import read_space

ONE = 0.5 + 12.5 + 2.5 + 4.0 + 0.75
"""Of `config` in a process that is warm."""
ONCE = 7.0 + 2.0


def by_inner_steps(one: ExperimentConfig) -> Answer:
    """A step costs in proportion to the inner steps."""
    steps = one.algorithm.inner_steps
    return Answer(measured(Stretch(begins=0, seconds=0.125 * steps, counted=0.1 * steps)))


def plan(*texts: str, trials: int = 10, **more: object) -> Plan:
    base = config()
    return replace(Plan(base, read_space(list(texts), base), trials=trials), **more)


def test_a_race_prepares_shared_data_once() -> None:
    base = config()
    asked = RaceOfMany(base, ("maml", "reptile", "random_init"), (0, 1))
    family = prepared(base)
    lined_up = legs(asked, family)
    assert [(one.algorithm.name, one.training.seed) for one in lined_up] == [
        (name, seed) for seed in (0, 1) for name in asked.algorithms
    ]
    told = of_race(lined_up, lambda one: Answer(measured(STEP), disturbed=one == lined_up[1]))
    assert told.low == told.high == pytest.approx(ONCE + 6 * ONE)
    assert told.disturbed and not told.at_most


def test_a_rate_that_is_searched_changes_no_cost() -> None:
    told = of_search(plan("algorithm.inner_rate=log:0.001..1"), lambda one: Answer(measured(STEP)))
    assert told.low == told.high == pytest.approx(ONCE + 10 * ONE)


def test_steps_that_are_searched_give_bounds() -> None:
    told = of_search(plan("algorithm.inner_steps=1..5", "training.outer_rate"), by_inner_steps)
    assert told.low == pytest.approx(ONCE + 10 * ONE)
    assert told.high == pytest.approx(ONCE + 10 * (ONE + 4 * 12.5))
    assert not told.at_most


def test_a_grid_is_the_sum_of_its_points() -> None:
    grid = plan("algorithm.inner_steps=1,2,5", trials=0, sampler="grid")
    told = of_search(grid, by_inner_steps)
    assert told.low == told.high == pytest.approx(ONCE + 3 * ONE + (1 + 4) * 12.5)


def test_iterations_that_are_searched_are_counted_and_not_measured_again() -> None:
    seen = []

    def measure(one: ExperimentConfig) -> Answer:
        seen.append(one)
        return Answer(measured(STEP))

    told = of_search(plan("training.iterations=30,60"), measure)
    assert len(seen) == 1
    assert told.high - told.low == pytest.approx(10 * (30 * 0.125 + 0.5 + 0.25))


def test_seconds_pruning_and_cores_bound_a_search() -> None:
    rate = plan("algorithm.inner_rate")
    cut = of_search(replace(rate, seconds=50.0), by_inner_steps)
    assert (cut.low, cut.high, cut.at_most) == (50.0, 50.0, True)
    assert of_search(replace(rate, trials=0, seconds=50.0), by_inner_steps).high == 50.0
    assert of_search(replace(rate, pruner="median"), by_inner_steps).at_most
    beside = of_search(replace(rate, cores=4), by_inner_steps)
    assert beside.high == pytest.approx(ONCE + 3 * ONE)
    assert beside.memory == 4 * 600_000_000
