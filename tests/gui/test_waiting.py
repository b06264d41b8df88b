"""A run that cannot go on, or that a kill has ended, asks in the window what to do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.quiet import quiet
from tests.unit.experiments.test_disk_full import fill
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run, default_root, open_run
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton
SMALL = {"iterations": 60, "checkpoint_interval": 10, "test_tasks": 4, "meta_batch": 4}


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for name, value in SMALL.items():
        workspace.draft.set_value("training", name, value)
    return workspace


@pytest.fixture
def little_room(tmp_path: Path) -> Iterator[Path]:
    """The directory of runs on a real file system of 3 MB."""
    root = default_root()
    root.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(root)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by an administrator")
    yield root
    subprocess.run(["umount", "-l", str(root)], check=True)


def press(window: MainWindow, qtbot: QtBot, name: str) -> None:
    button = next(b for b in window.question.buttons if b.objectName() == f"questionBar.{name}")
    assert isinstance(button, QPushButton) and button.isVisible()
    qtbot.mouseClick(button, LEFT)


def wait_for_question(window: MainWindow, qtbot: QtBot, part: str) -> None:
    qtbot.waitUntil(window.question.isVisible)
    assert part in window.question.text.text()


def wait_for_end(workspace: Workspace, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: workspace.training.state == "FINISHED")
    return str(workspace.history.finished.reason) if workspace.history.finished else ""


def test_a_full_disk_pauses_the_run_until_there_is_room(
    small: Workspace, window: MainWindow, qtbot: QtBot, little_room: Path
) -> None:
    small.draft.set_value("training", "iterations", 100_000)
    small.start()
    qtbot.waitUntil(lambda: small.history.iteration > 5)
    filler = fill(little_room)
    wait_for_question(window, qtbot, "No space left on device")
    assert "are needed" in window.question.text.text()
    assert small.training.state == "PAUSED"
    assert window.statusBar()._saved.text() == "not saved"  # type: ignore[attr-defined]
    press(window, qtbot, "again")
    wait_for_question(window, qtbot, "No space left")
    reached = small.history.iteration
    filler.unlink()
    press(window, qtbot, "again")
    qtbot.waitUntil(lambda: small.history.iteration > reached + 20)
    assert not window.question.isVisible()
    small.training.stop()
    assert wait_for_end(small, qtbot) == "stopped"
    (row,) = [run for run in list_runs() if run.path == small.training.path]
    assert row.status == "stopped"


def test_a_run_whose_directory_is_gone_is_saved_elsewhere(
    small: Workspace, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    small.draft.set_value("training", "iterations", 100_000)
    small.start()
    qtbot.waitUntil(lambda: small.history.iteration > 5)
    assert small.training.path is not None
    small.training.path.rename(tmp_path / "moved away")
    wait_for_question(window, qtbot, "is gone")
    assert small.waiting.question is not None
    choice = next(c for c in small.waiting.question.choices if c.name == "elsewhere")
    small.waiting.answer(choice, tmp_path / "elsewhere")
    reached = small.history.iteration
    qtbot.waitUntil(lambda: small.history.iteration > reached + 20)
    small.training.stop()
    assert wait_for_end(small, qtbot) == "stopped"
    assert open_run(tmp_path / "elsewhere").load_checkpoint().iteration > reached


def diverging(workspace: Workspace) -> None:
    workspace.draft.set_value("algorithm", "inner_rate", 100.0)
    workspace.draft.set_value("algorithm", "inner_steps", 60)
    workspace.draft.set_value("training", "iterations", 30)


def test_a_training_that_diverges_goes_on_with_a_smaller_rate_in_one_click(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    diverging(small)
    small.start()
    wait_for_question(window, qtbot, "not finite")
    assert small.training.state == "PAUSED"
    assert [b.text() for b in window.question.buttons] == [
        "Go on with α = 10",
        "Clip the gradient",
        "Test the best and end",
    ]
    small.draft.set_value("algorithm", "inner_steps", 1)
    first = small.training.path
    press(window, qtbot, "branch")
    qtbot.waitUntil(lambda: small.training.path != first)
    config = small.training.config
    assert config is not None and config.algorithm.inner_rate == 10
    assert config.algorithm.inner_steps == 60  # the run's own, not the form's
    small.training.stop()
    qtbot.waitUntil(lambda: small.training.state in ("FINISHED", "PAUSED"))
    assert first is not None
    result = open_run(first).result()
    assert result is not None and result["reason"] == "diverged"


def test_a_training_that_diverges_is_tested_from_its_best(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    diverging(small)
    small.start()
    wait_for_question(window, qtbot, "not finite")
    press(window, qtbot, "end")
    assert wait_for_end(small, qtbot) == "diverged"
    assert small.training.path is not None
    result = open_run(small.training.path).result()
    assert result is not None and result["metrics"]["split"] == "test"


def paused(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.draft.set_value("training", "iterations", 100_000)
    workspace.start()
    qtbot.waitUntil(lambda: workspace.history.iteration > 5)
    workspace.training.pause()
    qtbot.waitUntil(lambda: workspace.training.state == "PAUSED")


def test_settings_changed_while_paused_are_refused_with_the_way_to_do_it(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    paused(small, qtbot)
    before = small.draft.values["algorithm"]["inner_rate"]
    small.draft.set_value("algorithm", "inner_rate", 0.002)
    for go_on in (small.resume, small.step_outer):
        go_on()
        assert small.training.state == "PAUSED"
        wait_for_question(window, qtbot, f"Inner rate is 0.002 in the form and {before} in the run")
    press(window, qtbot, "resume")
    qtbot.waitUntil(lambda: small.training.state == "RUNNING")
    assert small.draft.values["algorithm"]["inner_rate"] == before


def test_an_unchanged_branch_equals_its_parent_bit_for_bit(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    paused(small, qtbot)
    parent = small.training.path
    assert parent is not None
    at = small.history.iteration
    small.draft.set_value("training", "iterations", at + 15)
    small.resume()
    wait_for_question(window, qtbot, "Iterations is")
    press(window, qtbot, "branch")
    qtbot.waitUntil(lambda: small.training.path != parent)
    assert wait_for_end(small, qtbot) == "completed"
    branch = open_run(small.training.path)
    origin = branch.facts().forked_from
    assert origin is not None and (origin.run, origin.iteration) == (parent.name, at)
    steps = [line["iteration"] for line in branch.events() if line["event"] == "step"]
    assert steps == list(range(1, at + 16))
    small.continue_run(parent)
    qtbot.waitUntil(lambda: small.training.path == parent and small.training.busy)
    qtbot.waitUntil(lambda: small.history.iteration >= at + 20)
    small.training.stop()
    wait_for_end(small, qtbot)
    losses = [
        {line["iteration"]: line["query_loss"] for line in run.events() if line["event"] == "step"}
        for run in (branch, open_run(parent))
    ]
    assert all(losses[0][n] == losses[1][n] for n in range(1, at + 16))


def killed(workspace: Workspace) -> Run:
    """A run as a kill leaves it: a checkpoint, and no result."""
    assert workspace.draft.config is not None and workspace.data.family is not None
    from workbench.experiments.trainer import Training

    run = Run.create(workspace.draft.config)
    for event in Training(workspace.draft.config, workspace.data.family, run).events():
        if getattr(event, "iteration", 0) >= 15:
            break
    return run


def test_after_a_kill_the_next_start_offers_the_run(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    run = killed(small)
    small.catalogReady.emit()
    small.run_list.reload()
    wait_for_question(window, qtbot, f"{run.path.name} ended without being stopped")
    assert "iteration 10" in window.question.text.text()
    press(window, qtbot, "recover")
    assert wait_for_end(small, qtbot) == "completed"
    assert list_runs()[0].status == "completed"


def test_what_is_kept_as_it_is_is_not_offered_again(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    killed(small)
    small.catalogReady.emit()
    small.run_list.reload()
    wait_for_question(window, qtbot, "ended without being stopped")
    press(window, qtbot, "keep")
    small.catalogReady.emit()
    small.run_list.reload()
    quiet(qtbot, small)
    assert not window.question.isVisible()
    assert list_runs()[0].resumable


def test_the_lab_says_that_an_older_checkpoint_is_shown(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.start()
    wait_for_end(small, qtbot)
    path = small.training.path
    assert path is not None
    (path / "checkpoints" / "000000060.json").write_text("{}")
    small.open_run(path)
    qtbot.waitUntil(window.messages.isVisible)
    assert "000000060.json: is damaged" in window.messages.text


def test_a_damaged_newest_checkpoint_is_not_passed_over_silently(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.start()
    assert wait_for_end(small, qtbot) == "completed"
    path = small.training.path
    assert path is not None
    (path / "result.json").unlink()
    newest = open_run(path).iterations()[-1]
    (path / "checkpoints" / f"{newest:09d}.safetensors").write_bytes(b"")
    small.continue_run(path)
    wait_for_question(window, qtbot, "The newest checkpoint that is whole is of iteration 50")
    press(window, qtbot, "older")
    assert wait_for_end(small, qtbot) == "completed"
    kept = open_run(path).load_checkpoint()
    assert (kept.iteration, kept.passed_over) == (newest, ())
