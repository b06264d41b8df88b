"""Measurements in the window: written, dragged, added and removed, predicted step by step."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled, wait_for_curve, wait_for_task
from tests.gui.take_away_kit import PLAIN, sheets
from tests.samples import measurements
from workbench.experiments.predicting import adapted_file
from workbench.gui.browse.panel import TasksPanel
from workbench.gui.kinds.measured.face import MeasuredPage
from workbench.gui.kinds.measured.plot import MeasuredPlot
from workbench.gui.kinds.measured.rows import Part
from workbench.gui.kinds.measured.sights import EpisodeRows
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.takeaway import write
from workbench.tasks.measured.task import MeasuredTask

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def curves(folder: Path) -> Path:
    """One input and one output of 20 ids, in semicolons with decimal commas."""
    file = folder / "curves.csv"
    rows = [f"c{i};{r},5;{(i + 1) * r},25" for i in range(20) for r in range(12)]
    file.write_text("\n".join(["id;x;y", *rows]))
    return file


def opened(window: MainWindow, qtbot: QtBot, file: Path) -> MeasuredPage:
    """Dropped on the window, and adapted to in the lab."""
    window._dropping.take(file)
    draft = window.workspace.draft
    assert draft.values["task"]["name"] == "curves_csv"
    for name, value in (("shots", 4), ("queries", 3)):
        draft.set_value("task", name, value)
    draft.set_value("algorithm", "test_steps", 3)
    wait_for_task(qtbot, window.workspace)
    window.tabs.setCurrentWidget(window.lab)
    wait_for_curve(qtbot, window.lab.state)
    page = window.lab.page
    assert isinstance(page, MeasuredPage)
    return page


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MeasuredPage:
    """Two inputs and two outputs."""
    return opened(window, qtbot, measurements(tmp_path))


def task_of(window: MainWindow) -> MeasuredTask:
    task = window.workspace.in_view.task
    assert isinstance(task, MeasuredTask)
    return task


def test_rows_are_shown_and_changed_in_their_own_units(
    window: MainWindow, page: MeasuredPage, qtbot: QtBot, tmp_path: Path
) -> None:
    """One window for all that a hand does to a table and a plot of two inputs."""
    they_stand_with_what_is_predicted(window, page)
    floors_are_drawn(window)
    a_number_is_written(window, page, qtbot)
    an_output_and_an_input_are_chosen(window, page)
    a_ticked_row_stays(window, page)
    rows_come_and_go(window, page, qtbot)
    a_scene_is_opened(window, page, qtbot, tmp_path)
    the_adapted_learner_is_kept(window, qtbot, tmp_path)
    assert all(write.encoded(sheet, "svg", PLAIN) for sheet in sheets(window.lab).values())


def they_stand_with_what_is_predicted(window: MainWindow, page: MeasuredPage) -> None:
    table, task, step = page.view.query.table, task_of(window), window.lab.state.current
    assert [table.rows.title(c) for c in range(6)] == [
        "x1", "x2", "y1", "y1, predicted", "y2", "y2, predicted",
    ]  # fmt: skip
    assert step is not None
    expected = task.scaled.y.own(step.query_outputs)
    assert table.rows.number(1, 2) == float(task.query.y[1, 0])
    assert table.rows.number(1, 3) == float(expected[1, 0])
    errors = (expected - task.query.y).square().mean(0).sqrt().tolist()
    told = window.lab.findChild(QLabel, "lab.measured.errors")
    assert told is not None and f"y1 {errors[0]:.4g} · y2 {errors[1]:.4g}" in told.text()
    shown = window.findChild(TasksPanel).episode.currentWidget().widget()
    assert isinstance(shown, EpisodeRows)


def a_number_is_written(window: MainWindow, page: MeasuredPage, qtbot: QtBot) -> None:
    table, before = page.view.table, task_of(window).support.y[2, 1]
    index = table.rows.index(2, 4)
    assert table.rows.setData(index, "12,5", Qt.ItemDataRole.EditRole)
    assert float(task_of(window).support.y[2, 1]) == 12.5 != float(before)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    notice = window.lab.notice
    for wrong, words in (("twelve", "not a number"), ("inf", "not finite"), ("1e31", "too large")):
        assert table.rows.setData(index, wrong, Qt.ItemDataRole.EditRole)
        assert notice.isVisible() and words in notice.text()
    assert float(task_of(window).support.y[2, 1]) == 12.5
    window.workspace.draft.undo.undo()
    qtbot.waitUntil(lambda: settled(window.lab.state))
    assert float(task_of(window).support.y[2, 1]) == float(before)


def rows_come_and_go(window: MainWindow, page: MeasuredPage, qtbot: QtBot) -> None:
    """By button and by key."""
    table = page.view.table
    add, remove = (
        window.lab.findChild(QToolButton, f"lab.measured.{name}") for name in ("add", "remove")
    )
    assert add is not None and remove is not None
    qtbot.mouseClick(add, LEFT)
    assert table.rows.rowCount() == 5 and table.currentIndex().row() == 4
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Insert)
    assert table.rows.rowCount() == 6
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    qtbot.mouseClick(remove, LEFT)
    assert table.rows.rowCount() == 4
    for _ in range(5):
        qtbot.mouseClick(remove, LEFT)
    assert table.rows.rowCount() == 1 and "last row" in window.lab.notice.text()


def a_ticked_row_stays(window: MainWindow, page: MeasuredPage) -> None:
    rows, kept = page.view.table.rows, task_of(window).support.x[1].tolist()
    checked = Qt.CheckState.Checked.value
    assert rows.setData(rows.index(1, 0), checked, Qt.ItemDataRole.CheckStateRole)
    name = task_of(window).name
    window.workspace.in_view.resample()
    assert task_of(window).support.x[1].tolist() == kept and task_of(window).name == name
    window.workspace.in_view.toggle_lock((0, 1))


def an_output_and_an_input_are_chosen(window: MainWindow, page: MeasuredPage) -> None:
    plot, axes = page.view.plot, page.view.axes
    assert axes.isVisible()
    axes.up.setCurrentIndex(1)
    axes.across.setCurrentIndex(1)
    assert axes.parts == (Part("x", 1), Part("y", 1))
    rows = task_of(window).support
    assert plot.points._positions[:, 0].tolist() == rows.x[:, 1].tolist()
    assert plot.points._positions[:, 1].tolist() == rows.y[:, 1].tolist()
    assert len(plot.predicted.getData()[0]) == 3
    page.editing.move(0, dict(zip(axes.parts, (1.25, -7.0), strict=True)))
    assert task_of(window).support.x[0, 1] == 1.25 and task_of(window).support.y[0, 1] == -7
    sheet = plot.sheet()
    assert sheet is not None and "-7.0" in str(sheet.table)


def test_with_one_input_the_fitted_function_is_drawn(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(window, qtbot, curves(tmp_path))
    plot, state = page.view.plot, window.lab.state
    assert not page.view.axes.isVisible()
    qtbot.waitUntil(lambda: plot.fitted.at(state.cursor) is not None)
    assert len(plot.fits.lines[0].getData()[0]) == 101 and plot.predicted.getData()[0] is None
    found = plot.fitted.at(0)
    assert found is not None
    task = task_of(window)
    near = int(abs(found[0] - float(task.query.x[0, 0])).argmin())
    predicted = float(task.scaled.y.own(state.steps[0].query_outputs)[0, 0])
    a_click_adds_a_row_and_keys_move_and_remove_it(window, plot, qtbot)
    assert found[1][near, 0] == pytest.approx(predicted, abs=0.05 * float(task.scaled.y.deviation))


def a_click_adds_a_row_and_keys_move_and_remove_it(
    window: MainWindow, plot: MeasuredPlot, qtbot: QtBot
) -> None:
    box = plot.plot.getViewBox().sceneBoundingRect()
    place = plot.mapFromScene(box.center()) + QPoint(3, 3)
    qtbot.mouseClick(plot.viewport(), LEFT, NO_KEYS, place)
    qtbot.waitUntil(lambda: len(task_of(window).support) == 5)
    plot.setFocus()
    before = task_of(window).support.y[4].item()
    qtbot.keyClick(plot, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert task_of(window).support.y[4].item() > before
    qtbot.keyClick(plot, Qt.Key.Key_Delete)
    assert len(task_of(window).support) == 4


def a_scene_is_opened(window: MainWindow, page: MeasuredPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.editing.write(0, Part("y", 1), "3.25")
    kept = task_of(window)
    window.lab.scenes.save(tmp_path / "kept.mlab")
    window.workspace.in_view.resample()
    window.lab.scenes.open(tmp_path / "kept.mlab")
    qtbot.waitUntil(lambda: task_of(window).support.y[0, 1] == 3.25)
    assert task_of(window).query.x.tolist() == kept.query.x.tolist()


def the_adapted_learner_is_kept(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """What it says of the query rows is what the lab shows."""
    file, lab, task = tmp_path / "mine.adapted", window.lab, task_of(window)
    wait_for_curve(qtbot, lab.state)
    assert lab.keeping.action.isEnabled()
    lab.keeping.save(file)
    qtbot.waitUntil(lambda: f"predict {file} PATH" in lab.notice.text())
    shown = lab.state.current
    assert shown is not None
    with adapted_file.read(file).predictor() as predictor:
        said = predictor.values(task.query.x)
    torch.testing.assert_close(said, task.scaled.y.own(shown.query_outputs), rtol=1e-4, atol=1e-4)


def floors_are_drawn(window: MainWindow) -> None:
    """Loss and metric are one, and one plot shows them."""
    curves_ = window.lab.middle.curves
    assert set(window.lab.state.bounds) == {"mean of the support", "ridge on the support"}
    assert len(curves_.loss_bounds.lines) == 2
    sheet = curves_.loss_sheet()
    assert sheet is not None and "ridge on the support" in str(sheet.content)
