"""The lab on a curve: its points by hand, the true curve bent, scrub, step, diverge, resample."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QSlider, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    drag,
    expected,
    open_workspace,
    show_lab,
    wait_for_curve,
)
from tests.gui.quiet import quiet
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.walk import diverged_at
from workbench.tasks import sinusoid


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = open_workspace(qtbot, "sinusoid", task={"test_grid": 30})
    panel = show_lab(qtbot, workspace, 1100, 700)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def pixel(lab: LabPanel, x: float, y: float) -> QPoint:
    """Where a point of the plane stands on the curve plot's viewport."""
    view = lab.page.curve.plot.getViewBox()
    return lab.page.curve.mapFromScene(view.mapViewToScene(QPointF(x, y)))


def support_point(lab: LabPanel, index: int) -> tuple[float, float]:
    task = lab.state.workspace.in_view.task
    return float(task.support_x[index]), float(task.support_y[index])


def test_the_first_curve_needs_no_click(lab: LabPanel) -> None:
    assert_same_curve(lab.state.steps, expected(lab.state))
    assert "MSE" in lab.header.summary.text()


def test_dragging_a_point_adapts_again(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 3)
    path = [pixel(lab, x, y + part * 0.4) for part in range(6)]
    drag(lab.page.curve.viewport(), path)
    wait_for_curve(qtbot, lab.state)
    moved_x, moved_y = support_point(lab, 3)
    assert abs(moved_x - x) < 0.1 and abs(moved_y - (y + 2.0)) < 0.2
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_the_drawn_lines_are_the_adapted_numbers(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 0)
    drag(lab.page.curve.viewport(), [pixel(lab, x, y), pixel(lab, x, y - 1)])
    wait_for_curve(qtbot, lab.state)
    wanted = expected(lab.state)
    drawn = lab.middle.curves.query_line.yData
    np.testing.assert_allclose(drawn, [step.query_loss for step in wanted], rtol=1e-5)
    fit = lab.page.curve.fits.lines[-1].yData
    np.testing.assert_allclose(fit, wanted[-1].query_outputs[:, 0], rtol=1e-4, atol=1e-5)


def test_curves_appear_while_the_mouse_is_still_down(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 2)
    seen: list[float] = []
    lab.state.stepsChanged.connect(lambda: seen.append(lab.state.steps[0].support_loss))
    path = [pixel(lab, x, y + part * 0.3) for part in range(5)]
    drag(lab.page.curve.viewport(), path, release=False)
    qtbot.waitUntil(lambda: len(seen) > 0)
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_a_point_moves_with_the_keyboard(qtbot: QtBot, lab: LabPanel) -> None:
    lab.page.curve.setFocus()
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_BracketRight)
    x, y = support_point(lab, 1)
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert support_point(lab, 1) == pytest.approx((x, y + 0.1), abs=1e-5)


def click(qtbot: QtBot, lab: LabPanel, place: QPoint) -> None:
    """A press and a release, as a mouse sends them."""
    qtbot.mouseMove(lab.page.curve.viewport(), place)
    qtbot.mouseClick(lab.page.curve.viewport(), Qt.MouseButton.LeftButton, pos=place)


def menu_at(lab: LabPanel, place: QPoint) -> QMenu:
    """What the platform sends for a right click."""
    reason = QContextMenuEvent.Reason.Mouse
    where = lab.page.curve.viewport().mapToGlobal(place)
    QApplication.sendEvent(lab.page.curve.viewport(), QContextMenuEvent(reason, place, where))
    return lab.page.curve.findChild(QMenu, "lab.curvePlot.menu")


def pick(qtbot: QtBot, menu: QMenu) -> str:
    """Click its first entry; what it said."""
    entry = menu.actions()[0]
    text = entry.text()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    return text


def slide(slider: QSlider, values: list[float]) -> None:
    """Drag the handle from where it is past all the values."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    handle = slider.style().subControlRect(control, option, part, slider)
    room = slider.width() - handle.width()
    ends = slider.minimum(), slider.maximum()
    path = [handle.center()]
    for value in values:
        left = QStyle.sliderPositionFromValue(*ends, round(100 * value), room)
        path.append(QPoint(left + handle.width() // 2, handle.center().y()))
    drag(slider, path)


def test_a_click_on_empty_ground_adds_a_point(qtbot: QtBot, lab: LabPanel) -> None:
    before, restore = lab.state.task, lab.header.restore
    click(qtbot, lab, pixel(lab, 0.5, -2.5))
    wait_for_curve(qtbot, lab.state)
    task = lab.state.task
    assert len(task.support_x) == len(before.support_x) + 1
    assert support_point(lab, -1) == pytest.approx((0.5, -2.5), abs=0.05)
    wanted = before.with_added_point(*support_point(lab, -1)).episode()
    assert_same_curve(lab.state.steps, list(lab.state.learner.adapt(wanted, lab.state.planned)))
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert len(lab.state.task.support_x) == len(before.support_x)


def test_a_double_click_adds_one_point(qtbot: QtBot, lab: LabPanel) -> None:
    count, place = len(lab.state.task.support_x), pixel(lab, 0.5, -2.5)
    click(qtbot, lab, place)
    qtbot.mouseDClick(lab.page.curve.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(lab.state.task.support_x) == count + 1


def test_a_click_on_a_point_chooses_it(qtbot: QtBot, lab: LabPanel) -> None:
    count = len(lab.state.task.support_x)
    click(qtbot, lab, pixel(lab, *support_point(lab, 4)) + QPoint(3, 3))
    assert len(lab.state.task.support_x) == count
    assert lab.page.curve.editing.chosen == 4


def test_a_drag_on_empty_ground_does_nothing(qtbot: QtBot, lab: LabPanel) -> None:
    before = lab.state.task
    drag(lab.page.curve.viewport(), [pixel(lab, 0.5 + 0.3 * i, -2.5) for i in range(5)])
    click(qtbot, lab, QPoint(20, lab.page.curve.height() // 2))
    assert lab.state.task is before


def test_delete_removes_the_chosen_point(qtbot: QtBot, lab: LabPanel) -> None:
    before = lab.state.task
    click(qtbot, lab, pixel(lab, *support_point(lab, 2)))
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_Delete)
    wait_for_curve(qtbot, lab.state)
    kept = [i for i in range(len(before.support_x)) if i != 2]
    assert lab.state.task.support_x.equal(before.support_x[kept])
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_the_menu_removes_the_point_under_the_mouse(qtbot: QtBot, lab: LabPanel) -> None:
    before = lab.state.task
    menu = menu_at(lab, pixel(lab, *support_point(lab, 3)))
    assert pick(qtbot, menu) == "Remove this point"
    kept = [i for i in range(len(before.support_x)) if i != 3]
    assert lab.state.task.support_x.equal(before.support_x[kept])


def test_the_menu_adds_a_point_on_empty_ground(qtbot: QtBot, lab: LabPanel) -> None:
    count = len(lab.state.task.support_x)
    assert pick(qtbot, menu_at(lab, pixel(lab, 0.5, -2.5))) == "Add a point here"
    assert len(lab.state.task.support_x) == count + 1
    assert support_point(lab, -1) == pytest.approx((0.5, -2.5), abs=0.05)


def test_the_last_point_stays_and_a_sentence_says_why(qtbot: QtBot, lab: LabPanel) -> None:
    lab.page.curve.setFocus()
    for _ in range(len(lab.state.task.support_x) - 1):
        qtbot.keyClick(lab.page.curve, Qt.Key.Key_Delete)
    assert len(lab.state.task.support_x) == 1 and lab.notice.isHidden()
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_Delete)
    assert len(lab.state.task.support_x) == 1
    assert lab.notice.isVisible() and "cannot be removed" in lab.notice.text()
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_Insert)
    assert len(lab.state.task.support_x) == 2 and lab.notice.isHidden()


def test_insert_adds_a_point_of_the_true_curve_in_the_widest_gap(
    qtbot: QtBot, lab: LabPanel
) -> None:
    task = lab.state.task
    for x in (4.9, -4.9, 1.0, -1.0):
        task = task.with_added_point(x, 0.0)
    for _ in range(10):
        task = task.without((0, 0))
    lab.state.edit(task)
    lab.page.curve.setFocus()
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_Insert)
    x, y = support_point(lab, -1)
    assert abs(x) == pytest.approx(2.95)
    assert y == pytest.approx(task.numbers[0] * math.sin(x - task.numbers[1]), abs=1e-5)


def test_a_slider_bends_the_curve_and_its_points(qtbot: QtBot, lab: LabPanel) -> None:
    drag(lab.page.curve.viewport(), [pixel(lab, *support_point(lab, 1)), pixel(lab, 0.0, 1.0)])
    moved, before = support_point(lab, 1), lab.state.task
    seen: list[float] = []
    lab.state.taskChanged.connect(lambda: seen.append(lab.state.task.numbers[0]))
    slide(lab.page.bend.rows[0].slider, [4.0, 3.0, 2.0, 1.2])
    wait_for_curve(qtbot, lab.state)
    task = lab.state.task
    assert len(seen) >= 4 and task.numbers[0] == pytest.approx(1.2, abs=0.05)
    assert lab.page.bend.rows[0].number.value() == pytest.approx(task.numbers[0])
    assert task.numbers[1] == before.numbers[1]
    assert support_point(lab, 1) == moved
    wanted = task.numbers[0] * np.sin(before.support_x.numpy() - task.numbers[1])
    wanted[1] = moved[1]
    np.testing.assert_allclose(task.support_y, wanted, atol=1e-5)
    x, y = lab.page.curve.truth.getData()
    np.testing.assert_allclose(y, task.numbers[0] * np.sin(x - task.numbers[1]))
    by_hand = sinusoid.CurveTask(
        task.numbers, before.support_x, torch.from_numpy(wanted), before.query_x
    )
    steps = lab.state.learner.adapt(by_hand.episode(), lab.state.planned)
    assert_same_curve(lab.state.steps, list(steps))


def test_a_phase_beyond_training_is_said_in_words(qtbot: QtBot, lab: LabPanel) -> None:
    assert "Within" in lab.page.bend.note.text()
    number = lab.page.bend.rows[1].number
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "4.25")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert lab.state.task.numbers[1] == pytest.approx(4.25)
    assert lab.page.bend.rows[1].slider.value() == 425
    assert lab.page.bend.note.text().startswith("Phase is outside the range trained on, 0 to 3.14")
    slide(lab.page.bend.rows[1].slider, [1.0])
    assert "Within" in lab.page.bend.note.text()


def test_the_sliders_follow_another_task(qtbot: QtBot, lab: LabPanel) -> None:
    qtbot.mouseClick(lab.header.dice, Qt.MouseButton.LeftButton)
    task = lab.state.task
    assert not lab.state.edited
    assert lab.page.bend.rows[0].number.value() == pytest.approx(task.numbers[0], abs=0.006)
    assert lab.page.bend.rows[1].slider.value() == round(100 * task.numbers[1])


def test_scrubbing_with_the_arrows(qtbot: QtBot, lab: LabPanel) -> None:
    slider = lab.middle.scrubber.slider
    slider.setFocus()
    last = lab.state.cursor
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert lab.state.cursor == last - 2
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert lab.state.cursor == last - 1
    assert f"step {last - 1}" in lab.header.summary.toolTip()


def test_space_plays_to_the_end(qtbot: QtBot, lab: LabPanel) -> None:
    lab.state.set_cursor(len(lab.state.steps) - 3)
    lab.middle.scrubber.slider.setFocus()
    qtbot.keyClick(lab.middle.scrubber.slider, Qt.Key.Key_Space)
    assert lab.middle.scrubber.playing
    qtbot.waitUntil(lambda: not lab.middle.scrubber.playing)
    assert lab.state.cursor == len(lab.state.steps) - 1


def test_more_steps_than_trained(qtbot: QtBot, lab: LabPanel) -> None:
    steps = lab.middle.scrubber.steps
    steps.setFocus()
    steps.selectAll()
    qtbot.keyClicks(steps, "40")
    qtbot.keyClick(steps, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(lab.state.steps) == 41)
    assert_same_curve(lab.state.steps, expected(lab.state, 40))


def test_stepping_past_the_end_adds_a_step(qtbot: QtBot, lab: LabPanel) -> None:
    count = len(lab.state.steps)
    lab.state.set_cursor(count - 2)
    lab.state.workspace.stepInnerRequested.emit()
    assert lab.state.cursor == count - 1
    lab.state.workspace.stepInnerRequested.emit()
    qtbot.waitUntil(lambda: len(lab.state.steps) == count + 1)
    assert lab.state.cursor == count


def test_divergence_is_drawn_and_named(qtbot: QtBot, lab: LabPanel) -> None:
    lab.state.workspace.draft.set_value("algorithm", "inner_rate", 50)
    lab.middle.scrubber.steps.setValue(50)
    qtbot.waitUntil(lambda: diverged_at(lab.state.steps) is not None)
    wait_for_curve(qtbot, lab.state)
    step = diverged_at(lab.state.steps)
    assert not math.isfinite(lab.state.steps[step].query_loss)
    assert f"step {step}" in lab.middle.curves.diverged.text()
    assert lab.middle.curves.diverged.isVisible()
    lab.grab()


def test_the_same_seed_gives_the_same_task(qtbot: QtBot, lab: LabPanel) -> None:
    workspace = lab.state.workspace
    before = workspace.in_view.task.episode()
    first = [step.query_loss for step in lab.state.steps]
    qtbot.mouseClick(lab.header.dice, Qt.MouseButton.LeftButton)
    wait_for_curve(qtbot, lab.state)
    assert [step.query_loss for step in lab.state.steps] != first
    workspace.in_view.resample(seed=1)
    wait_for_curve(qtbot, lab.state)
    assert workspace.in_view.task.episode().support.x.equal(before.support.x)
    assert [step.query_loss for step in lab.state.steps] == pytest.approx(first)


def test_restore_takes_back_what_was_moved(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 0)
    drag(lab.page.curve.viewport(), [pixel(lab, x, y), pixel(lab, x, y - 1)])
    qtbot.mouseClick(lab.header.restore, Qt.MouseButton.LeftButton)
    assert support_point(lab, 0) == pytest.approx((x, y))


def test_a_hidden_lab_does_not_compute(qtbot: QtBot, lab: LabPanel) -> None:
    lab.hide()
    lab.state.workspace.in_view.resample(seed=7)
    quiet(qtbot, lab, lab.state.workspace)
    assert not lab.state.steps
    lab.show()
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_layers_show_the_norms_of_the_step(qtbot: QtBot, lab: LabPanel) -> None:
    qtbot.mouseClick(lab.drawer.toggles["layers"], Qt.MouseButton.LeftButton)
    assert lab.drawer.layers.isVisible()
    lab.state.set_cursor(2)
    assert lab.drawer.layers.norms == lab.state.steps[2].update_norms


def test_a_locked_point_keeps_the_curve_in_new_draws(qtbot: QtBot, lab: LabPanel) -> None:
    lab.page.curve.editing.move(3, 1.0, 2.5)
    before = lab.state.task
    lab.page.curve.setFocus()
    qtbot.keyClick(lab.page.curve, Qt.Key.Key_L)
    assert lab.state.workspace.in_view.locked == {(0, 3)}
    assert [spot.symbol() for spot in lab.page.curve.points.scatter.points()].index("s") == 3
    qtbot.mouseClick(lab.header.dice, Qt.MouseButton.LeftButton)
    after = lab.state.task
    assert after.numbers == before.numbers  # type: ignore
    assert (float(after.support_x[3]), float(after.support_y[3])) == (1.0, 2.5)  # type: ignore
    assert not torch.equal(after.support_x[:3], before.support_x[:3])  # type: ignore
    lab.page.curve.editing.choose(0)
    lab.page.curve.editing.remove()
    assert lab.state.workspace.in_view.locked == {(0, 2)}
    qtbot.mouseClick(lab.header.restore, Qt.MouseButton.LeftButton)
    assert not lab.state.workspace.in_view.locked
    wait_for_curve(qtbot, lab.state)


def test_a_drag_is_taken_back_as_one(qtbot: QtBot, lab: LabPanel) -> None:
    before = lab.state.task
    for step in range(5):
        lab.page.curve.editing.move(2, 0.1 * step, 1.0)
    lab.page.bend.rows[0].slider.setValue(123)
    lab.page.bend.rows[0].slider.setValue(130)
    assert lab.state.task.numbers[0] == pytest.approx(1.3)  # type: ignore[union-attr]
    lab.state.workspace.draft.undo.undo()
    assert float(lab.state.task.support_x[2]) == pytest.approx(0.4)  # type: ignore[union-attr]
    lab.state.workspace.draft.undo.undo()
    assert lab.state.task is before
    wait_for_curve(qtbot, lab.state)
