"""Runs that another process writes appear in the list, and end there, without being asked for."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.processes import begin
from tests.tiny import tiny_config
from workbench.experiments.store import default_root
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

LONG = {"iterations": 1_000_000, "checkpoint_interval": 20, "eval_interval": 100_000}


def statuses(space: Workspace) -> dict[str, str]:
    return {run.name: run.status for run in space.run_list.rows}


def trained_elsewhere(tmp_path: Path) -> list[str]:
    """The command that trains in another process, into the folder that the window lists."""
    file = tmp_path / "config.json"
    file.write_text(json.dumps(tiny_config(training=LONG).to_json()))
    return ["train", "--config", str(file), "--run-dir", str(default_root() / "elsewhere")]


@pytest.mark.parametrize(
    "end", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_a_run_of_the_command_line_appears_and_ends(
    workspace: Workspace, window: MainWindow, qtbot: QtBot, tmp_path: Path, end: signal.Signals
) -> None:
    workspace.run_list.reload()
    qtbot.waitUntil(lambda: not workspace.run_list.reading)
    process = begin(*trained_elsewhere(tmp_path))
    try:
        qtbot.waitUntil(lambda: statuses(workspace).get("elsewhere") == "running")
        qtbot.waitUntil(lambda: workspace.run_list.rows[0].iteration > 0)
        window.runs.table.selectRow(0)
        for name in ("runs.resume", "runs.goOn"):
            assert not window.findChild(QPushButton, name).isEnabled()
        workspace.continue_run(default_root() / "elsewhere")
        qtbot.waitUntil(window.messages.isVisible)
        assert f"is being written by process {process.pid}" in window.messages.text
    finally:
        process.send_signal(end)
        process.communicate()
    ended = "unfinished" if end is signal.SIGKILL else "stopped"
    qtbot.waitUntil(lambda: statuses(workspace).get("elsewhere") == ended)
    assert workspace.run_list.rows[0].resumable
    workspace.draft.use_config(tiny_config())
    workspace.continue_run(default_root() / "elsewhere")
    qtbot.waitUntil(lambda: workspace.training.busy)  # a lock whose process was killed is no lock
    workspace.training.stop()
    qtbot.waitUntil(lambda: workspace.training.state == "FINISHED")
    qtbot.waitUntil(lambda: statuses(workspace).get("elsewhere") == "stopped")


def test_what_is_taken_away_leaves_the_list(
    workspace: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    from workbench.experiments.store import Run

    run = Run.create(tiny_config(), default_root() / "soon gone")
    run.release()
    workspace.run_list.reload()
    qtbot.waitUntil(lambda: "soon gone" in statuses(workspace))
    run.path.rename(default_root().with_name("elsewhere"))
    qtbot.waitUntil(lambda: "soon gone" not in statuses(workspace))
