"""Control in the window: until a face of its own draws it, trajectories are a table of steps."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import wait_for_curve, wait_for_task
from tests.gui.test_strangers import browser_shows, open_lab, shows_its_own
from tests.unit.control.kit import MODELS
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace


@pytest.mark.parametrize("family", ["navigation", "gridworld"])
def test_a_task_is_browsed_adapted_to_and_left_again(
    qtbot: QtBot, workspace: Workspace, family: str
) -> None:
    window = MainWindow(workspace)
    qtbot.addWidget(window)
    window.show()
    draft = workspace.draft
    draft.choose("model", MODELS[family])
    draft.choose("task", family)
    for name in ("shots", "queries", "horizon"):
        draft.set_value("task", name, 3)
    draft.set_value("algorithm", "test_steps", 3)
    wait_for_task(qtbot, workspace)
    browser_shows(window)
    shows_its_own(window, open_lab(qtbot, window))
    draft.choose("model", "mlp")
    draft.choose("task", "sinusoid")
    wait_for_curve(qtbot, window.lab.state)
