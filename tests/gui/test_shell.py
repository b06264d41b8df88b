"""The window as a whole: transport, closing, memory, messages, runs, log."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.core.errors import BadInput
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run, default_root
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.style.two_line_delegate import LOWER

PANELS = ("tasks", "settings", "train", "lab", "runs", "log")


def press(window: MainWindow, qtbot: QtBot, action: str) -> None:
    """Click the tool button of an action."""
    button = window.transport.widgetForAction(getattr(window.acts, action))
    assert isinstance(button, QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def train_a_little(window: MainWindow, qtbot: QtBot, steps: int = 3) -> None:
    press(window, qtbot, "start")
    qtbot.waitUntil(lambda: window.workspace.history.iteration >= steps)


def stop(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, "stop")
    qtbot.waitUntil(lambda: window.workspace.training.state == "FINISHED")


def test_every_panel_is_there_under_its_name(window: MainWindow) -> None:
    for name in PANELS:
        panel = window.findChild(QWidget, f"panel.{name}")
        assert panel is not None and panel.accessibleName(), name


def test_twenty_clicks_on_start_make_one_run(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(20):
        press(window, qtbot, "start")
    train_a_little(window, qtbot)
    assert len(list(default_root().iterdir())) == 1
    stop(window, qtbot)
    assert [run.status for run in list_runs()] == ["stopped"]


def test_pause_step_and_go_on(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    train_a_little(window, qtbot)
    press(window, qtbot, "pause")
    qtbot.waitUntil(lambda: space.training.state == "PAUSED")
    before = space.history.iteration
    press(window, qtbot, "step_outer")
    qtbot.waitUntil(lambda: space.history.iteration == before + 1)
    qtbot.waitUntil(lambda: space.training.state == "PAUSED")
    assert window.acts.start.text() == "Resume"
    press(window, qtbot, "start")
    qtbot.waitUntil(lambda: space.history.iteration > before + 2)
    stop(window, qtbot)


def test_start_without_its_data_says_so_again_each_time(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    space, told = window.workspace, []
    space.troubles.said.connect(told.append)
    space.draft.choose("task", "image_folder")
    space.draft.set_value("task", "root", str(tmp_path / "pictures"))
    qtbot.waitUntil(lambda: len(told) == 1)
    for clicks in (2, 3):
        press(window, qtbot, "start")
        qtbot.waitUntil(lambda wanted=clicks: len(told) == wanted)
        assert "pictures" in window.messages.text and not space.training.busy


def test_step_outer_from_rest_makes_exactly_one_step(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, "step_outer")
    space = window.workspace
    qtbot.waitUntil(lambda: space.training.state == "PAUSED" and space.history.iteration > 0)
    stop(window, qtbot)
    path = space.training.path
    assert path is not None
    steps = [line for line in Run(path).events() if line["event"] == "step"]
    assert space.history.iteration == len(steps) == 1


def test_closing_while_training_asks_and_keeps(window: MainWindow, qtbot: QtBot) -> None:
    train_a_little(window, qtbot)
    assert not window.close()
    keep = window.findChild(QPushButton, "dialog.close.stop")
    assert keep is not None
    assert keep.isVisible()
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible())
    run = list_runs()[0]
    assert run.status == "stopped"
    assert list((run.path / "checkpoints").glob("*.safetensors"))


def test_cancelling_the_close_lets_it_train_on(window: MainWindow, qtbot: QtBot) -> None:
    train_a_little(window, qtbot)
    window.close()
    cancel = window.findChild(QPushButton, "dialog.close.cancel")
    assert cancel is not None
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    assert window.workspace.training.state == "RUNNING"
    stop(window, qtbot)


def test_start_waits_for_a_correction_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    reason = window.findChild(QLabel, "status.data")
    assert reason is not None
    window.workspace.draft.set_value("algorithm", "inner_rate", "-1")
    press(window, qtbot, "start")
    assert not window.acts.start.isEnabled() and not window.workspace.training.busy
    assert "greater than 0" in reason.text() and "greater than 0" in window.acts.start.toolTip()
    window.workspace.draft.set_value("algorithm", "inner_rate", "0.02")
    assert window.acts.start.isEnabled() and "ready" in reason.text()


def test_trouble_is_shown_and_logged(window: MainWindow) -> None:
    window.workspace.troubles.said.emit(BadInput("task.root", "is empty", "Choose a folder"))
    assert window.messages.text == "task.root: is empty. Choose a folder."
    log = window.findChild(QPlainTextEdit, "log.text")
    assert log is not None
    assert "task.root" in log.toPlainText()


def test_layout_and_theme_are_remembered(
    window: MainWindow, workspace: Workspace, qtbot: QtBot
) -> None:
    dock = window.findChild(QDockWidget, "dock.log")
    assert dock is not None
    dock.hide()
    window.tabs.setCurrentIndex(2)
    window.remember()
    again = MainWindow(workspace)
    qtbot.addWidget(again)
    again.show()
    assert again.tabs.currentIndex() == 2
    dock = again.findChild(QDockWidget, "dock.log")
    assert dock is not None
    assert not dock.isVisible()
    again.log.close_log()


def test_themes_switch_live(window: MainWindow) -> None:
    for mode, dark in (("dark", True), ("light", False)):
        theme.current().use(mode)
        assert theme.current().dark is dark
        background = window.palette().window().color()
        assert (background.lightness() < 128) is dark


def test_a_stopped_run_is_listed_resumed_and_its_curves_come_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    train_a_little(window, qtbot, 5)
    stop(window, qtbot)
    done = window.workspace.history.iteration
    window.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: window.runs.model.rowCount() == 1)
    window.runs.table.selectRow(0)
    resume = window.findChild(QPushButton, "runs.resume")
    assert resume is not None
    qtbot.waitUntil(resume.isEnabled)
    qtbot.mouseClick(resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.workspace.history.iteration > done)
    iterations = window.workspace.history.steps.column(0)[:].tolist()
    assert iterations == list(range(1, len(iterations) + 1))
    stop(window, qtbot)
    assert len(list_runs()) == 1


def test_a_damaged_run_is_a_row_and_no_crash(window: MainWindow, qtbot: QtBot) -> None:
    broken = default_root() / "20200101-000000-broken"
    broken.mkdir(parents=True)
    (broken / "config.json").write_text("{", encoding="utf-8")
    window.runs.reload()
    qtbot.waitUntil(lambda: window.runs.model.rowCount() == 1)
    first = window.runs.model.index(0, 0)
    assert "20200101-000000-broken is damaged" in first.data() and "config" in first.data(LOWER)
    assert window.runs.table.columnSpan(0, 0) == window.runs.model.columnCount()
    assert first.data(LOWER) in first.data(Qt.ItemDataRole.ToolTipRole)


def test_a_finished_run_opens_in_the_lab(window: MainWindow, qtbot: QtBot) -> None:
    train_a_little(window, qtbot)
    stop(window, qtbot)
    space = window.workspace
    space.learners.use_fresh()
    path = list_runs()[0].path
    space.open_run(path)
    qtbot.waitUntil(
        lambda: space.learners.current is not None and space.learners.current.label == path.name
    )


def test_every_action_has_a_name_and_an_icon(window: MainWindow) -> None:
    for name in ("Start", "Pause", "StepOuter", "StepInner", "Stop", "Resample", "Undo", "Redo"):
        action = next(a for a in window.acts.children() if a.objectName() == f"action{name}")
        assert action.text()
        assert not action.icon().isNull()


def test_the_window_module_does_not_import_torch(tmp_path: Path) -> None:
    """The first paint comes before torch."""
    import subprocess

    code = "import sys, workbench.gui.shell.main_window; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
