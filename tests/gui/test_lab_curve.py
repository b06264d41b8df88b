"""The lab on a curve: drag a point, scrub, step, diverge, resample."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import assert_same_curve, drag, expected, open_workspace, wait_for_curve
from workbench.gui.panels.lab import LabPanel


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = open_workspace(qtbot, "sinusoid", task={"test_grid": 30})
    panel = LabPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    panel.show()
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def pixel(lab: LabPanel, x: float, y: float) -> QPoint:
    """Where a point of the plane stands on the curve plot's viewport."""
    view = lab.curve.plot.getViewBox()
    return lab.curve.mapFromScene(view.mapViewToScene(QPointF(x, y)))


def support_point(lab: LabPanel, index: int) -> tuple[float, float]:
    task = lab.state.workspace.task
    return float(task.support_x[index]), float(task.support_y[index])


def test_the_first_curve_needs_no_click(lab: LabPanel) -> None:
    assert_same_curve(lab.state.steps, expected(lab.state))
    assert "MSE" in lab.header.summary.text()


def test_dragging_a_point_adapts_again(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 3)
    path = [pixel(lab, x, y + part * 0.4) for part in range(6)]
    drag(lab.curve.viewport(), path)
    wait_for_curve(qtbot, lab.state)
    moved_x, moved_y = support_point(lab, 3)
    assert abs(moved_x - x) < 0.1 and abs(moved_y - (y + 2.0)) < 0.2
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_the_drawn_lines_are_the_adapted_numbers(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 0)
    drag(lab.curve.viewport(), [pixel(lab, x, y), pixel(lab, x, y - 1)])
    wait_for_curve(qtbot, lab.state)
    wanted = expected(lab.state)
    drawn = lab.middle.curves.query_line.yData
    np.testing.assert_allclose(drawn, [step.query_loss for step in wanted], rtol=1e-5)
    fit = lab.curve.fits[-1].yData
    np.testing.assert_allclose(fit, wanted[-1].query_outputs[:, 0], rtol=1e-4, atol=1e-5)


def test_curves_appear_while_the_mouse_is_still_down(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 2)
    seen: list[float] = []
    lab.state.stepsChanged.connect(lambda: seen.append(lab.state.steps[0].support_loss))
    path = [pixel(lab, x, y + part * 0.3) for part in range(5)]
    drag(lab.curve.viewport(), path, release=False)
    qtbot.waitUntil(lambda: len(seen) > 0)
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_a_point_moves_with_the_keyboard(qtbot: QtBot, lab: LabPanel) -> None:
    lab.curve.setFocus()
    qtbot.keyClick(lab.curve, Qt.Key.Key_BracketRight)
    x, y = support_point(lab, 1)
    qtbot.keyClick(lab.curve, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert support_point(lab, 1) == pytest.approx((x, y + 0.1), abs=1e-5)


def test_scrubbing_with_the_arrows(qtbot: QtBot, lab: LabPanel) -> None:
    slider = lab.middle.scrubber.slider
    slider.setFocus()
    last = lab.state.cursor
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert lab.state.cursor == last - 2
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert lab.state.cursor == last - 1
    assert f"step {last - 1}" in lab.header.summary.text()


def test_space_plays_to_the_end(qtbot: QtBot, lab: LabPanel) -> None:
    lab.state.set_cursor(len(lab.state.steps) - 3)
    lab.middle.scrubber.slider.setFocus()
    qtbot.keyClick(lab.middle.scrubber.slider, Qt.Key.Key_Space)
    assert lab.middle.scrubber.playing
    qtbot.waitUntil(lambda: not lab.middle.scrubber.playing, timeout=5000)
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
    lab.state.workspace.set_value("algorithm", "inner_rate", 50)
    lab.middle.scrubber.steps.setValue(50)
    qtbot.waitUntil(lambda: lab.state.diverged_at is not None, timeout=10_000)
    wait_for_curve(qtbot, lab.state)
    step = lab.state.diverged_at
    assert not math.isfinite(lab.state.steps[step].query_loss)
    assert f"step {step}" in lab.middle.curves.diverged.text()
    assert lab.middle.curves.diverged.isVisible()
    lab.grab()


def test_the_same_seed_gives_the_same_task(qtbot: QtBot, lab: LabPanel) -> None:
    workspace = lab.state.workspace
    before = workspace.task.episode()
    first = [step.query_loss for step in lab.state.steps]
    qtbot.mouseClick(lab.header.dice, Qt.MouseButton.LeftButton)
    wait_for_curve(qtbot, lab.state)
    assert [step.query_loss for step in lab.state.steps] != first
    workspace.in_view.resample(seed=1)
    wait_for_curve(qtbot, lab.state)
    assert workspace.task.episode().support.x.equal(before.support.x)
    assert [step.query_loss for step in lab.state.steps] == pytest.approx(first)


def test_restore_takes_back_what_was_moved(qtbot: QtBot, lab: LabPanel) -> None:
    x, y = support_point(lab, 0)
    drag(lab.curve.viewport(), [pixel(lab, x, y), pixel(lab, x, y - 1)])
    qtbot.mouseClick(lab.header.restore, Qt.MouseButton.LeftButton)
    assert support_point(lab, 0) == pytest.approx((x, y))


def test_a_hidden_lab_does_not_compute(qtbot: QtBot, lab: LabPanel) -> None:
    lab.hide()
    lab.state.workspace.in_view.resample(seed=7)
    qtbot.wait(60)
    assert not lab.state.steps
    lab.show()
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_layers_show_the_norms_of_the_step(qtbot: QtBot, lab: LabPanel) -> None:
    qtbot.mouseClick(lab.drawer.layers_toggle, Qt.MouseButton.LeftButton)
    assert lab.drawer.layers.isVisible()
    lab.state.set_cursor(2)
    assert lab.drawer.layers.norms == lab.state.steps[2].update_norms
