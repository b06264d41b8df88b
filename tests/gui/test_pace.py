"""When a run will have ended: its steps, its validations, its test."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from tests.gui.plot_kit import numbers
from tests.tiny import tiny_config
from workbench.core.events import Evaluated, Evaluating, Preparing, StepDone
from workbench.experiments.training_params import TrainingParams
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.history import History
from workbench.gui.state.pace import Pace

TRAINING = TrainingParams(iterations=100, eval_interval=50, eval_tasks=40, test_tasks=200)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def evaluated(pace: Pace, clock: Clock, tasks: int, each: float, split: str = "val") -> None:
    """An evaluation in parts of 20 tasks."""
    seconds = 0.0
    for done in range(0, tasks + 1, 20):
        pace.take_evaluating(Evaluating(split, tasks, done, seconds))
        seconds += 20 * each
        clock.now += 20 * each


def stepped(pace: Pace, clock: Clock, first: int, last: int, each: float) -> None:
    for step in range(first, last + 1):
        clock.now += each
        pace.take_steps(step)


def test_nothing_is_shown_before_it_was_measured() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert math.isnan(pace.left(TRAINING, 100, 0, 0.0))
    stepped(pace, clock, 1, 10, 0.1)
    assert math.isnan(pace.left(TRAINING, 100, 10, 1.0))


def test_two_quick_steps_foretell_nothing() -> None:
    clock = Clock()
    pace = Pace(clock)
    evaluated(pace, clock, 40, 0.02)
    stepped(pace, clock, 1, 2, 0.1)
    assert pace.rate == pytest.approx(10.0)
    assert math.isnan(pace.left(TRAINING, 100, 2, 0.2))


def test_validations_and_the_test_are_counted() -> None:
    """90 steps of 0.1 s, validations of 40 tasks at 50 and 100, then 200 test tasks of 0.02 s."""
    clock = Clock()
    pace = Pace(clock)
    evaluated(pace, clock, 40, 0.02)
    stepped(pace, clock, 1, 10, 0.1)
    assert pace.rate == pytest.approx(10.0)
    assert pace.left(TRAINING, 100, 10, 1.0) == pytest.approx(9.0 + (2 * 40 + 200) * 0.02)


def test_an_end_between_two_intervals_is_validated_too() -> None:
    clock = Clock()
    pace = Pace(clock)
    evaluated(pace, clock, 40, 0.02)
    stepped(pace, clock, 1, 10, 0.1)
    assert pace.left(TRAINING, 120, 10, 1.0) == pytest.approx(11.0 + (3 * 40 + 200) * 0.02)


def test_the_steps_end_with_the_time_that_a_run_may_take() -> None:
    clock = Clock()
    pace = Pace(clock)
    evaluated(pace, clock, 40, 0.02)
    stepped(pace, clock, 1, 10, 0.1)
    limited = TRAINING.model_copy(update={"seconds": 4.0})
    assert pace.left(limited, 100, 10, 1.0) == pytest.approx(3.0 + (40 + 200) * 0.02)


def test_the_time_of_an_evaluation_does_not_slow_the_steps() -> None:
    clock = Clock()
    pace = Pace(clock)
    stepped(pace, clock, 1, 10, 0.1)
    evaluated(pace, clock, 40, 0.05)
    clock.now -= 20 * 0.05  # the helper's clock goes on after the last part
    stepped(pace, clock, 11, 20, 0.1)
    assert pace.rate == pytest.approx(10.0, rel=0.01)


def test_a_first_part_that_compiles_is_no_measure() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.take_evaluating(Evaluating("val", 60, 0, 0.0))
    pace.take_evaluating(Evaluating("val", 60, 20, 30.0))
    assert math.isnan(pace.task_seconds)
    pace.take_evaluating(Evaluating("val", 60, 40, 30.4))
    assert pace.task_seconds == pytest.approx(0.02)


def test_the_time_left_of_the_test_runs_down_between_two_parts() -> None:
    clock = Clock()
    pace = Pace(clock)
    evaluated(pace, clock, 40, 0.02)
    pace.take_evaluating(Evaluating("test", 200, 0, 0.0))
    assert pace.left(TRAINING, 100, 100, 10.0) == pytest.approx(4.0)
    clock.now += 1.0
    assert pace.left(TRAINING, 100, 100, 10.0) == pytest.approx(3.0)


def test_steps_slower_than_the_window_still_have_a_rate() -> None:
    clock = Clock()
    pace = Pace(clock)
    stepped(pace, clock, 1, 3, 20.0)
    assert pace.rate == pytest.approx(1 / 20)


def test_a_training_tells_how_far_its_evaluations_are(tmp_path: object) -> None:
    from tests.tiny import training

    config = tiny_config(training={"eval_tasks": 45, "test_tasks": 7})
    run = training(config, tmp_path / "run")  # type: ignore[operator]
    told = list(run.events())
    going = [event for event in told if isinstance(event, Evaluating)]
    assert [e.done for e in going[:4]] == [0, 20, 40, 45]
    assert [(e.split, e.tasks, e.done) for e in going[-2:]] == [("test", 7, 0), ("test", 7, 7)]
    assert all(a.seconds <= b.seconds for a, b in pairwise(going[:4]))
    assert sum(isinstance(event, Evaluated) for event in told) == 4
    assert "evaluating" not in (tmp_path / "run" / "metrics.jsonl").read_text()  # type: ignore[operator]


def test_preparing_lasts_until_the_first_step() -> None:
    history = History()
    history.begin(tiny_config())
    history.take([Preparing(0, "Engine")])
    assert history.preparing is not None
    history.take([StepDone(1, 0.1, 4.0, 3.0, 3.0, 1.0, 0.001)])
    assert history.preparing is None


def test_the_plots_say_that_the_engine_is_made_ready(window: MainWindow, qtbot: QtBot) -> None:
    """Before the first point, where the eye is; gone with it."""
    gap, loss, _ = window.train.figures()
    title = window.findChild(QLabel, "plot.gap.waiting")
    bar = window.findChild(QProgressBar, "plot.gap.busy")
    assert title is not None and bar is not None and not bar.isVisible()
    space = window.workspace
    window.acts.start.trigger()
    qtbot.waitUntil(lambda: space.training.state == "RUNNING")
    space.training.pause()
    qtbot.waitUntil(lambda: space.training.state == "PAUSED")
    space.history.begin(space.training.config)  # the small engine of the test was ready at once
    space.history.tell([Preparing(0, "Engine: one that compiles")])
    qtbot.waitUntil(bar.isVisible)  # a figure of the run before is cleared in a turn of its own
    assert "Preparing the engine · 0:0" in title.text()
    assert any("Engine:" in label.text() for label in gap.findChildren(QLabel))
    space.resume()
    qtbot.waitUntil(lambda: space.history.iteration > 30)
    qtbot.waitUntil(lambda: bool(numbers(gap)) and not bar.isVisible())
    qtbot.waitUntil(lambda: bool(numbers(loss)))
    loss.clear()
    shown = [label.text() for label in loss.findChildren(QLabel) if label.isVisible()]
    assert not any("Preparing" in text for text in shown)
