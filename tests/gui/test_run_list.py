"""The stored runs are read once for all who show them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.tiny import prepared, tiny_config
from workbench.experiments import runs
from workbench.experiments.runs import RunSummary
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

WAIT = 20_000


def killed() -> Run:
    """With a checkpoint, and no result."""
    config = tiny_config()
    run = Run.create(config)
    events = Training(config, prepared(config), run).events()
    for event in events:
        if getattr(event, "iteration", 0) == 4:
            break
    events.close()  # type: ignore[attr-defined]
    return run


def test_a_start_reads_them_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    run, read, counted = killed(), runs.list_runs, list[Path | None]()

    def counting(root: Path | None = None) -> list[RunSummary]:
        counted.append(root)
        return read(root)

    monkeypatch.setattr(runs, "list_runs", counting)
    space = Workspace()
    window = MainWindow(space)
    qtbot.addWidget(window)
    window.show()
    space.load()
    qtbot.waitUntil(lambda: space.waiting.question is not None, timeout=WAIT)
    assert space.waiting.question is not None and run.path.name in space.waiting.question.text
    assert [row.path for row in window.runs.model.runs] == [run.path]
    box = window.findChild(QComboBox, "lab.learner")
    qtbot.waitUntil(lambda: box.findData(str(run.path)) >= 0, timeout=WAIT)
    qtbot.waitUntil(lambda: space.in_view.task is not None, timeout=WAIT)
    assert len(counted) == 1
    space.run_list.reload()
    qtbot.waitUntil(lambda: len(counted) == 2, timeout=WAIT)
    assert space.shut_down()
