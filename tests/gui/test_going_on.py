"""Going on in the window: further in the same run, or in a fork with the settings of the form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.test_waiting import SMALL, paused, press, wait_for_end, wait_for_question
from tests.synthetic_runs import write_run
from workbench.core.events import Reason
from workbench.core.sealed import read_sealed, write_sealed
from workbench.experiments.store import default_root, open_run
from workbench.gui.runs.going_on import GoOnDialog
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for name, value in {**SMALL, "checkpoint_interval": 20}.items():
        workspace.draft.set_value("training", name, value)
    return workspace


@pytest.fixture
def finished(small: Workspace, window: MainWindow, qtbot: QtBot) -> Iterator[Path]:
    small.start()
    assert wait_for_end(small, qtbot) == "completed"
    assert small.training.path is not None
    listed(small, window, qtbot)
    yield small.training.path


def listed(space: Workspace, window: MainWindow, qtbot: QtBot) -> None:
    space.run_list.reload()
    qtbot.waitUntil(lambda: not space.run_list.reading)
    row = next(n for n, run in enumerate(window.runs.model.runs) if run.path == space.training.path)
    window.runs.table.selectRow(row)


def asked(window: MainWindow, qtbot: QtBot) -> GoOnDialog:
    window.runs.buttons.buttons["goOn"].click()
    (dialog,) = window.findChildren(GoOnDialog)
    return dialog


def test_a_finished_run_continues_to_a_later_iteration(
    small: Workspace, window: MainWindow, qtbot: QtBot, finished: Path
) -> None:
    dialog = asked(window, qtbot)
    assert dialog.iterations.value() == 120 and dialog.iterations.minimum() == 61
    assert "as one run of that length" in dialog.told.text()
    dialog.iterations.setValue(75)
    dialog.accept()
    qtbot.waitUntil(lambda: small.training.busy)
    assert wait_for_end(small, qtbot) == "completed"
    run = open_run(finished)
    assert small.training.path == finished and run.load_checkpoint().iteration == 75
    (mark,) = run.metrics().resumptions
    assert mark["changes"] == {"training.iterations": [60, 75]}
    assert small.draft.values["training"]["iterations"] == 75


def test_what_a_schedule_does_is_said_before(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "schedule", "linear")
    small.start()
    assert wait_for_end(small, qtbot) == "completed"
    listed(small, window, qtbot)
    dialog = asked(window, qtbot)
    assert "the outer rate was to be 0 and is 0.001" in dialog.told.text()
    dialog.reject()


def test_a_finished_run_is_forked_as_the_form_says(
    small: Workspace, window: MainWindow, qtbot: QtBot, finished: Path
) -> None:
    small.draft.set_value("algorithm", "inner_rate", 0.004)
    dialog = asked(window, qtbot)
    dialog.branch.click()
    assert "60, and the checkpoint is of iteration 60: nothing is left" in dialog.told.text()
    assert not dialog.buttons.buttons()[0].isEnabled()
    dialog.checkpoints.setCurrentIndex(dialog.checkpoints.findData(40))
    assert "Inner rate is 0.004 in the form" in dialog.told.text()
    dialog.accept()
    qtbot.waitUntil(lambda: small.training.path != finished)
    assert wait_for_end(small, qtbot) == "completed"
    assert small.training.path is not None
    origin = open_run(small.training.path).facts().forked_from
    assert origin is not None and (origin.run, origin.iteration) == (finished.name, 40)
    assert list(origin.changes) == ["algorithm.inner_rate"]


def test_a_failed_run_is_resumed(
    small: Workspace, window: MainWindow, qtbot: QtBot, finished: Path
) -> None:
    result = read_sealed(finished / "result.json")
    lower = {"reason": "failed", "error": "out of memory", "iterations": 60}
    write_sealed(finished / "result.json", {**result, **lower})
    listed(small, window, qtbot)
    assert window.runs.buttons.buttons["resume"].isEnabled()
    window.runs.buttons.buttons["resume"].click()
    qtbot.waitUntil(lambda: small.training.busy)
    assert wait_for_end(small, qtbot) == "completed"
    kept = open_run(finished).result()
    assert kept is not None and kept["reason"] == "completed"


def test_what_no_fork_can_take_is_said_and_not_offered(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    paused(small, qtbot)
    small.draft.set_value("model", "hidden", [12, 12])
    small.resume()
    wait_for_question(window, qtbot, "model.hidden: is [40, 40] in the run, and a fork cannot")
    assert [b.objectName() for b in window.question.buttons] == ["questionBar.resume"]
    press(window, qtbot, "resume")
    qtbot.waitUntil(lambda: small.training.state == "RUNNING")


def test_a_method_that_learns_other_tensors_is_refused_and_the_run_still_waits(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    paused(small, qtbot)
    parent = small.training.path
    small.draft.choose("algorithm", "meta_sgd")
    small.resume()
    wait_for_question(window, qtbot, "A run keeps the settings")
    press(window, qtbot, "branch")
    qtbot.waitUntil(window.messages.isVisible)
    assert "algorithm.name: is maml in the run" in window.messages.text
    assert (small.training.state, small.training.path) == ("PAUSED", parent)


def test_that_a_run_keeps_its_settings_is_said_while_it_runs(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "iterations", 100_000)
    kept = window.findChild(QLabel, "settings.kept")
    small.start()
    qtbot.waitUntil(lambda: small.history.iteration > 2)
    assert kept.isHidden()
    small.draft.set_value("algorithm", "inner_rate", 0.002)
    assert not kept.isHidden()
    small.draft.undo.undo()
    assert kept.isHidden()


def test_a_run_that_another_process_writes_is_not_gone_on_with(
    small: Workspace, window: MainWindow, qtbot: QtBot, finished: Path
) -> None:
    other = open_run(finished)
    other.claim()
    try:
        small.continue_run(finished, 90)
        qtbot.waitUntil(window.messages.isVisible)
        assert "is being written by process" in window.messages.text
    finally:
        other.release()


def test_a_run_that_failed_before_its_first_checkpoint_starts_again(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    assert small.draft.config is not None
    config = small.draft.config.replaced({"training": {"seed": 41}})
    failed = write_run(default_root() / "failed", config, reason=Reason.FAILED)
    small.run_list.reload()
    qtbot.waitUntil(lambda: not small.run_list.reading)
    window.runs.table.selectRow(0)
    button = window.runs.buttons.buttons["resume"]
    assert button.isEnabled() and button.accessibleName() == "Start again"
    button.click()
    qtbot.waitUntil(lambda: small.training.busy)
    assert small.training.config == config and small.training.path != failed
    assert wait_for_end(small, qtbot) == "completed"
    listed(small, window, qtbot)
    assert not button.isEnabled() and button.accessibleName() == "Resume"
