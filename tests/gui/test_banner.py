"""The red banner goes when its cause goes, and not before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from tests.gui.quiet import quiet
from workbench.core.errors import BadInput
from workbench.core.events import Noticed
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.takeaway import taking


def pictures(folder: Path) -> Path:
    """Thirty classes of eight small pictures."""
    draws = np.random.default_rng(0)
    for name in range(30):
        (folder / f"class{name}").mkdir(parents=True)
        for number in range(8):
            pixels = draws.integers(0, 255, (28, 28), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"class{name}" / f"{number}.png")
    return folder


@pytest.fixture
def missing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """The banner names a folder that is not there."""
    space = window.workspace
    space.draft.choose("model", "conv4")
    space.draft.choose("task", "image_folder")
    space.draft.set_value("task", "root", str(tmp_path / "pictures"))
    qtbot.waitUntil(window.messages.isVisible)
    assert "pictures" in window.messages.text
    return window


def test_it_goes_when_the_data_is_there(missing: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    pictures(tmp_path / "pictures")
    missing.workspace.start()
    qtbot.waitUntil(lambda: not missing.messages.isVisible())
    assert missing.workspace.data.family is not None


def test_it_goes_when_other_data_is_wanted(missing: MainWindow, qtbot: QtBot) -> None:
    missing.workspace.draft.use_preset("sinusoid")
    assert not missing.messages.isVisible()
    qtbot.waitUntil(lambda: missing.workspace.data.family is not None)
    assert not missing.messages.isVisible()


def test_it_stays_when_something_else_is_changed(missing: MainWindow, qtbot: QtBot) -> None:
    missing.workspace.draft.set_value("training", "iterations", 77)
    quiet(qtbot, missing.workspace)
    assert missing.messages.isVisible() and "pictures" in missing.messages.text


def test_a_field_at_fault_takes_its_banner_along(window: MainWindow) -> None:
    space = window.workspace
    space.draft.set_value("algorithm", "inner_rate", "-1")
    space.draft.set_value("training", "iterations", "0")
    space.start()
    assert window.messages.isVisible()
    shown = space.draft.problems[0].where
    other = next(p.where for p in space.draft.problems if p.where != shown)
    good = {"algorithm.inner_rate": 0.01, "training.iterations": 100}
    space.draft.set_value(*other.split("."), good[other])
    assert window.messages.isVisible()
    space.draft.set_value(*shown.split("."), good[shown])
    assert not window.messages.isVisible()


def test_a_plot_that_can_be_written_after_all(window: MainWindow, tmp_path: Path) -> None:
    taking.store(tmp_path / "nowhere" / "plot.csv", b"x,y")
    assert window.messages.isVisible()
    taking.store(tmp_path / "plot.csv", b"x,y")
    assert not window.messages.isVisible()


def test_another_trouble_is_not_taken_along(window: MainWindow, tmp_path: Path) -> None:
    taking.store(tmp_path / "nowhere" / "plot.csv", b"x,y")
    window.workspace.troubles.said.emit(BadInput("scene", "is damaged"))
    taking.store(tmp_path / "plot.csv", b"x,y")
    assert window.messages.isVisible() and "damaged" in window.messages.text


def test_what_the_lab_could_not_compute_goes_with_the_next_success(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.lab)
    state, notice = window.lab.state, window.lab.notice
    qtbot.waitUntil(lambda: len(state.steps) > 1)
    state.failed.emit(ValueError("no room"))
    assert notice.isVisible() and notice.text() == "no room"
    state.readapt()
    qtbot.waitUntil(lambda: not notice.isVisible())
    notice.show_problem(BadInput("support", "is a query item"))
    state.readapt()
    quiet(qtbot, window.workspace)
    assert notice.isVisible()


def test_what_a_run_has_to_say_goes_when_another_one_is_in_view(
    window: MainWindow, qtbot: QtBot
) -> None:
    """As a warning: the run went on."""
    history, config = window.workspace.history, window.workspace.draft.config
    history.begin(config)
    history.tell([Noticed(3, "TensorBoard takes no more of this run")])
    assert window.messages.isVisible() and window.messages.property("banner") == "warning"
    assert "TensorBoard" in window.messages.text
    history.begin(config)
    assert not window.messages.isVisible()
