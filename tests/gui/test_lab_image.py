"""The lab on pictures: replace by click, drop, file and pen; overlap; predictions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    drag,
    draw_folder,
    expected,
    picture_workspace,
    show_lab,
    wait_for_curve,
)
from workbench.gui.kinds.pictures.cards import QueryCard, best
from workbench.gui.kinds.pictures.slot import SupportSlot, item_mime
from workbench.gui.lab.panel import LabPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def picture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_folder(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def lab(qtbot: QtBot, picture_folder: Path) -> Iterator[LabPanel]:
    workspace = picture_workspace(qtbot, picture_folder)
    panel = show_lab(qtbot, workspace)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def unused(lab: LabPanel, way: int) -> object:
    """A drawing of the class that stands neither in the support nor in the query set."""
    task = lab.state.workspace.in_view.task
    taken = [*task.support[way], *task.query[way]]
    return next(entry for entry in task.candidates(way) if entry not in taken)


def drop(slot: SupportSlot, data: QMimeData) -> None:
    where = QPointF(slot.rect().center())
    keys = Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where.toPoint(), copy, data, LEFT, keys)
    QApplication.sendEvent(slot, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(slot, QDropEvent(where, copy, data, LEFT, keys))


def check_replaced(qtbot: QtBot, lab: LabPanel, before: list[float]) -> None:
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))
    drawn = lab.middle.curves.support_line.yData
    wanted = [step.support_loss for step in expected(lab.state)]
    np.testing.assert_allclose(drawn, wanted, rtol=1e-4)
    assert list(drawn) != before


def test_a_slot_for_every_way_and_shot(lab: LabPanel) -> None:
    for way in range(3):
        for shot in range(2):
            slot = lab.findChild(SupportSlot, f"lab.slot.{way}.{shot}")
            assert slot is not None and slot.accessibleName()
    assert len(lab.page.queries.cards) == 12


def test_a_clicked_candidate_replaces_the_picture(qtbot: QtBot, lab: LabPanel) -> None:
    before = list(lab.middle.curves.support_line.yData)
    entry = unused(lab, 1)
    qtbot.mouseClick(lab.page.support.slot(1, 0), LEFT)
    picker = lab.page.support.editing.picker
    assert picker.isVisible()
    row = list(lab.state.task.candidates(1)).index(entry)
    index = picker.grid.model().index(row, 0)
    picker.grid.scrollTo(index)
    place = picker.grid.visualRect(index).center()
    qtbot.mouseClick(picker.grid.viewport(), LEFT, pos=place)
    assert not picker.isVisible()
    assert lab.state.workspace.in_view.task.support[1][0] == entry
    check_replaced(qtbot, lab, before)


def test_the_keyboard_opens_the_candidates(qtbot: QtBot, lab: LabPanel) -> None:
    slot = lab.page.support.slot(0, 1)
    slot.setFocus()
    qtbot.keyClick(slot, Qt.Key.Key_Return)
    assert lab.page.support.editing.picker.isVisible()
    qtbot.keyClick(lab.page.support.editing.picker, Qt.Key.Key_Escape)
    assert not lab.page.support.editing.picker.isVisible()


def test_a_dropped_item_replaces_the_picture(qtbot: QtBot, lab: LabPanel) -> None:
    before = list(lab.middle.curves.support_line.yData)
    entry = unused(lab, 2)
    drop(lab.page.support.slot(2, 1), item_mime(entry.class_index, entry.index))
    assert lab.state.workspace.in_view.task.support[2][1].index == entry.index
    check_replaced(qtbot, lab, before)


def test_a_dropped_file_replaces_the_picture(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    before = list(lab.middle.curves.support_line.yData)
    file = tmp_path / "my own picture.png"
    Image.effect_noise((60, 60), 90).save(file)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drop(lab.page.support.slot(0, 0), data)
    check_replaced(qtbot, lab, before)


def test_a_file_that_is_no_picture_is_named(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    file = tmp_path / "letter.png"
    file.write_text("not a picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    task = lab.state.workspace.in_view.task
    drop(lab.page.support.slot(0, 0), data)
    assert lab.notice.isVisible() and "letter.png" in lab.notice.text()
    assert lab.state.workspace.in_view.task is task


def test_a_query_item_is_refused_as_support(qtbot: QtBot, lab: LabPanel) -> None:
    task = lab.state.workspace.in_view.task
    entry = task.query[0][0]
    drop(lab.page.support.slot(0, 0), item_mime(entry.class_index, entry.index))
    assert lab.notice.isVisible() and lab.notice.text()
    assert lab.state.workspace.in_view.task is task
    good = unused(lab, 0)
    drop(lab.page.support.slot(0, 0), item_mime(good.class_index, good.index))
    assert not lab.notice.isVisible()
    wait_for_curve(qtbot, lab.state)


def test_drawing_replaces_the_picture_stroke_by_stroke(qtbot: QtBot, lab: LabPanel) -> None:
    before = list(lab.middle.curves.support_line.yData)
    original = lab.state.workspace.in_view.task.support[1][1]
    lab.page.support.slot(1, 1).setFocus()
    qtbot.keyClick(lab.page.support.slot(1, 1), Qt.Key.Key_D)
    popup = lab.page.support.editing.drawing
    assert popup.isVisible()
    drag(popup.canvas, [QPoint(40, 40), QPoint(120, 160), QPoint(180, 60)])
    check_replaced(qtbot, lab, before)
    drawn = lab.state.workspace.in_view.task.support[1][1]
    assert drawn is not original
    assert lab.state.workspace.in_view.task.image(drawn).max() > 0.5
    drag(popup.canvas, [QPoint(20, 200), QPoint(200, 200)])
    assert lab.state.workspace.in_view.task.support[1][1] is not drawn
    qtbot.mouseClick(popup.undo, LEFT)
    qtbot.mouseClick(popup.clear, LEFT)
    assert lab.state.workspace.in_view.task.support[1][1] == original
    wait_for_curve(qtbot, lab.state)
    np.testing.assert_allclose(lab.middle.curves.support_line.yData, before, rtol=1e-4)


def test_every_query_item_has_its_prediction(qtbot: QtBot, lab: LabPanel) -> None:
    for cursor in (0, 2):
        lab.state.set_cursor(cursor)
        outputs = lab.state.steps[cursor].query_outputs
        first = lab.state.steps[0].query_outputs.argmax(-1).tolist()
        for number, card in enumerate(lab.page.queries.cards):
            assert card.answer.truth == number // 4
            assert card.answer.predicted == int(outputs[number].argmax())
            assert card.answer.probability == pytest.approx(float(outputs[number].max()), abs=1e-6)
            assert card.answer.flipped == (card.answer.predicted != first[number])
    right = sum(card.answer.right for card in lab.page.queries.cards) / 12
    assert right == pytest.approx(lab.state.steps[2].query_metric)
    assert f"{100 * right:.0f} %" in lab.header.summary.text()


def test_a_swift_second_pick_wins(qtbot: QtBot, lab: LabPanel) -> None:
    """The first pick is cancelled; none of its steps may show up."""
    task = lab.state.task
    free = [e for e in task.candidates(0) if e not in task.support[0]]
    for entry in free[:4]:
        lab.page.support.editing.replace(0, 0, entry)
    wait_for_curve(qtbot, lab.state)
    assert lab.state.workspace.in_view.task.support[0][0] == free[3]
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_after_divergence_nothing_is_predicted(qtbot: QtBot) -> None:
    card = QueryCard(0)
    qtbot.addWidget(card)
    card.show_prediction(*best([math.nan, 0.2, 0.8]), before=1)
    assert card.answer.predicted is None and not card.answer.flipped
    assert "not predicted" in card.accessibleName()
    card.grab()


def test_the_pictures_follow_the_theme(lab: LabPanel) -> None:
    from workbench.gui.style import theme

    theme.current().use("light")
    light = lab.grab().toImage()
    theme.current().use("dark")
    dark = lab.grab().toImage()
    theme.current().use("light")
    assert light.pixelColor(5, 300).lightness() != 0 and light != dark
