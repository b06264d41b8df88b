"""A stranger's run in the window: nothing of it runs on any way until its file is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.attack import Attack, a_strangers_run
from tests.gui.quiet import quiet
from workbench.core import trust
from workbench.experiments.store import Run
from workbench.gui.forms.trust import TrustDialog
from workbench.gui.lab.compare.column import AddedColumn
from workbench.gui.shell.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def attack(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Attack:
    """Its run stands among the user's own, after one of the user's, and is listed."""
    attack = a_strangers_run(tmp_path / "download", iterations=6)
    attack.copied()
    listed(window, qtbot)
    return attack


def listed(window: MainWindow, qtbot: QtBot) -> None:
    before = len(window.runs.model.runs)
    window.workspace.run_list.reload()
    qtbot.waitUntil(lambda: len(window.runs.model.runs) > before)


def press(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.runs.table.selectRow(0)
    button = window.runs.findChild(QPushButton, name)
    assert button is not None and button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def dialogs(window: MainWindow) -> list[TrustDialog]:
    return [box for box in window.findChildren(TrustDialog) if box.isVisible()]


def answer(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Once the question is there; there is only one."""
    qtbot.waitUntil(lambda: len(dialogs(window)) > 0)
    quiet(qtbot, window.workspace)
    (box,) = dialogs(window)
    button = box.findChild(QPushButton, f"dialog.trust.{name}")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: box not in dialogs(window))


def looks_at(window: MainWindow, name: str) -> bool:
    learner = window.lab.state.learner
    shown = learner is not None and learner.origin is not None and learner.origin.name == name
    return shown and bool(window.lab.state.steps) and not window.lab.state.busy


def test_open_in_lab_asks(window: MainWindow, attack: Attack, qtbot: QtBot) -> None:
    before = window.workspace.draft.values
    press(window, qtbot, "runs.open")
    answer(window, qtbot, "reject")
    assert not attack.ran and window.workspace.draft.values == before
    assert "has not been trusted" in window.messages.text and window.messages.isVisible()
    press(window, qtbot, "runs.open")
    answer(window, qtbot, "accept")
    qtbot.waitUntil(lambda: looks_at(window, "stranger"))
    assert attack.ran and trust.is_trusted(attack.sha256)
    assert window.workspace.draft.config is not None


def test_a_checkpoint_in_the_learner_box_asks(
    window: MainWindow, attack: Attack, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.lab)
    box = window.lab.findChild(QComboBox, "lab.learner")
    assert box is not None
    qtbot.waitUntil(lambda: any("stranger" in t for t in texts(box)))
    row = next(row for row, text in enumerate(texts(box)) if "stranger" in text)
    box.setCurrentIndex(row)
    box.activated.emit(row)
    answer(window, qtbot, "reject")
    assert not attack.ran


def texts(box: QComboBox) -> list[str]:
    return [box.itemText(row) for row in range(box.count())]


def test_resume_asks(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    attack = a_strangers_run(tmp_path / "download")
    copy = attack.copied()
    (copy / "result.json").unlink()
    listed(window, qtbot)
    before = Run(copy).events()
    press(window, qtbot, "runs.resume")
    answer(window, qtbot, "reject")
    assert not attack.ran and not window.workspace.training.busy
    assert Run(copy).events() == before
    press(window, qtbot, "runs.resume")
    answer(window, qtbot, "accept")
    qtbot.waitUntil(lambda: window.workspace.history.finished is not None)
    assert attack.ran and window.workspace.training.path == copy


def test_a_column_of_the_comparison_asks(window: MainWindow, attack: Attack, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.lab)
    compare = window.lab.compare
    qtbot.mouseClick(compare.toggle, LEFT)
    qtbot.waitUntil(lambda: not compare.listing.reading)
    compare.menu.fill()
    action = compare.menu.findChild(QAction, "lab.compare.add.run.stranger")
    assert action is not None and action.isEnabled()
    action.trigger()
    answer(window, qtbot, "reject")
    (column,) = compare.comparison.added
    assert not attack.ran and "has not been trusted" in column.problem
    compare.comparison.remove(column)
    compare.menu.fill()
    again = compare.menu.findChild(QAction, "lab.compare.add.run.stranger")
    assert again is not None
    again.trigger()
    answer(window, qtbot, "accept")
    (column,) = compare.comparison.added
    assert isinstance(column, AddedColumn)
    qtbot.waitUntil(lambda: bool(column.steps))
    assert attack.ran


def test_the_time_machine_asks(window: MainWindow, attack: Attack, qtbot: QtBot) -> None:
    """The best checkpoint was opened with trust; then the file was changed."""
    trust.remember(attack.sha256, attack.model)
    press(window, qtbot, "runs.open")
    qtbot.waitUntil(lambda: looks_at(window, "stranger"))
    attack.change()
    attack.witness.unlink()
    qtbot.mouseClick(window.lab.drawer.toggles["timeMachine"], LEFT)
    view = window.lab.drawer.time_machine
    qtbot.mouseClick(view.offer.ask, LEFT)
    answer(window, qtbot, "reject")
    assert not attack.ran and view.result is None
    qtbot.mouseClick(view.offer.ask, LEFT)
    answer(window, qtbot, "accept")
    qtbot.waitUntil(lambda: view.result is not None and not view.computing)
    assert attack.ran


def test_what_can_be_done_unasked_runs_nothing(
    window: MainWindow, attack: Attack, qtbot: QtBot
) -> None:
    """Listing, looking at curves, and the draft: Start of untrusted settings is refused."""
    for tab in (window.train, window.lab, window.runs):
        window.tabs.setCurrentWidget(tab)
        quiet(qtbot, window.workspace)
    window.runs.table.selectRow(0)
    quiet(qtbot, window.workspace)
    space = window.workspace
    space.draft.use_config(Run(attack.run).config())
    answer(window, qtbot, "reject")
    space.start()
    space.step_outer()
    quiet(qtbot, window.workspace)
    assert not attack.ran and not space.training.busy
