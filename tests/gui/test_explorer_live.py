"""The validation tasks while training: they move, and the training does not know."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled, wait_for_task
from tests.gui.plot_kit import numbers
from tests.gui.take_away_kit import PLAIN, sheets
from tests.gui.test_lab_ownership import alone
from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from workbench.experiments.store import open_run
from workbench.gui.explorer.window import Explorer
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.takeaway import write

LONG: dict[str, Any] = {
    "iterations": 1_000_000,
    "meta_batch": 4,
    "eval_interval": 10,
    "eval_tasks": 23,
    "checkpoint_interval": 5,
}


def live(window: MainWindow, qtbot: QtBot, kind: str = "sinusoid") -> Explorer:
    """The explorer on the validations of a training that goes on until it is stopped."""
    space = window.workspace
    if kind != "sinusoid":
        space.draft.choose("model", MODELS.get(kind, "conv4"))
        space.draft.choose("task", kind)
        if kind == "glyphs":
            space.draft.set_value("model", "filters", 4)
            space.draft.set_value("task", "ways", 3)
        wait_for_task(qtbot, space)
    for name, value in LONG.items():
        space.draft.set_value("training", name, value)
    space.start()
    window.train._each.click()
    explorer = window.explorers.window
    assert explorer is not None
    qtbot.waitUntil(lambda: len(space.history.validations.iterations) > 2)
    qtbot.waitUntil(lambda: bool(explorer.state.drawn.tasks))
    return explorer


@pytest.mark.usefixtures("guests")
@pytest.mark.parametrize(
    "kind", ["sinusoid", "clouds", pytest.param("glyphs", marks=pytest.mark.slow)]
)
def test_the_weights_are_bit_for_bit_those_of_an_unwatched_run(
    kind: str, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    explorer = live(window, qtbot, kind)
    space, state = window.workspace, explorer.state
    for tab in range(explorer.tabs.count()):
        explorer.tabs.setCurrentIndex(tab)
        state.set_step(tab % 2)
        state.point(tab)
        explorer.grab()
    if kind == "glyphs":
        assert explorer.each_class.model.rowCount() > 0 and explorer.each_class.sheet() is not None
    for tab in (window.runs, window.train):
        window.tabs.setCurrentWidget(tab)
        window.grab()
    for sheet in (*sheets(explorer).values(), *sheets(window).values()):
        write.encoded(sheet, "svg", PLAIN)
    explorer.tasks.opened.emit(explorer.tasks.model.places[0])
    qtbot.waitUntil(lambda: space.in_view.place is not None and settled(window.lab.state))
    before = len(space.history.validations.iterations)
    qtbot.waitUntil(lambda: len(space.history.validations.iterations) > before + 1)
    assert space.training.state == "RUNNING"
    path, config = space.training.path, space.training.config
    assert path is not None and config is not None
    space.training.stop()
    qtbot.waitUntil(lambda: space.training.state == "FINISHED")
    watched = open_run(path).load_checkpoint()
    unwatched = alone(config, watched.iteration, tmp_path / "alone")
    for name, tensor in watched.weights.items():
        assert torch.equal(tensor, unwatched[name]), name


def test_every_validation_moves_the_same_tasks(window: MainWindow, qtbot: QtBot) -> None:
    explorer = live(window, qtbot)
    tasks, held = explorer.state.drawn.tasks, window.workspace.history.validations
    explorer.state.point(4)
    before = len(held.iterations)
    qtbot.waitUntil(lambda: len(held.iterations) > before)
    window.workspace.training.stop()
    qtbot.waitUntil(lambda: window.workspace.training.state == "FINISHED")
    assert explorer.state.drawn.tasks is tasks and explorer.state.pointed == 4
    seen, newest = explorer.state.seen, held.newest
    assert seen is not None and newest is not None and newest.scores is not None
    np.testing.assert_array_equal(held.values[-1], seen.values[:, -1].numpy())
    x, y = numbers(explorer.moving)["task 4"]
    assert x.tolist() == held.iterations
    np.testing.assert_array_equal(y, held.table()[4])
    assert f"iteration {newest.iteration}" in explorer.head.protocol.text().replace("\u202f", "")
    assert explorer.head.choice.isHidden() and explorer.head.again.isHidden()


def test_a_paused_training_gives_the_lab_the_numbers_of_the_list(
    window: MainWindow, qtbot: QtBot
) -> None:
    """The live learner is that of the validation where no step came after it."""
    space = window.workspace
    for name, value in {**LONG, "iterations": 10, "eval_interval": 10}.items():
        space.draft.set_value("training", name, value)
    space.start()
    qtbot.waitUntil(lambda: space.training.state == "FINISHED")
    window.train._each.click()
    explorer = window.explorers.window
    assert explorer is not None
    qtbot.waitUntil(lambda: bool(explorer.state.drawn.tasks))
    place, state = explorer.tasks.model.places[3], window.lab.state
    explorer.tasks.opened.emit(place)
    qtbot.waitUntil(lambda: space.in_view.place == place and settled(state))
    qtbot.waitUntil(
        lambda: state.learner is not None and state.learner.iteration == 10 and settled(state)
    )
    seen = explorer.state.seen
    assert seen is not None and state.learner is not None
    shown = [step.query_metric for step in state.steps]
    np.testing.assert_allclose(shown, seen.values[place].numpy(), rtol=1e-4)


def test_closing_it_lets_the_training_go(window: MainWindow, qtbot: QtBot) -> None:
    explorer = live(window, qtbot)
    explorer.close()
    gc.collect()
    held = window.workspace.history.validations
    before, shown = len(held.iterations), explorer.state.seen
    qtbot.waitUntil(lambda: len(held.iterations) > before)
    assert explorer.state.seen is shown
    window.workspace.training.stop()
    qtbot.waitUntil(lambda: window.workspace.training.state == "FINISHED")
