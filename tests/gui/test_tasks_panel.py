"""The task browser: families, classes, pictures, the sampled episode and its leak check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder, open_workspace, wait_for_task
from workbench.core.episode import Episode
from workbench.core.errors import BadInput, Missing
from workbench.gui.browse.panel import TasksPanel, overlap
from workbench.gui.kinds.pictures.class_grid import IMAGE_ROLE
from workbench.gui.kinds.pictures.slot import dropped_item

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_folder(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TasksPanel]:
    workspace = open_workspace(qtbot, "sinusoid")
    panel = TasksPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(320, 800)
    panel.show()
    yield panel
    assert workspace.shut_down()


def use_pictures(qtbot: QtBot, panel: TasksPanel, folder: Path) -> Any:
    workspace = panel._workspace
    qtbot.mouseClick(panel.tree.view.viewport(), LEFT, pos=place(panel, "My images"))
    workspace.draft.choose("model", "conv4")
    for field, value in (("ways", 3), ("shots", 1), ("queries", 3)):
        workspace.draft.set_value("task", field, value)
    workspace.draft.set_value("task", "root", str(folder))
    wait_for_task(qtbot, workspace)
    return workspace.data.family


def rows(panel: TasksPanel, parent: QModelIndex | None = None) -> list[QModelIndex]:
    model = panel.tree.view.model()
    parent = parent or QModelIndex()
    return [model.index(row, 0, parent) for row in range(model.rowCount(parent))]


def find(panel: TasksPanel, start: str, parent: QModelIndex | None = None) -> QModelIndex:
    return next(row for row in rows(panel, parent) if str(row.data()).startswith(start))


def place(panel: TasksPanel, start: str) -> Any:
    return panel.tree.view.visualRect(find(panel, start)).center()


def open_class(qtbot: QtBot, panel: TasksPanel) -> QModelIndex:
    view = panel.tree.view
    split = find(panel, "Validation", find(panel, "My images"))
    view.expand(split)
    chosen = rows(panel, split)[1]
    view.scrollTo(chosen)
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(chosen).center())
    return chosen


def test_the_family_in_use_shows_its_splits(panel: TasksPanel) -> None:
    names = [
        str(row.data()).split()[0] for row in rows(panel, find(panel, "Sinusoid and other curves"))
    ]
    assert names == ["Train", "Validation", "Test"]


def test_what_a_split_counts_has_the_name_of_its_kind(qtbot: QtBot, panel: TasksPanel) -> None:
    draft = panel._workspace.draft
    draft.choose("task", "tastes")
    draft.set_value("task", "users", 200)
    wait_for_task(qtbot, panel._workspace)
    split = find(panel, "Validation", find(panel, "Tastes"))
    assert "20 users · " in str(split.data())
    assert str(split.data(Qt.ItemDataRole.ToolTipRole)).startswith("20 users with")


def test_a_clicked_family_becomes_the_draft(qtbot: QtBot, panel: TasksPanel, folder: Path) -> None:
    family = use_pictures(qtbot, panel, folder)
    assert panel._workspace.draft.config.task.name == "image_folder"
    counts = family.splits()["val"]
    text = str(find(panel, "Validation", find(panel, "My images")).data())
    assert f"{counts.classes:,}" in text and f"{counts.items:,}" in text


def test_classes_are_read_when_asked_for(qtbot: QtBot, panel: TasksPanel, folder: Path) -> None:
    family = use_pictures(qtbot, panel, folder)
    split = find(panel, "Train", find(panel, "My images"))
    assert len(rows(panel, split)) == 1
    panel.tree.view.expand(split)
    names = [row.data() for row in rows(panel, split)]
    assert names == [info.name for info in family.class_list("train")]


def test_a_class_shows_its_pictures(qtbot: QtBot, panel: TasksPanel, folder: Path) -> None:
    family = use_pictures(qtbot, panel, folder)
    open_class(qtbot, panel)
    info = family.class_list("val")[1]
    grid = panel.classes.sight
    model = grid.model()
    assert grid.isVisible() and model.rowCount() == info.count
    assert not model.index(0, 0).data(IMAGE_ROLE).isNull()
    data = model.mimeData([model.index(2, 0)])
    assert dropped_item(data) == (info.class_index, 2)


def test_search_finds_families_and_classes(qtbot: QtBot, panel: TasksPanel, folder: Path) -> None:
    qtbot.keyClicks(panel.tree.search, "sinus")
    assert [row.data() for row in rows(panel)] == ["Sinusoid and other curves"]
    panel.tree.search.clear()
    family = use_pictures(qtbot, panel, folder)
    name = family.class_list("test")[0].name
    qtbot.keyClicks(panel.tree.search, name)
    family_row = find(panel, "My images")
    found = [row.data() for split in rows(panel, family_row) for row in rows(panel, split)]
    assert name in found


def test_the_dice_draws_and_the_seed_brings_back(qtbot: QtBot, panel: TasksPanel) -> None:
    workspace = panel._workspace
    first, seed = workspace.in_view.task.episode().support.x, panel.seed.value()
    qtbot.mouseClick(panel.dice, LEFT)
    assert not workspace.in_view.task.episode().support.x.equal(first)
    assert panel.seed.value() == workspace.in_view.seed
    panel.seed.setFocus()
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, str(seed))
    qtbot.keyClick(panel.seed, Qt.Key.Key_Return)
    assert workspace.in_view.task.episode().support.x.equal(first)


def test_the_split_is_chosen(qtbot: QtBot, panel: TasksPanel) -> None:
    panel.split.setFocus()
    qtbot.keyClick(panel.split, Qt.Key.Key_Down)
    assert panel._workspace.in_view.split == "test"


def test_the_leak_check_counts_shared_items(panel: TasksPanel) -> None:
    episode = panel._workspace.in_view.task.episode()
    assert overlap(episode) == 0 and "∅" in panel.leak.text()
    assert overlap(Episode(episode.support, episode.support)) == len(episode.support.x)


def test_a_folder_that_is_still_to_be_chosen_is_asked_for_elsewhere(
    qtbot: QtBot, panel: TasksPanel
) -> None:
    troubles = panel._workspace.troubles
    panel._workspace.draft.choose("task", "image_folder")
    qtbot.waitUntil(lambda: isinstance(troubles.of("data"), Missing))
    assert not panel.message.isVisible() and not panel.dice.isEnabled()


def test_a_failed_preparation_is_told(qtbot: QtBot, panel: TasksPanel, tmp_path: Path) -> None:
    panel._workspace.draft.choose("task", "image_folder")
    panel._workspace.draft.set_value("task", "root", str(tmp_path / "nowhere"))
    qtbot.waitUntil(lambda: panel.message.property("role") == "error")
    assert panel.message.isVisible() and panel.message.text()


def test_trouble_with_data_in_view_stays_with_the_message_bar(panel: TasksPanel) -> None:
    panel._workspace.troubles.said.emit(BadInput("run", "cannot be written"))
    assert not panel.message.isVisible()


def test_every_control_is_named(panel: TasksPanel) -> None:
    for widget in (panel.tree.search, panel.tree.view, panel.dice, panel.seed):
        assert widget.objectName() and widget.accessibleName() and widget.toolTip()
