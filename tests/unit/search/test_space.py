"""What is searched, from the words of a flag to the values that are tried."""

from __future__ import annotations

import math

import pytest

from tests.tiny import tiny_config
from tests.unit.search.kit import plan
from workbench.core.errors import BadInput
from workbench.experiments.search import space
from workbench.experiments.search.reading import read_space, written
from workbench.experiments.search.samplers import grid
from workbench.experiments.search.space import Choices, Interval

CONFIG = tiny_config()


def test_a_range_is_on_the_scale_of_its_field_unless_told_otherwise() -> None:
    rate, flat, steps = read_space(
        ["training.outer_rate=1e-4..1e-2", "algorithm.inner_rate=linear:0.1..0.3",
         "algorithm.inner_steps=1..4"], CONFIG,
    )  # fmt: skip
    assert rate == Interval("training.outer_rate", 1e-4, 1e-2, log=True)
    assert flat == Interval("algorithm.inner_rate", 0.1, 0.3)
    assert steps == Interval("algorithm.inner_steps", 1, 4, whole=True)


def test_a_field_alone_has_its_own_bounds_and_scale() -> None:
    rate, order, batch = read_space(
        ["training.outer_rate", "algorithm.adapt_norms", "training.meta_batch"], CONFIG
    )
    assert isinstance(rate, Interval) and rate.log and 0 < rate.low < 1e-3 < rate.high <= 10
    assert order == Choices("algorithm.adapt_norms", (False, True))
    assert isinstance(batch, Interval) and batch.whole and batch.low == 1


def test_lists_and_names_are_choices() -> None:
    name, hidden = read_space(["model.hidden=8,8/16", "algorithm.name=maml,anil"], CONFIG)
    assert name == Choices("algorithm.name", ("maml", "anil"))  # first: fields depend on it
    assert hidden == Choices("model.hidden", ("8,8", "16"))
    assert space.with_values(CONFIG, {"model.hidden": "8,8"}).model.hidden == (8, 8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("algorithm.rate=1..2", "algorithm.rate: there is no such field. Choose from algorithm.na"),
        ("rate=1..2", "rate: names no field"),
        ("algorithm.inner_rate=1..0.1", "1 is not below 0.1"),
        ("algorithm.inner_rate=log:0..1", "a log scale begins above 0"),
        ("algorithm.inner_rate=-1..1", "algorithm.inner_rate: "),
        ("algorithm.inner_rate=0,01..1", "'0,01' is not a number"),
        ("algorithm.inner_rate=nan..1", "'nan' is not a number"),
        ("algorithm.inner_steps=1..2.5", "is not a whole number"),
        ("algorithm.inner_steps=1..99999999", "algorithm.inner_steps: "),
        ("algorithm.inner_steps=3", "one value is nothing to choose from"),
        ("algorithm.name=maml,mamba", "mamba"),
        ("algorithm.name=maml,protonet", "algorithm.name"),
        ("model.hidden", "has no bounds of its own"),
        ("algorithm.name", "has no bounds of its own"),
    ],
)
def test_what_cannot_be_searched_is_named(text: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_space([text], CONFIG)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "algorithm.inner_rate=log:0.001..1",
        "algorithm.inner_rate=linear:0.1..0.3",
        "algorithm.inner_steps=linear:1..4",
        "algorithm.name=maml,anil",
        "model.hidden=8,8/16",
    ],
)
def test_a_dimension_is_written_as_it_is_read(text: str) -> None:
    (one,) = read_space([text], CONFIG)
    assert f"{one.field}={written(one)}" == text


def test_nothing_and_twice_are_refused() -> None:
    with pytest.raises(BadInput, match="nothing is searched"):
        read_space([], CONFIG)
    with pytest.raises(BadInput, match="searched twice"):
        read_space(["algorithm.inner_steps", "algorithm.inner_steps=1,2"], CONFIG)


def test_a_grid_reaches_from_end_to_end_on_its_scale() -> None:
    rates = Interval("algorithm.inner_rate", 1e-3, 1.0, log=True).points(4)
    assert [math.isclose(a, b) for a, b in zip(rates, (1e-3, 1e-2, 1e-1, 1.0), strict=True)]
    assert rates[0] == 1e-3 and rates[-1] == 1.0
    assert Interval("algorithm.inner_steps", 1, 3, whole=True).points(9) == (1, 2, 3)


def test_a_field_that_an_algorithm_lacks_makes_no_points_of_its_own() -> None:
    made = plan(
        "algorithm.name=maml,random_init,transfer", "algorithm.inner_steps=1,2", sampler="grid"
    )
    points = list(grid(made))
    assert sum(point["algorithm.name"] == "maml" for point in points) == 2
    lacking = {
        name: [p for p in points if p["algorithm.name"] == name]
        for name in ("random_init", "transfer")
    }
    for name, found in lacking.items():
        has = "algorithm.inner_steps" in found[0]
        config = space.with_values(made.config, {"algorithm.name": name})
        assert has == hasattr(config.algorithm, "inner_steps") and len(found) == 1 + has


def test_a_plan_comes_back_from_its_record() -> None:
    made = plan(trials=7, sampler="gp", pruner="median", seed=3)
    assert type(made).from_json(made.to_json(), "a file") == made


def test_a_grid_that_never_ends_is_refused() -> None:
    with pytest.raises(BadInput, match="make a grid of"):
        plan("algorithm.inner_rate", "training.outer_rate", sampler="grid", points=101)
