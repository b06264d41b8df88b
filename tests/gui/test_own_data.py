"""A user's pictures in the window: faults are said before Start, and runs keep their split."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder
from tests.opening import on_pictures, trained
from tests.unit.tasks.conftest import fill
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

SIZES = {"ways": 2, "shots": 1, "queries": 1}


def choose(window: MainWindow, root: Path) -> None:
    draft = window.workspace.draft
    draft.choose("model", "conv4")
    draft.choose("task", "image_folder")
    for name, value in {**SIZES, "root": str(root)}.items():
        draft.set_value("task", name, value)


def test_a_picture_in_two_splits_is_said_before_start(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for at, split in enumerate(("train", "val", "test")):
        fill(tmp_path / split, [f"class{at}{n}" for n in range(3)], 2)
    choose(window, tmp_path)
    qtbot.waitUntil(lambda: "pictures stand in more than one split" in window.messages.text)
    window.workspace.draft.use_preset("sinusoid")
    qtbot.waitUntil(lambda: not window.messages.isVisible())


def test_a_class_in_two_splits_is_refused_and_shared_by_name(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for split in ("train", "val", "test"):
        fill(tmp_path / split, ["cat", "dog"], 2)
    choose(window, tmp_path)
    qtbot.waitUntil(lambda: "2 classes stand in more than one split" in window.messages.text)
    window.workspace.draft.set_value("task", "splits", "shared")
    qtbot.waitUntil(lambda: "no number here is of unseen classes" in window.messages.text)
    family = window.workspace.data.family
    assert family is not None and family.seen_classes


def kept(space: Workspace) -> Any:
    """The task settings of the draft."""
    return None if space.draft.config is None else space.draft.config.task


def test_an_opened_run_keeps_its_split_and_lists_what_came(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    root = draw_folder(tmp_path / "pictures")
    run = trained(
        on_pictures().replaced({"task": {"name": "image_folder", "root": str(root), **SIZES}}),
        tmp_path / "run",
    )
    some = next(root.iterdir())
    shutil.copytree(some, root / "a new class")
    space = window.workspace
    space.open_run(run)
    qtbot.waitUntil(lambda: "1 class is new and in no split" in window.messages.text)
    qtbot.waitUntil(lambda: space.data.family is not None and space.data.family.is_of(kept(space)))
    family = space.data.family
    assert family is not None and family.params.record is not None
    known = {name for info in family.splits().values() for name in info.class_names}
    assert some.name in known and "a new class" not in known
    assert "record" not in {field for _, field in space.draft.changes()}
