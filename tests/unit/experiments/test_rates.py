"""The outer rate of every iteration, held against torch's own schedulers where it has one."""

from __future__ import annotations

import pytest
import torch

from workbench.core.curve import Curve
from workbench.experiments.rates import Moment, outer_rate
from workbench.experiments.standing import Standing
from workbench.experiments.training_params import TrainingParams


def params(**changes: object) -> TrainingParams:
    return TrainingParams(**{"outer_rate": 1.0, "iterations": 10, **changes})


def rates(count: int, **changes: object) -> list[float]:
    return [outer_rate(params(**changes), Moment(i)) for i in range(count)]


def theirs(make: object, count: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler, found = make(optimizer), []  # type: ignore[operator]
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def test_a_constant_rate_stays() -> None:
    assert rates(3, final_rate=0.2) == [1, 1, 1]


def test_steps_and_cosine_are_torchs() -> None:
    steps = torch.optim.lr_scheduler.StepLR
    expected = theirs(lambda o: steps(o, 3, 0.1), 12)
    assert rates(12, schedule="step", decay_every=3, decay=0.1) == pytest.approx(expected)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR
    expected = theirs(lambda o: cosine(o, 10, 0.2), 10)
    assert rates(10, schedule="cosine", final_rate=0.2) == pytest.approx(expected)


def test_line_and_cosine_end_at_the_final_rate_and_stay_there() -> None:
    line = rates(100, schedule="linear", final_rate=0.2)
    assert [line[i] for i in (0, 5, 10, 99)] == pytest.approx([1, 0.6, 0.2, 0.2])
    assert rates(11, schedule="cosine", final_rate=0.2)[10] == pytest.approx(0.2)


def test_steps_never_go_below_the_final_rate() -> None:
    assert rates(10, schedule="step", decay_every=1, decay=0.1, final_rate=0.05)[-1] == 0.05
    assert rates(2, schedule="step", final_rate=3)[0] == 1


def test_a_schedule_follows_the_nearer_of_iterations_and_seconds() -> None:
    chosen = params(schedule="linear", iterations=100, seconds=10)
    assert outer_rate(chosen, Moment(0, 5.0)) == pytest.approx(0.5)
    assert outer_rate(chosen, Moment(75, 5.0)) == pytest.approx(0.25)
    assert outer_rate(chosen, Moment(0, 11.0)) == 0


def test_a_warm_up_rises_to_the_schedule() -> None:
    assert rates(6, warm_up=4) == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1])
    both = rates(10, warm_up=2, schedule="linear")
    assert both[:3] == pytest.approx([0.5, 0.9, 0.8])


def curve(mean: float) -> Curve:
    return Curve("accuracy", "val", 2, False, (mean,), (0.0,), (0.0,), (0.0,))


@pytest.mark.parametrize("patience", [1, 2, 3])
def test_plateaus_are_those_of_torch(patience: int) -> None:
    """Its patience counts the bad validations that are let pass: one fewer than ours."""
    values = [0.1, 0.3, 0.2, 0.2, 0.4, 0.1, 0.1, 0.1, 0.1, 0.5, 0.6, 0.2, 0.2, 0.2, 0.2]
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, "max", 0.5, patience - 1, threshold=0
    )
    chosen = params(schedule="plateau", decay_patience=patience, eval_interval=7)
    standing = Standing()
    for number, value in enumerate(values):
        scheduler.step(value)
        if standing.best is None or value > standing.best.mean[0]:
            standing = standing.with_best(curve(value), 7 * number, {}, chosen)
        for iteration in (7 * number, 7 * number + 6):
            plateaus = standing.plateaus(iteration, chosen)
            rate = outer_rate(chosen, Moment(iteration, plateaus=plateaus))
            assert rate == pytest.approx(optimizer.param_groups[0]["lr"])


def test_patience_counts_validations_without_a_better_one() -> None:
    chosen = params(patience=2, eval_interval=5)
    standing = Standing(iteration=10, best=curve(0.5))
    assert [standing.is_over(i, chosen) for i in (10, 15, 19, 20)] == [False, False, False, True]
    assert not standing.is_over(1000, params(eval_interval=5))
