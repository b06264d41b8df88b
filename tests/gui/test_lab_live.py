"""The lab while a training runs: it follows the weights, and the training does not notice."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import assert_same_curve, expected, settled, wait_for_curve
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.runs import list_runs
from workbench.experiments.store import open_run
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

ITERATIONS = 250


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for section, field, value in (
        ("training", "iterations", ITERATIONS),
        ("training", "eval_interval", 100),
        ("task", "test_grid", 30),
    ):
        workspace.draft.set_value(section, field, value)
    return workspace


def train_to_the_end(workspace: Workspace, qtbot: QtBot) -> Checkpoint:
    """The newest checkpoint of a whole training."""
    workspace.start()
    qtbot.waitUntil(lambda: workspace.training.state == "FINISHED")
    path: Path = list_runs()[0].path
    return open_run(path).load_checkpoint()


def test_the_lab_follows_the_training_and_does_not_change_it(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.train)
    alone = train_to_the_end(small, qtbot)
    small.learners.use_fresh()
    window.tabs.setCurrentWidget(window.lab)
    wait_for_curve(qtbot, window.lab.state)
    seen: list[int] = []

    def note() -> None:
        learner = window.lab.state.learner
        if learner is not None and learner.label == "live":
            seen.append(learner.iteration)

    window.lab.state.completed.connect(note)
    watched = train_to_the_end(small, qtbot)
    assert alone.iteration == watched.iteration == ITERATIONS
    for name, tensor in alone.weights.items():
        assert tensor.equal(watched.weights[name]), name
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == ITERATIONS)
    assert seen == sorted(seen)


def test_new_weights_reach_the_lab_about_once_a_second(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "iterations", 1_000_000)
    window.tabs.setCurrentWidget(window.lab)
    seen: dict[int, float] = {}
    window.lab.state.completed.connect(
        lambda: seen.setdefault(small.learners.current.iteration, time.monotonic())
    )
    small.start()
    qtbot.waitUntil(lambda: len(seen) >= 4)
    times = list(seen.values())[1:]
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.4, "no oftener"
    assert "Live model" in window.lab.header.learner.currentText()
    small.training.pause()
    qtbot.waitUntil(lambda: small.training.state == "PAUSED")
    qtbot.waitUntil(lambda: settled(window.lab.state))


def choose(window: MainWindow, qtbot: QtBot, start: str) -> None:
    """Pick a learner with the keyboard, as a user does."""
    box = window.lab.header.learner
    row = next(r for r in range(box.count()) if box.itemText(r).startswith(start))
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        qtbot.keyClick(box, Qt.Key.Key_Down)


def test_untrained_and_checkpoint_are_chosen(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "iterations", 30)
    window.tabs.setCurrentWidget(window.lab)
    train_to_the_end(small, qtbot)
    qtbot.waitUntil(lambda: window.lab.header.learner.count() >= 3)
    state = window.lab.state
    choose(window, qtbot, "Untrained")
    qtbot.waitUntil(lambda: state.learner.label == "untrained" and settled(state))
    assert_same_curve(state.steps, expected(state))
    choose(window, qtbot, "Checkpoint")
    name = list_runs()[0].path.name
    qtbot.waitUntil(lambda: state.learner.label == name and settled(state))
    assert_same_curve(state.steps, expected(state))
