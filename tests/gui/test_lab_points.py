"""Points of one's own in the lab: no sine, no error against it, and axes from the points."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled
from workbench.gui.kinds.curves.room import room_of
from workbench.gui.shell.main_window import MainWindow
from workbench.tasks.sinusoid import CurveTask

POINTS = [(-2.0, 7.0), (0.5, 8.0), (3.0, 6.5), (6.0, 9.0)]


@pytest.fixture
def own(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """The points in the lab, adapted to."""
    file = tmp_path / "points.csv"
    file.write_text("\n".join(f"{x},{y}" for x, y in POINTS))
    window._dropping.take(file)
    qtbot.waitUntil(lambda: not task_of(window).known)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    return window


def label(panel: QWidget, name: str) -> QLabel:
    found = panel.findChild(QLabel, name)
    assert found is not None
    return found


def task_of(window: MainWindow) -> CurveTask:
    task = window.workspace.in_view.task
    assert isinstance(task, CurveTask)
    return task


def test_no_sine_is_drawn_and_the_axes_are_those_of_the_points(own: MainWindow) -> None:
    plot = own.lab.page.curve  # type: ignore[attr-defined]
    assert plot.truth.getData()[0] is None or len(plot.truth.getData()[0]) == 0
    (left, right), (low, high) = plot.plot.viewRange()
    assert -4 < left < -2 and 6 < right < 8
    assert 6 < low < 6.5 and 9 < high < 9.5
    assert not own.lab.page.bend.isVisible()  # type: ignore[attr-defined]
    sheet = plot.sheet()
    assert "true curve" not in str(sheet.table) and "6.5" in str(sheet.table)


def test_nothing_is_judged_and_nothing_has_diverged(own: MainWindow) -> None:
    lab = own.lab
    assert all(math.isfinite(step.support_loss) for step in lab.state.steps)
    assert not any(step.judged for step in lab.state.steps)
    assert label(lab, "lab.summary").text() == "not judged"
    assert not label(lab, "lab.diverged").isVisible()


def test_points_are_added_and_moved_where_they_lie(own: MainWindow) -> None:
    editing = own.lab.page.curve.editing  # type: ignore[attr-defined]
    editing.add(5.5, 7.5)
    assert task_of(own).support_x.tolist()[-1] == 5.5 and not task_of(own).known
    editing.add_anywhere()
    (left, right), (low, high) = room_of(task_of(own))
    x, y = editing.place
    assert left < x < right and low < y < high


def test_a_scene_keeps_that_no_curve_is_known(
    own: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "own.mlab"
    own.lab.scenes.save(file)
    own.workspace.in_view.resample()
    assert task_of(own).known
    own.lab.scenes.open(file)
    qtbot.waitUntil(lambda: not task_of(own).known)
    assert task_of(own).support_y.tolist() == [y for _, y in POINTS]


def test_a_new_draw_is_a_curve_again(own: MainWindow, qtbot: QtBot) -> None:
    own.workspace.in_view.resample()
    qtbot.waitUntil(lambda: settled(own.lab.state))
    assert own.lab.state.steps[0].judged
    (left, _), (low, high) = own.lab.page.curve.plot.viewRange()  # type: ignore[attr-defined]
    assert -6 < left < -5 and low == -high
