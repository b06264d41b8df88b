"""In the window: a scene or a run that is opened reaches neither network nor foreign places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder, wait_for_task
from tests.gui.quiet import quiet
from tests.opening import omniglot, on_pictures, trained, trip_wire
from tests.tiny import prepared
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scene import Scene
from workbench.gui.shell.main_window import MainWindow


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    yield trip_wire(monkeypatch)


def scene_of(config: ExperimentConfig, file: Path, **said: object) -> Path:
    """A scene of a task of this configuration, with more in its family than we would write."""
    family = prepared(config)
    Scene.of(family, family.draw("val", 1), "val", 1, 2, {}).write(file)
    values = json.loads(file.read_text())
    values["family"] |= said
    file.write_text(json.dumps(values))
    return file


def folder_config(root: Path) -> ExperimentConfig:
    sizes = {"ways": 3, "shots": 1, "queries": 2}
    return on_pictures().replaced({"task": {"name": "image_folder", "root": str(root), **sizes}})


def test_a_scene_fetches_nothing(
    window: MainWindow, tmp_path: Path, asked: list[str], qtbot: QtBot
) -> None:
    root = omniglot(tmp_path / "tree")
    file = scene_of(on_pictures(root=str(root)), tmp_path / "a.mlab", root=str(root), download=True)
    window.lab.scenes.open(file)
    qtbot.waitUntil(lambda: "needs the data Omniglot" in window.lab.notice.text())
    task = window.workspace.draft.values["task"]
    assert task["name"] == "omniglot" and task["download"] is False and task["root"] != str(root)
    assert not asked
    window.workspace.draft.set_value("task", "root", str(root))
    qtbot.waitUntil(lambda: window.workspace.in_view.seed == 1)
    wait_for_task(qtbot, window.workspace)
    assert not asked


def test_leave_given_before_is_not_used_for_a_scene(
    window: MainWindow, tmp_path: Path, asked: list[str], qtbot: QtBot
) -> None:
    """The user had switched the download on for this family, and another root."""
    root = omniglot(tmp_path / "tree")
    file = scene_of(on_pictures(root=str(root)), tmp_path / "a.mlab")
    space = window.workspace
    space.draft.choose("task", "omniglot")
    space.draft.set_value("task", "root", str(root))
    space.draft.set_value("task", "download", True)
    space.draft.choose("task", "sinusoid")
    window.lab.scenes.open(file)
    assert space.draft.values["task"]["root"] == str(root)
    assert space.draft.values["task"]["download"] is False
    wait_for_task(qtbot, space)
    assert not asked


def test_a_scene_uses_the_users_own_folder(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    root = draw_folder(tmp_path / "pictures")
    other = tmp_path / "another place"
    file = scene_of(folder_config(root), tmp_path / "a.mlab", root=str(other))
    space = window.workspace
    window.lab.scenes.open(file)
    qtbot.waitUntil(lambda: "needs the data My images" in window.lab.notice.text())
    assert space.draft.values["task"]["root"] in ("", ".")
    space.draft.set_value("task", "root", str(root))
    wait_for_task(qtbot, space)
    window.lab.scenes.open(file)
    wait_for_task(qtbot, space)
    assert space.draft.values["task"]["root"] == str(root)


def test_a_run_whose_data_is_gone_is_not_fetched_for(
    window: MainWindow, tmp_path: Path, asked: list[str], qtbot: QtBot
) -> None:
    root = Path(shutil.make_archive(str(tmp_path / "a"), "zip", omniglot(tmp_path / "tree")))
    run = trained(on_pictures(root=str(root), download=True), tmp_path / "run")
    root.rename(tmp_path / "elsewhere.zip")
    window.workspace.open_run(run)
    qtbot.waitUntil(lambda: "there is no Omniglot at" in window.messages.text)
    window.workspace.continue_run(run)
    qtbot.waitUntil(lambda: window.workspace.draft.values["task"]["name"] == "omniglot")
    quiet(qtbot, window.workspace)
    assert window.workspace.draft.values["task"]["download"] is False
    assert not window.workspace.training.busy and not asked
