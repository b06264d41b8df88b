"""Support trajectories picked by hand: switched off and on, drawn anew, driven with the keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.gui.control_kit import click, control_lab, page, task_of
from tests.gui.lab_kit import assert_same_curve, expected, wait_for_curve
from workbench.gui.kinds.control.task import lived_at, returns
from workbench.gui.lab.panel import LabPanel

Key = Qt.Key


both = pytest.mark.parametrize("lab", ["navigation-quick", "gridworld-quick"], indirect=True)


@pytest.fixture
def lab(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[LabPanel]:
    panel = control_lab(qtbot, getattr(request, "param", "navigation-quick"))
    yield panel
    assert panel.state.workspace.shut_down()


def choose(lab: LabPanel, qtbot: QtBot, row: int, box: bool = False) -> None:
    """Click a row, or the box in it."""
    table = page(lab).support.table
    cell = table.visualRect(table.rows.index(row, 0 if box else 1))
    place = cell.center() if not box else QPoint(cell.left() + 12, cell.center().y())
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def told(lab: LabPanel) -> str:
    return page(lab).support.told.text()


def test_rows_are_what_the_step_learns_from(lab: LabPanel) -> None:
    rows = page(lab).support.table.rows.rows
    lived = lived_at(lab.state.current, support=True)
    assert lived is not None
    assert [row.earned for row in rows] == returns(lived)
    assert told(lab).startswith("Learns from 4 of 4.")


def test_a_box_leaves_a_trajectory_out_of_the_step(lab: LabPanel, qtbot: QtBot) -> None:
    before = [step.query_loss for step in lab.state.steps]
    choose(lab, qtbot, 1, box=True)
    wait_for_curve(qtbot, lab.state)
    assert task_of(lab).left_out == {1} and told(lab).startswith("Learns from 3 of 4.")
    assert_same_curve(lab.state.steps, expected(lab.state))
    assert [step.query_loss for step in lab.state.steps][1:] != before[1:]
    choose(lab, qtbot, 1, box=True)
    wait_for_curve(qtbot, lab.state)
    assert [step.query_loss for step in lab.state.steps] == pytest.approx(before)


def test_the_last_one_stays_and_says_why(lab: LabPanel, qtbot: QtBot) -> None:
    choose(lab, qtbot, 2)
    click(qtbot, page(lab).support.only)
    assert task_of(lab).slots == [(0, 2)]
    choose(lab, qtbot, 2, box=True)
    assert task_of(lab).slots == [(0, 2)] and "cannot be left out" in lab.notice.text()
    click(qtbot, page(lab).support.all_on)
    assert len(task_of(lab).slots) == 4
    wait_for_curve(qtbot, lab.state)


def test_one_or_all_are_drawn_anew(lab: LabPanel, qtbot: QtBot) -> None:
    def acts() -> torch.Tensor:
        lived = lived_at(lab.state.steps[0], support=True)
        assert lived is not None
        return lived.actions

    before = acts()
    choose(lab, qtbot, 1)
    qtbot.keyClick(page(lab).support.table, Key.Key_N)
    wait_for_curve(qtbot, lab.state)
    once = acts()
    assert torch.equal(once[[0, 2, 3]], before[[0, 2, 3]]) and not torch.equal(once[1], before[1])
    click(qtbot, page(lab).support.all_anew)
    wait_for_curve(qtbot, lab.state)
    assert all(not torch.equal(one, other) for one, other in zip(acts(), once, strict=True))
    assert page(lab).picking.chosen == 1


def drive(lab: LabPanel, qtbot: QtBot, *keys: Qt.Key) -> None:
    """As far as the map has the keyboard, or what has it instead."""
    for key in keys:
        qtbot.keyClick(lab.window().focusWidget() or lab, key)


@both
def test_a_driven_trajectory_is_recorded_and_imitated(lab: LabPanel, qtbot: QtBot) -> None:
    side = page(lab).side
    before = task_of(lab)
    click(qtbot, side.drive.toggle)
    assert side.drive.toggle.isChecked() and side.map.hasFocus()
    drive(lab, qtbot, Key.Key_Up, Key.Key_Left, Key.Key_Left, Key.Key_Backspace)
    assert "2 of 8 steps" in side.drive.told.text()
    drive(lab, qtbot, Key.Key_Return)
    wait_for_curve(qtbot, lab.state)
    task = task_of(lab)
    assert not side.drive.toggle.isChecked()
    assert list(task.driven) == [0] and len(task.driven[0]) == 2 and task.slots == [(0, 0)]
    assert "imitates you" in told(lab)
    lived = lived_at(lab.state.steps[1], support=True)
    assert lived is not None and torch.equal(lived.actions[0, :2], task.driven[0])
    assert_same_curve(lab.state.steps, expected(lab.state))
    assert lab.state.steps[1].support_loss < lab.state.steps[0].support_loss
    lab.state.workspace.draft.undo.undo()
    assert task_of(lab) is before
    wait_for_curve(qtbot, lab.state)


def test_a_drive_that_is_locked_stays_when_others_are_drawn(lab: LabPanel, qtbot: QtBot) -> None:
    """The goal stays with it; what is sampled cannot be locked, and a drive given up is free."""
    support, view = page(lab).support, lab.state.workspace.in_view
    choose(lab, qtbot, 1)
    assert not support.lock.isEnabled()
    qtbot.keyClick(support.table, Key.Key_L)
    assert not view.locked
    choose(lab, qtbot, 0)
    click(qtbot, page(lab).side.drive.toggle)
    drive(lab, qtbot, Key.Key_Up, Key.Key_Return)
    driven, truth = task_of(lab).driven[0], task_of(lab).truth
    click(qtbot, support.lock)
    assert support.table.rows.rows[0].locked and support.lock.isChecked()
    view.resample()
    wait_for_curve(qtbot, lab.state)
    assert torch.equal(task_of(lab).driven[0], driven) and torch.equal(task_of(lab).truth, truth)
    assert support.table.rows.rows[0].locked and told(lab).startswith("Learns from 4 of 4.")
    click(qtbot, support.anew)
    wait_for_curve(qtbot, lab.state)
    assert not task_of(lab).driven and not view.locked and not support.lock.isEnabled()


def test_keys_walk_through_the_steps_unless_they_drive(lab: LabPanel, qtbot: QtBot) -> None:
    side, before = page(lab).side, task_of(lab)
    side.map.setFocus()
    drive(lab, qtbot, Key.Key_Left)
    assert lab.state.cursor == 1
    click(qtbot, side.drive.toggle)
    drive(lab, qtbot, Key.Key_Left)
    assert lab.state.cursor == 1 and len(side.driving.actions) == 1
    drive(lab, qtbot, Key.Key_Escape)
    assert not side.driving.on and task_of(lab) is before


@both
def test_arrows_go_where_they_point(lab: LabPanel, qtbot: QtBot) -> None:
    """Whatever the controls of the task are."""
    side = page(lab).side
    click(qtbot, side.drive.toggle)
    drive(lab, qtbot, Key.Key_Up)
    scene = side.map.scene
    assert scene is not None
    (start, end) = scene.strokes[0].path.tolist()
    lead = end[1] - start[1]
    assert end[0] == pytest.approx(start[0])
    assert lead > 0.05 or task_of(lab).truth[5 + 7] == 1  # a wall above the middle
    drive(lab, qtbot, Key.Key_Escape)
