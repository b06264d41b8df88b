"""What is taken away from the chosen run: files written beside the window, its command copied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from tests.gui.test_going_on import finished, small  # noqa: F401 - fixtures
from workbench.experiments.exports.formats import FORMATS
from workbench.experiments.store import open_run
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.takeaway import outcome


@pytest.fixture
def said(window: MainWindow) -> Iterator[list[object]]:
    """How it came out, as it is said."""
    told: list[object] = []
    outcome.current().done.connect(told.append)
    outcome.current().failed.connect(told.append)
    yield told
    outcome.current().done.disconnect(told.append)
    outcome.current().failed.disconnect(told.append)


def action(window: MainWindow, name: str) -> QAction:
    menu = window.runs.buttons.away
    menu.fill()
    found = menu.findChild(QAction, f"runs.away.{name}")
    assert isinstance(found, QAction)
    return found


def test_every_format_stands_in_the_menu_with_its_help(window: MainWindow) -> None:
    for one in FORMATS:
        assert action(window, one.name).toolTip()
    assert action(window, "command").text()


def test_weights_and_script_are_written_while_the_window_lives(
    window: MainWindow,
    qtbot: QtBot,
    finished: Path,  # noqa: F811
    tmp_path: Path,
    said: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("weights", "script"):
        place = tmp_path / f"mine-{name}"
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *given, to=place, **more: (str(to), "")
        )
        said.clear()
        action(window, name).trigger()
        qtbot.waitUntil(lambda to=place: f"Saved as {to.name}" in said)
    kept = load_file(tmp_path / "mine-weights")
    best = open_run(finished).load_checkpoint().best_weights
    assert all(torch.equal(kept[name], best[name]) for name in best)
    settings = json.loads((tmp_path / "mine-script" / "config.json").read_text())
    assert settings == open_run(finished).config().to_json()


def test_a_place_that_is_taken_is_left_and_said(
    window: MainWindow,
    qtbot: QtBot,
    finished: Path,  # noqa: F811
    tmp_path: Path,
    said: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path / "taken"
    place.write_text("mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given, **more: (str(place), ""))
    action(window, "weights").trigger()
    qtbot.waitUntil(lambda: len(said) > 1)
    assert "is there already" in str(said[-1])
    assert place.read_text() == "mine"


def test_the_command_is_copied(
    window: MainWindow,
    finished: Path,  # noqa: F811
    said: list[object],
) -> None:
    action(window, "command").trigger()
    line = QApplication.clipboard().text()
    assert line.startswith("python main.py train --preset sinusoid ")
    assert "--training.iterations 60" in line
