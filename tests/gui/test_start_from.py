"""Starting from the weights of a file: chosen in a menu, said in the log, refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from safetensors.torch import save_file

from tests.gui.test_waiting import SMALL, wait_for_end
from workbench.core.errors import BadInput
from workbench.experiments.store import default_root, open_run
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for name, value in {**SMALL, "iterations": 1, "outer_rate": 1e-12}.items():
        workspace.draft.set_value("training", name, value)
    return workspace


def choose(window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (str(file), ""))
    window.acts.start_from.trigger()


def test_a_file_of_the_menu_is_what_the_run_begins_with(
    small: Workspace,
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    qtbot.waitUntil(lambda: small.learners.current is not None)
    given = {n: torch.full_like(w, 0.25) for n, w in small.learners.current.weights.items()}
    save_file(given, tmp_path / "w.safetensors")
    choose(window, monkeypatch, tmp_path / "w.safetensors")
    qtbot.waitUntil(lambda: small.training.busy)
    assert window.tabs.currentWidget() is window.train
    assert not window.acts.start_from.isEnabled()
    assert wait_for_end(small, qtbot) == "completed"
    assert small.training.path is not None
    run = open_run(small.training.path)
    for weight in run.load_checkpoint().weights.values():
        torch.testing.assert_close(weight, torch.full_like(weight, 0.25))
    assert run.facts().weights_from.endswith("w.safetensors")


def test_weights_of_another_model_are_refused_and_leave_no_run(
    small: Workspace,
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_file({"conv.weight": torch.zeros(3, 3)}, tmp_path / "w.safetensors")
    choose(window, monkeypatch, tmp_path / "w.safetensors")
    qtbot.waitUntil(lambda: small.troubles.of("training") is not None)
    said = small.troubles.of("training")
    assert isinstance(said, BadInput)
    assert "has none of this learner's tensors" in said.problem
    assert not small.training.busy
    assert not any(default_root().glob("*/config.json"))
