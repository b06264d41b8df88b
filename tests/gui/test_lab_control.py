"""The lab on a task of control: its goal under the hand, trajectories by step, played back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.control_kit import click, control_lab, page, pixel, task_of
from tests.gui.lab_kit import assert_same_curve, drag, expected, wait_for_curve
from tests.gui.take_away_kit import PLAIN
from workbench.gui.kinds.control.maps import paths
from workbench.gui.kinds.control.task import lived_at
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.lab import face
from workbench.gui.lab.panel import LabPanel
from workbench.gui.style import paint
from workbench.gui.takeaway import write

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def plane(qtbot: QtBot) -> Iterator[LabPanel]:
    panel = control_lab(qtbot, "navigation-quick")
    yield panel
    assert panel.state.workspace.shut_down()


@pytest.fixture
def maze(qtbot: QtBot) -> Iterator[LabPanel]:
    panel = control_lab(qtbot, "gridworld-quick")
    yield panel
    assert panel.state.workspace.shut_down()


def test_a_click_drops_the_goal_and_the_policy_adapts_to_it(qtbot: QtBot, plane: LabPanel) -> None:
    view, before = page(plane).side.map, task_of(plane).truth
    qtbot.mouseClick(view, LEFT, pos=pixel(view, (0.3, 0.7)))
    wait_for_curve(qtbot, plane.state)
    assert task_of(plane).truth.tolist() == pytest.approx([-0.32, 0.32], abs=0.01)
    assert_same_curve(plane.state.steps, expected(plane.state))
    plane.state.workspace.draft.undo.undo()
    assert torch.equal(task_of(plane).truth, before)
    wait_for_curve(qtbot, plane.state)


def test_a_dragged_goal_is_taken_back_as_one_and_stays_where_goals_lie(
    qtbot: QtBot, plane: LabPanel
) -> None:
    view, before = page(plane).side.map, task_of(plane)
    start = map_of(before).goal(before)  # type: ignore[union-attr]
    drag(view, [pixel(view, place) for place in (start, (0.6, 0.6), (0.8, 0.8), (0.99, 0.99))])
    assert task_of(plane).truth.tolist() == [0.5, 0.5]
    plane.state.workspace.draft.undo.undo()
    assert task_of(plane) is before
    wait_for_curve(qtbot, plane.state)


def test_a_wall_is_no_goal_and_says_so(qtbot: QtBot, maze: LabPanel) -> None:
    view, before = page(maze).side.map, task_of(maze)
    cell = int(before.truth[5:].argmax())
    row, column = divmod(cell, 5)
    qtbot.mouseClick(view, LEFT, pos=pixel(view, ((column + 0.5) / 5, (4.5 - row) / 5)))
    assert task_of(maze) is before
    assert "no way to cell" in maze.notice.text()


def test_lines_are_the_trajectories_of_the_step_looked_at(qtbot: QtBot, plane: LabPanel) -> None:
    side, state = page(plane).side, plane.state
    for step in (0, 2):
        state.set_cursor(step)
        lived = lived_at(state.steps[step], support=False)
        assert lived is not None and side.map.scene is not None
        wanted = paths(side.map.scene.world, task_of(plane), lived)
        shown = side.map.scene.strokes[-3:]
        for stroke, path in zip(shown, wanted, strict=True):
            np.testing.assert_array_equal(stroke.path, path)
        earned = -np.linalg.norm(lived.observations[:, 1:] - task_of(plane).truth, axis=-1)
        np.testing.assert_allclose(lived.rewards, earned * lived.alive.numpy(), atol=1e-5)
    assert len(side.map.scene.strokes) == 9


def test_the_return_has_lines_for_the_optimum_and_staying_put(plane: LabPanel) -> None:
    curves, bounds = plane.middle.curves, plane.state.bounds
    assert list(bounds) == ["optimum", "staying put"]
    assert [line.value() for line in curves.bounds.lines] == pytest.approx(list(bounds.values()))
    assert bounds["staying put"] == pytest.approx(-8 * float(task_of(plane).truth.norm()))
    assert max(step.query_metric for step in plane.state.steps) <= bounds["optimum"]


def test_trajectories_are_played_step_by_step(qtbot: QtBot, maze: LabPanel) -> None:
    side = page(maze).side
    lived = lived_at(maze.state.current, support=False)
    assert lived is not None
    cells = lived.observations.argmax(-1)
    click(qtbot, side.play.step)
    click(qtbot, side.play.step)
    scene = side.map.scene
    assert scene is not None and side.playback.time == 1 and len(scene.walkers) == 3
    for (place, _), cell in zip(scene.walkers, cells[:, 1].tolist(), strict=True):
        assert (int(place[0] * 5), int(place[1] * 5)) == (cell % 5, 4 - cell // 5)
    side.playback.set_speed(40.0)
    click(qtbot, side.play.play)
    qtbot.waitUntil(lambda: side.playback.whole and not side.playback.playing)
    assert not side.map.scene.walkers  # type: ignore[union-attr]


def test_playing_can_be_paused(qtbot: QtBot, maze: LabPanel) -> None:
    side = page(maze).side
    click(qtbot, side.play.play)
    qtbot.waitUntil(lambda: side.playback.time > 0)
    click(qtbot, side.play.play)
    assert not side.playback.playing and not side.playback.whole


@pytest.mark.parametrize("kind", ["plane", "maze"])
def test_a_task_has_a_thumbnail_and_a_sheet(kind: str, request: pytest.FixtureRequest) -> None:
    lab: LabPanel = request.getfixturevalue(kind)
    image = face.of(task_of(lab)).thumbnail(task_of(lab), 48, 48)
    assert image is not None
    colors = {image.pixelColor(x, y).name() for x in range(96) for y in range(96)}
    assert len(colors) > 3  # ground, start and goal
    for sheet in page(lab).sheets:
        taken = sheet() if sheet is not None else None
        assert taken is not None
        assert b"<svg" in write.encoded(taken, "svg", PLAIN)
        assert len(taken.table.rows) > 8


def test_a_column_shows_the_ground_until_its_learner_has_acted(
    qtbot: QtBot, plane: LabPanel
) -> None:
    task = task_of(plane)
    column = face.of(task).column("column")
    qtbot.addWidget(column)
    step = plane.state.current
    assert step is not None and step.met is not None
    pictures = []
    for episode in (task.episode(), step.met):
        column.show_task(task, episode, ())
        column.show_outputs(step.query_outputs, paint.colors().accent)
        assert (column.sheet() is None) == (episode is not step.met)
        pictures.append(column.grab().toImage())
    assert pictures[0] != pictures[1]


def test_a_return_that_goes_astray_is_seen_and_not_marked_as_unseen(plane: LabPanel) -> None:
    curves = plane.middle.curves
    plane.state._steps = [
        replace(plane.state.steps[0], query_metric=value) for value in (-3.0, -3.1, -3.0, -900.0)
    ]
    curves.refresh()
    box = curves.metric_plot.plot.getViewBox()
    box.updateAutoRange()
    low, high = box.viewRange()[1]
    assert curves.metric_plot._edge.count == 0 and low <= -900 <= high
