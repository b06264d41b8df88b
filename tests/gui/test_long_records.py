"""A record of very many events is told a part at a time, so that the window goes on."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from workbench.core.events import StepDone
from workbench.experiments.replay import Replay
from workbench.gui.state.recordings import AT_ONCE
from workbench.gui.state.workspace import Workspace


def long_record(workspace: Workspace) -> Replay:
    assert workspace.draft.config is not None
    steps = [StepDone(n, 0.01 * n, 4.0, 3.0, 0.5, 1.0, 0.001) for n in range(1, 2 * AT_ONCE + 3)]
    return Replay(workspace.draft.config, [*steps])


def test_all_of_it_comes_in_order(workspace: Workspace, qtbot: QtBot) -> None:
    workspace._recordings._on_read(long_record(workspace))
    steps = workspace.history.steps
    assert len(steps) == AT_ONCE
    qtbot.waitUntil(lambda: len(steps) == 2 * AT_ONCE + 2)
    assert steps.column(0)[:].tolist() == list(range(1, 2 * AT_ONCE + 3))


def test_of_a_record_that_is_left_no_more_is_told(workspace: Workspace, qtbot: QtBot) -> None:
    workspace._recordings._on_read(long_record(workspace))
    workspace.history.begin(workspace.draft.config)
    with qtbot.assertNotEmitted(workspace.history.told, wait=50):
        pass
    assert len(workspace.history.steps) == 0
