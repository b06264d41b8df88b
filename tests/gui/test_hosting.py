"""A training beside the window: left, taken up again, and told of when its process dies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from workbench.core.sealed import read_sealed
from workbench.experiments.record.lock import is_held
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state import settings
from workbench.gui.state.training import PLACE
from workbench.gui.state.workspace import Workspace

LONG = {"iterations": 1_000_000, "checkpoint_interval": 20, "eval_interval": 1_000}


def train_apart(space: Workspace, qtbot: QtBot) -> Path:
    settings.remember(PLACE, "apart")
    for name, value in LONG.items():
        space.draft.set_value("training", name, value)
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 40)
    assert space.training.is_apart and space.training.path is not None
    return space.training.path


def process_of(run: Path) -> int:
    return int(read_sealed(run / "writer.json")["process"])


def test_the_window_leaves_it_and_the_next_one_takes_it_up(
    window: MainWindow, qtbot: QtBot
) -> None:
    space = window.workspace
    run = train_apart(space, qtbot)
    child, device = process_of(run), window.findChild(QLabel, "status.device")
    assert child != os.getpid() and device is not None and "own process" in device.text()
    qtbot.waitUntil(lambda: space.learners.current is not None)
    window.close()
    on = window.findChild(QPushButton, "dialog.close.goOn")
    assert on is not None and not window.isHidden()
    on.click()
    qtbot.waitUntil(window.isHidden)
    assert not space.training.busy and is_held(run)

    window.show()  # as the next window would, over the same record
    space.history.begin(None)
    space.waiting.interrupted.begin()
    space.run_list.reload()
    qtbot.waitUntil(lambda: space.waiting.question is not None)
    assert run.name in window.question.text.text()
    taken = window.findChild(QPushButton, "questionBar.takeUp")
    assert taken is not None
    taken.click()
    qtbot.waitUntil(lambda: space.training.is_apart and space.history.iteration > 80)
    space.training.pause()
    qtbot.waitUntil(lambda: space.training.state == "PAUSED")
    assert process_of(run) == child and space.draft.config == space.training.config
    iterations = [int(one) for one in space.history.steps.column(0)]
    assert iterations[0] == 1 and iterations[-1] == space.history.iteration
    reached = space.history.iteration
    space.training.step()
    qtbot.waitUntil(lambda: space.history.iteration == reached + 1)
    qtbot.waitUntil(lambda: _live(space) == reached + 1)
    space.training.stop()
    qtbot.waitUntil(lambda: not space.training.busy)
    assert space.history.finished is not None and not is_held(run)


def _live(space: Workspace) -> int:
    current = space.learners.current
    return -1 if current is None else current.iteration


def test_a_process_that_is_killed_is_a_sentence_and_the_window_lives(
    workspace: Workspace, qtbot: QtBot
) -> None:
    said: list[str] = []
    workspace.troubles.said.connect(lambda trouble: said.append(str(trouble)))
    run = train_apart(workspace, qtbot)
    os.kill(process_of(run), signal.SIGKILL)
    qtbot.waitUntil(lambda: not workspace.training.busy)
    qtbot.waitUntil(lambda: any("SIGKILL" in one and "Resume it" in one for one in said))
    workspace.run_list.reload()
    qtbot.waitUntil(lambda: any(row.resumable for row in workspace.run_list.rows))
