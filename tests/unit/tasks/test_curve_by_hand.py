"""A curve task edited by hand: other points, another true curve; and who can adapt to it."""

from __future__ import annotations

import math

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.core.registry import get, names
from workbench.experiments import catalog
from workbench.experiments.session import untrained
from workbench.tasks.sinusoid import CurveTask

catalog.load()


@pytest.fixture
def task() -> CurveTask:
    """Three points of 2 sin(x - 0.5)."""
    x = torch.tensor([-4.0, 0.25, 3.0])
    return CurveTask((2.0, 0.5), x, 2 * torch.sin(x - 0.5), torch.linspace(-5, 5, 7))


def test_a_point_is_added_behind_the_others(task: CurveTask) -> None:
    more = task.with_added_point(1.5, -0.25)
    assert more.support_x.tolist() == [-4.0, 0.25, 3.0, 1.5]
    assert more.support_y[:3].equal(task.support_y) and more.support_y[3] == -0.25
    assert more.episode().support.x.shape == (4, 1)
    assert len(task.support_x) == 3


def test_a_point_is_removed(task: CurveTask) -> None:
    fewer = task.without((0, 1))
    assert fewer.support_x.tolist() == [-4.0, 3.0]
    assert fewer.support_y.equal(task.support_y[[0, 2]])


def test_the_last_point_stays(task: CurveTask) -> None:
    one = task.without((0, 0)).without((0, 0))
    with pytest.raises(BadInput, match="nothing to adapt to"):
        one.without((0, 0))


def test_points_on_the_curve_follow_it_and_others_stay(task: CurveTask) -> None:
    bent = task.with_item((0, 1), (0.25, 1.0)).bent(4.5, 3.0)
    wanted = [4.5 * math.sin(-4.0 - 3.0), 1.0, 4.5 * math.sin(3.0 - 3.0)]
    assert bent.support_y.tolist() == pytest.approx(wanted, abs=1e-5)
    assert bent.support_x.equal(task.support_x)
    assert bent.numbers == (4.5, 3.0)
    query = bent.episode().query
    assert query.y[:, 0].tolist() == pytest.approx(
        [4.5 * math.sin(x - 3.0) for x in task.query_x.tolist()], abs=1e-5
    )


def test_bending_there_and_back_is_the_same_curve(task: CurveTask) -> None:
    there = task
    for number in range(100):
        there = there.bent(0.1 + 0.049 * number, -3.0 + 0.09 * number)
    back = there.bent(task.numbers[0], task.numbers[1])
    torch.testing.assert_close(back.support_y, task.support_y)


def test_a_sampled_task_lies_on_its_curve() -> None:
    family = prepared(tiny_config(task={"shots": 200}))
    for seed in range(20):
        task = family.draw("val", seed)
        assert isinstance(task, CurveTask)
        bent = task.bent(1.0, 0.0)
        torch.testing.assert_close(bent.support_y, torch.sin(task.support_x), rtol=0, atol=1e-6)


def test_the_value_at_a_place_is_the_truth(task: CurveTask) -> None:
    assert task.value(1.25) == pytest.approx(float(task.truth(torch.tensor(1.25))), abs=1e-6)


@pytest.mark.parametrize("points", [1, 4, 9])
@pytest.mark.parametrize("name", names("algorithm"))
def test_support_sets_of_other_sizes_than_trained_with(name: str, points: int) -> None:
    """Five are trained with; the function after one step depends on every point."""
    entry = get("algorithm", name)
    family = prepared(tiny_config())
    if entry.build.unfit(family.spec):
        pytest.skip("not for regression")
    few = {"test_steps": 2} if "test_steps" in entry.params.model_fields else {}
    learner = untrained(tiny_config(algorithm={"name": name, **few}), family)
    task = family.draw("val", 1)
    assert isinstance(task, CurveTask)
    while len(task.support_x) > points:
        task = task.without((0, 0))
    while len(task.support_x) < points:
        task = task.with_added_point(len(task.support_x) - 5.0, 1.0)
    steps = list(learner.adapt(task.episode(), 2))
    assert steps[-1].support_outputs.shape == (points, 1)
    assert all(step.query_outputs.isfinite().all() for step in steps)
    moved = task.with_item((0, points - 1), (2.0, -3.0)).episode()
    other = list(learner.adapt(moved, 2))[-1].query_outputs
    assert not torch.allclose(other, steps[-1].query_outputs)
