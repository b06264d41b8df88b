"""The lab on scenes: boxes by mouse and key, undo, what is found at every step, a scene file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import drag as dragged
from tests.gui.lab_kit import open_workspace, show_lab, wait_for_curve
from workbench.core.detection import cells_of
from workbench.core.found_boxes import surest
from workbench.experiments.predicting import adapted_file
from workbench.gui.kinds.boxes import grips
from workbench.gui.kinds.boxes.page import BoxesPage
from workbench.gui.kinds.boxes.support import SupportScenes
from workbench.gui.lab.panel import LabPanel
from workbench.tasks.detection.scene import Box
from workbench.tasks.detection.task import SceneTask

SMALL = {
    "task": {"shots": 2, "queries": 3},
    "model": {"filters": 8},
    "algorithm": {"test_steps": 2},
}
NO_KEYS, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
PIXEL = 1 / 64


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = open_workspace(qtbot, "scenes-quick", **SMALL)
    panel = show_lab(qtbot, workspace)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def page(lab: LabPanel) -> BoxesPage:
    found = lab.page
    assert isinstance(found, BoxesPage)
    return found


def support(lab: LabPanel) -> SupportScenes:
    return page(lab).support


def task(lab: LabPanel) -> SceneTask:
    found = lab.state.task
    assert isinstance(found, SceneTask)
    return found


def boxes(lab: LabPanel, scene: int = 0) -> tuple[Box, ...]:
    return task(lab).support[scene].boxes


def one_box(lab: LabPanel, scene: int = 0) -> Box:
    """The scene then holds one box, in its middle."""
    middle = (0.5, 0.5, 0.25, 0.25)
    lab.state.edit(task(lab).with_item((0, scene), [middle]))
    return middle


def pixel(lab: LabPanel, x: float, y: float, scene: int = 0) -> QPoint:
    tile = support(lab).tiles.box(scene)
    return QPointF(tile.x() + x * tile.width(), tile.y() + y * tile.height()).toPoint()


def drag(lab: LabPanel, start: QPoint, end: QPoint) -> None:
    dragged(support(lab), [start, start + (end - start) / 2, end])


def test_a_box_is_drawn_on_empty_ground_and_undone_as_one(qtbot: QtBot, lab: LabPanel) -> None:
    one_box(lab)
    before = task(lab)
    drag(lab, pixel(lab, 0.05, 0.05), pixel(lab, 0.3, 0.25))
    assert len(boxes(lab)) == 2 and page(lab).editing.chosen == (0, 1)
    assert boxes(lab)[1] == pytest.approx((0.175, 0.15, 0.25, 0.2), abs=0.03)
    lab.state.workspace.draft.undo.undo()
    assert task(lab) is before


def test_a_box_is_moved_and_stays_inside(lab: LabPanel) -> None:
    one_box(lab)
    drag(lab, pixel(lab, 0.5, 0.5), pixel(lab, 0.7, 0.4))
    assert boxes(lab)[0] == pytest.approx((0.7, 0.4, 0.25, 0.25), abs=0.02)
    drag(lab, pixel(lab, 0.7, 0.4), pixel(lab, 1.5, 0.4))
    assert boxes(lab)[0][0] == pytest.approx(1 - 0.125)


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ((0.625, 0.625), (0.725, 0.825), (0.55, 0.6, 0.35, 0.45)),
        ((0.375, 0.5), (0.275, 0.9), (0.45, 0.5, 0.35, 0.25)),
        ((0.5, 0.375), (0.5, 0.9), (0.5, 0.625 - grips.LEAST / 2, 0.25, grips.LEAST)),
    ],
)
def test_a_box_is_resized_by_corners_and_edges(
    lab: LabPanel, start: tuple[float, float], end: tuple[float, float], wanted: Box
) -> None:
    one_box(lab)
    drag(lab, pixel(lab, *start), pixel(lab, *end))
    assert boxes(lab)[0] == pytest.approx(wanted, abs=0.02)


def test_keys_choose_move_resize_add_and_delete(qtbot: QtBot, lab: LabPanel) -> None:
    one_box(lab)
    view = support(lab)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert boxes(lab)[0] == pytest.approx((0.5 + PIXEL, 0.5 - PIXEL, 0.25, 0.25))
    qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert boxes(lab)[0][2:] == pytest.approx((0.25, 0.25 + PIXEL))
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert len(boxes(lab)) == 2 and page(lab).editing.chosen == (0, 1)
    assert "Scene 1: box at 50, 50 %" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert len(boxes(lab)) == 1 and page(lab).editing.chosen is None


def test_arrows_walk_through_the_steps_while_no_box_is_chosen(qtbot: QtBot, lab: LabPanel) -> None:
    view = support(lab)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    before = lab.state.cursor
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert lab.state.cursor == before - 1


def test_the_last_box_of_all_stays_and_a_sentence_says_so(qtbot: QtBot, lab: LabPanel) -> None:
    one_box(lab)
    view, edit = support(lab), page(lab).editing
    edit.choose(1, 0)
    while boxes(lab, 1):
        edit.choose(1, 0)
        edit.remove()
    edit.choose(0, 0)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert len(boxes(lab)) == 1
    assert "would hold no box at all" in lab.notice.text()


def test_every_change_is_adapted_to_and_bounds_follow(qtbot: QtBot, lab: LabPanel) -> None:
    floor = lab.state.bounds["template matching"]
    before = lab.state.steps[0].support_loss
    one_box(lab)
    qtbot.waitUntil(lambda: not lab.state.busy and lab.state.steps[0].support_loss != before)
    assert lab.state.bounds.keys() == {"template matching", "random boxes"}
    assert 0 <= floor <= 1


def test_found_boxes_and_heat_follow_the_scrubber(qtbot: QtBot, lab: LabPanel) -> None:
    side = page(lab).query
    seen = []
    for step in range(3):
        lab.state.set_cursor(step)
        sheet = side.sheet()
        seen.append([row for row in sheet.table.rows if row[2] == "found"] if sheet else [])
    assert len(side.scenes.told) == 3
    side.heat.setChecked(True)
    assert side.scenes.heated
    hot = side.scenes.grab().toImage()
    side.heat.setChecked(False)
    assert side.scenes.grab().toImage() != hot


def test_a_scene_file_brings_boxes_back(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    one_box(lab)
    kept = task(lab).to_json()
    lab.scenes.save(tmp_path / "own.mlab")
    lab.state.workspace.in_view.resample(seed=5)
    lab.scenes.open(tmp_path / "own.mlab")
    qtbot.waitUntil(lambda: task(lab).to_json() == kept)


def test_a_click_on_a_query_scene_asks_what_moved_it(qtbot: QtBot, lab: LabPanel) -> None:
    side = page(lab).query.scenes
    qtbot.mouseClick(side, Qt.MouseButton.LeftButton, pos=side.tiles.box(1).center().toPoint())
    qtbot.waitUntil(lambda: lab.influence.values is not None)
    assert len(lab.influence.values) == 2


def test_a_locked_scene_stays_in_a_new_draw(qtbot: QtBot, lab: LabPanel) -> None:
    one_box(lab)
    edit = page(lab).editing
    edit.choose(0, 0)
    edit.toggle_lock()
    kept, other = task(lab).support
    lab.state.workspace.in_view.resample()
    assert task(lab).support[0] == kept and task(lab).support[1].name != other.name


def test_the_adapted_detector_is_kept_as_it_is_looked_at(
    qtbot: QtBot, lab: LabPanel, tmp_path: Path
) -> None:
    """With the boxes a hand has drawn; what it finds is what the lab shows."""
    one_box(lab)
    wait_for_curve(qtbot, lab.state)
    file = tmp_path / "mine.adapted"
    lab.keeping.save(file)
    qtbot.waitUntil(lambda: f"predict {file} PATH" in lab.notice.text())
    shown = lab.state.current
    assert shown is not None
    with adapted_file.read(file).predictor() as predictor:
        assert predictor.steps == lab.state.cursor > 0
        pixels = torch.stack([scene.pixels for scene in task(lab).query])
        found = list(predictor.boxes(pixels))
    wanted = [surest(cells_of(row)) for row in shown.query_outputs]
    assert [len(boxes) for boxes in found] == [len(boxes) for boxes in wanted]
    for one, other in zip(chain(*found), chain(*wanted), strict=True):
        assert (one[0], *one[1]) == pytest.approx((other[0], *other[1]), abs=1e-4)
