"""The model adapted to a task made by hand, taken out of the lab."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from tests.gui.lab_kit import settled
from tests.gui.test_runs_away import said  # noqa: F401 - a fixture
from workbench.gui.shell.main_window import MainWindow


def offered(window: MainWindow) -> dict[str, QAction]:
    window.lab.adapted.fill()
    return {action.objectName(): action for action in window.lab.adapted.actions()}


def test_it_is_the_model_of_the_step_looked_at_on_the_changed_task(
    filled: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    said: list[object],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lab, view, file = filled.lab.state, filled.workspace.in_view, tmp_path / "mine"
    assert view.task is not None
    view.edit(view.task.with_item((0, 0), (1.0, 2.0)))
    qtbot.waitUntil(lambda: settled(lab) and lab.task is view.task)
    lab.set_cursor(2)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given, **more: (str(file), ""))
    offered(filled)["lab.adapted.adapted"].trigger()
    qtbot.waitUntil(lambda: len(said) > 1)
    assert said[-1] == "Saved as mine"
    assert lab.learner is not None and lab.current is not None
    episode = view.task.episode()
    model = lab.learner.algorithm.adapted(lab.learner.weights, episode, 0)
    with torch.no_grad():
        before = model(episode.query.x).numpy()
        model.load_state_dict(load_file(file))
        after = model(episode.query.x).numpy()
    np.testing.assert_allclose(after, lab.current.query_outputs.numpy(), atol=1e-5)
    assert np.abs(after - before).max() > 1e-3


def test_formats_of_one_model_are_offered_once_there_is_one(window: MainWindow) -> None:
    found = offered(window)
    assert list(found) == ["lab.adapted.adapted", "lab.adapted.onnx"]
    assert all(action.toolTip() for action in found.values())
    window.lab.state.steps.clear()
    assert not any(action.isEnabled() for action in offered(window).values())
