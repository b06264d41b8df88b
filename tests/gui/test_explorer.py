"""Every task of a measurement in the window: curves, lists, classes, and the task in the lab."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled
from tests.gui.plot_kit import numbers
from tests.gui.quiet import quiet
from tests.gui.take_away_kit import PLAIN
from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from tests.tiny import prepared, tiny_config, training
from workbench.core.algorithm import Scores
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import summarise
from workbench.experiments.scores import kept_of
from workbench.experiments.store import default_root
from workbench.experiments.tasks_seen.ranking import Order, ranked
from workbench.experiments.tasks_seen.seen import Seen, seen_now
from workbench.gui.explorer.curves import MOST_STROKES
from workbench.gui.explorer.window import Explorer
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style import theme
from workbench.gui.takeaway import write

LEFT = Qt.MouseButton.LeftButton
GLYPHS: dict[str, dict[str, Any]] = {
    "task": {"name": "glyphs", "ways": 3, "queries": 4},
    "model": {"name": "conv4", "filters": 4},
}
TOPICS: dict[str, dict[str, Any]] = {
    "task": {"name": "topics", "ways": 3, "queries": 4, "sentences": 8},
    "model": {"name": "text_mlp"},
}
CLOUDS: dict[str, dict[str, Any]] = {
    "task": {"name": "clouds"},
    "model": {"name": MODELS["clouds"]},
}
Opened = Callable[[ExperimentConfig], Explorer]


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> Opened:
    """The explorer of a run that was made a moment ago, opened by the button of the runs."""

    def of(config: ExperimentConfig) -> Explorer:
        list(training(config, default_root() / "run").events())
        window.runs.reload()
        qtbot.waitUntil(lambda: window.runs.model.rowCount() == 1)
        window.runs.table.selectRow(0)
        window.runs.buttons.buttons["tasks"].click()
        explorer = window.explorers.window
        assert explorer is not None
        drawn(explorer, qtbot)
        return explorer

    return of


def drawn(explorer: Explorer, qtbot: QtBot) -> None:
    state = explorer.state
    qtbot.waitUntil(
        lambda: bool(state.drawn.tasks or state.why_not or explorer.head.problem.text())
    )


def open_task(explorer: Explorer, window: MainWindow, qtbot: QtBot, row: int) -> int:
    """By the keyboard, and wait until the lab has adapted to it; returns its place."""
    view = explorer.tasks.view
    view.setCurrentIndex(explorer.tasks.model.index(row))
    place = explorer.tasks.model.places[row]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    in_view = window.workspace.in_view
    qtbot.waitUntil(lambda: in_view.place == place and window.tabs.currentWidget() is window.lab)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    return place


@pytest.mark.usefixtures("guests")
@pytest.mark.parametrize(
    "kind",
    [
        {},
        pytest.param(GLYPHS, marks=pytest.mark.slow),
        TOPICS,
        pytest.param(CLOUDS, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_the_lab_has_the_very_task_and_its_numbers(
    kind: dict[str, Any], opened: Opened, window: MainWindow, qtbot: QtBot
) -> None:
    """Images, curves, sentences, and a stranger's: with the run's learner, at every step."""
    explorer = opened(tiny_config(**kind, training={"test_tasks": 23}))
    seen, state = explorer.state.seen, window.lab.state
    assert seen is not None and not explorer.state.why_not
    for row in (0, 22, 7):
        place = open_task(explorer, window, qtbot, row)
        task, shown = window.workspace.in_view.task, explorer.state.drawn.tasks[place]
        assert task is not None and task.to_json() == shown.to_json()
        assert state.learner is not None and state.learner.origin == default_root() / "run"
        assert not window.workspace.in_view.edited and len(state.steps) == 3
        metrics = [step.query_metric for step in state.steps]
        losses = [step.query_loss for step in state.steps]
        np.testing.assert_allclose(metrics, seen.values[place].numpy(), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(losses, seen.query_loss[place].numpy(), rtol=1e-4, atol=1e-5)


def test_a_task_changed_by_hand_comes_back_as_it_was_measured(
    opened: Opened, window: MainWindow, qtbot: QtBot
) -> None:
    explorer = opened(tiny_config())
    open_task(explorer, window, qtbot, 2)
    view = window.workspace.in_view
    measured = view.task
    assert measured is not None
    view.edit(measured.with_item((0, 0), (1.0, 2.0)))
    assert view.edited
    view.restore()
    assert view.task is measured and view.place is not None
    view.resample(seed=5)
    assert view.place is None


def test_a_click_opens_and_the_pointer_marks_a_curve(
    opened: Opened, window: MainWindow, qtbot: QtBot
) -> None:
    explorer = opened(tiny_config())
    model, view = explorer.tasks.model, explorer.tasks.view
    spot = view.visualRect(model.index(1)).center()
    hover(view.viewport(), spot)
    assert explorer.state.pointed == model.places[1]
    seen = explorer.state.seen
    assert seen is not None
    marked = numbers(explorer.cloud)[f"task {model.places[1]}"][1]
    np.testing.assert_allclose(marked, seen.values[model.places[1]].numpy())
    qtbot.mouseClick(view.viewport(), LEFT, pos=spot)
    qtbot.waitUntil(lambda: window.workspace.in_view.place == model.places[1])
    qtbot.waitUntil(lambda: window.tabs.currentWidget() is window.lab)


def hover(widget: QWidget, spot: QPoint) -> None:
    """The pointer comes over a place, no button held."""
    none, where = Qt.MouseButton.NoButton, QPointF(widget.mapToGlobal(spot))
    keys, kind = Qt.KeyboardModifier.NoModifier, QEvent.Type.MouseMove
    QApplication.sendEvent(widget, QMouseEvent(kind, QPointF(spot), where, none, none, keys))


def test_the_keyboard_reaches_everything(opened: Opened, qtbot: QtBot) -> None:
    explorer = opened(tiny_config(**TOPICS))
    model, view, slider = explorer.tasks.model, explorer.tasks.view, explorer.scrubber.slider
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert explorer.state.pointed == model.places[1]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert explorer.state.step == 1 and "after 1 step" in explorer.head.numbers.text()
    seen = explorer.state.seen
    assert seen is not None and model.places == ranked(seen, 1, Order.HARDEST)
    for button in explorer.tasks.orders.buttons():
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert model.places == ranked(seen, 1, Order(button.property("order")))
    explorer.tabs.setCurrentWidget(explorer.pairs)
    table = explorer.pairs.table
    table.setFocus()
    table.setCurrentIndex(explorer.pairs.model.index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.currentIndex().column() == 1 and explorer.pairs.cell.text()
    for widget in reachable(explorer):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.objectName()


def test_each_class_is_told_and_taken_away(opened: Opened, tmp_path: Path) -> None:
    explorer = opened(tiny_config(**GLYPHS))
    each = explorer.each_class
    explorer.tabs.setCurrentWidget(each)
    found = each.model.found
    assert found is not None and each.model.rowCount() == len(found.results)
    assert sum(one.items for one in found.results) == 7 * 3 * 4
    each.table.setCurrentIndex(each.model.index(0, 0))
    assert found.results[0].confused_with in each.one.text()
    each.write(tmp_path / "confusion.csv")
    assert (tmp_path / "confusion.csv").read_text().startswith("class,")
    each.write(tmp_path / "nowhere" / "confusion.csv")
    assert "cannot be written" in explorer.head.problem.text()
    sheet = each.sheet()
    assert sheet is not None and not each.away.isHidden()
    assert [row[0] for row in sheet.table.rows] == [one.name for one in found.results]
    assert write.encoded(sheet, "svg", PLAIN)


def test_tasks_without_classes_say_so(opened: Opened) -> None:
    explorer = opened(tiny_config())
    explorer.tabs.setCurrentWidget(explorer.each_class)
    assert "no classes" in explorer.each_class.said.text()


def reachable(explorer: Explorer) -> list[QWidget]:
    kinds = (QAbstractButton, QAbstractItemView, QSlider, QComboBox)
    found = [one for kind in kinds for one in explorer.findChildren(kind)]
    return [one for one in found if one.objectName().startswith(("explorer.", "plot.explorer"))]


def test_everything_has_a_name_and_a_help(opened: Opened) -> None:
    explorer = opened(tiny_config())
    for widget in reachable(explorer):
        assert widget.accessibleName(), widget.objectName()
        assert widget.toolTip(), widget.objectName()
    assert "not transductive" in str(
        explorer.tasks.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    )


def test_the_protocol_stands_with_the_numbers(opened: Opened) -> None:
    explorer = opened(tiny_config(**GLYPHS))
    assert explorer.head.protocol.text() == "test · 7 tasks · seed 0 · transductive"
    said = explorer.head.numbers.text()
    assert said.startswith("after 2 steps · mean ") and "95 % interval" in said
    assert "median" in said
    explorer.tabs.setCurrentWidget(explorer.pairs)
    assert "7 tasks · seed 0 · transductive" in explorer.pairs.notes.text()


def show(explorer: Explorer, values: torch.Tensor) -> Seen:
    """Curves that nobody has measured."""
    family, scores = prepared(tiny_config()), Scores(*[values.float()] * 3)

    class Plain:
        transductive = False

    curve = summarise(scores, family, Plain(), "test")  # type: ignore[arg-type]
    seen = seen_now(curve, scores, 0)
    explorer.state.show(seen)
    return seen


@pytest.fixture
def empty(window: MainWindow, qtbot: QtBot) -> Explorer:
    window.explorers.open_live()
    assert window.explorers.window is not None
    return window.explorers.window


def test_nothing_yet_says_what_makes_the_first(empty: Explorer, qtbot: QtBot) -> None:
    empty.head.show_iteration(None)
    assert "Start makes the first" in empty.head.problem.text()
    assert not empty.head.table.isEnabled() and not empty.head.numbers.isVisible()
    assert empty.tasks.model.rowCount() == 0


def test_one_task_has_no_interval(empty: Explorer) -> None:
    show(empty, torch.tensor([[4.0, 2.0, 1.0]]))
    assert "one task has no interval" in empty.head.numbers.text()
    assert empty.head.protocol.text().startswith("test · 1 task ·")
    assert empty.tasks.model.rowCount() == 1


def test_one_diverging_task_of_600_is_said_and_found(empty: Explorer) -> None:
    values = torch.full((600, 6), 0.19) + torch.linspace(0, 0.01, 600)[:, None]
    values[417, 1:] = torch.tensor([1.0, 9.0, 25.0, 60.0, 1200.0])
    show(empty, values)
    assert "1 of 600 tasks makes" in empty.head.ruled.text()
    assert "read the median" in empty.head.ruled.text() and empty.head.ruled.isVisible()
    assert empty.tasks.model.places[0] == 417
    assert "beyond the edge" in empty.distribution.note.text()
    empty.state.set_step(0)
    assert not empty.head.ruled.isVisible()
    _, high = empty.cloud.view.getViewBox().viewRange()[1]
    assert high < 100


def test_600_curves_are_strokes_and_many_more_are_their_density(empty: Explorer) -> None:
    show(empty, torch.rand(600, 11))
    assert not empty.cloud.cloud.dense
    assert len(empty.cloud.cloud.item.xData) == 600 * 12
    show(empty, torch.rand(600, MOST_STROKES // 600 + 2).cumsum(1))
    assert empty.cloud.cloud.dense and empty.cloud.cloud.density.isVisible()
    image = empty.cloud.cloud.density.image
    assert image[..., 3].max() > 0
    empty.cloud.set_log(True)
    assert empty.cloud.cloud.log and empty.cloud.cloud.density.isVisible()
    empty.cloud.set_log(False)


def test_the_curve_under_the_pointer_is_found(empty: Explorer, qtbot: QtBot) -> None:
    show(empty, torch.tensor([[1.0, 1.0, 1.0], [3.0, 2.0, 5.0], [8.0, 8.0, 8.0]]))
    quiet(qtbot)
    place = empty.cloud.view.getViewBox().mapViewToScene(QPointF(2.0, 5.0))
    assert empty.cloud.at(place) == 1
    empty.cloud._on_move(place)
    assert empty.state.pointed == 1


def test_the_marker_and_the_slider_are_one_step(empty: Explorer) -> None:
    show(empty, torch.rand(5, 4))
    empty.cloud._marker.setValue(1.2)
    assert empty.state.step == 1 and empty.scrubber.slider.value() == 1
    empty.scrubber.slider.setValue(3)
    assert round(float(empty.cloud._marker.value())) == 3


def test_a_record_without_tasks_is_measured_again_by_a_button(opened: Opened, qtbot: QtBot) -> None:
    explorer = opened(tiny_config())
    file = kept_of(default_root() / "run")[0].file
    values = json.loads(file.read_text())
    before = values.pop("per_task")
    del values["crc32"]
    file.write_text(json.dumps(values))
    assert explorer._source is not None
    explorer._source.read()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: bool(explorer.head.problem.text()))
    assert "keeps no score for each task. Measure again" in explorer.head.problem.text()
    explorer.head.again.click()
    qtbot.waitUntil(lambda: explorer.state.seen is not None)
    drawn(explorer, qtbot)
    assert not explorer.head.problem.text() and explorer.head.again.isEnabled()
    seen = explorer.state.seen
    assert seen is not None
    np.testing.assert_allclose(seen.values.numpy(), before["query_metric"], rtol=1e-5)


def test_a_run_with_nothing_kept_says_so(opened: Opened, qtbot: QtBot) -> None:
    explorer = opened(tiny_config())
    kept_of(default_root() / "run")[0].file.unlink()
    explorer._source.read()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: bool(explorer.head.problem.text()))
    assert "no task of this run is kept. Measure again" in explorer.head.problem.text()
    explorer.head.again.click()
    qtbot.waitUntil(lambda: bool(explorer.state.drawn.tasks))


def test_data_that_has_changed_shows_curves_without_tasks(opened: Opened, qtbot: QtBot) -> None:
    explorer = opened(tiny_config(**GLYPHS))
    file = kept_of(default_root() / "run")[0].file
    values = json.loads(file.read_text())
    values["fingerprint"] = "another"
    del values["crc32"]
    file.write_text(json.dumps(values))
    explorer._source.read()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: bool(explorer.state.why_not))
    assert "the data has changed" in explorer.tasks.hint.text()
    assert explorer.tasks.model.rowCount() == 7 and not explorer.state.drawn.tasks


def test_the_table_that_is_exported_is_that_of_the_command_line(
    opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from workbench.cli import main

    explorer = opened(tiny_config(**TOPICS))
    explorer.head.export(tmp_path / "ours.csv")
    run, theirs = str(default_root() / "run"), str(tmp_path / "theirs.csv")
    assert main(["evaluate", run, "--tasks", "7", "--tasks-csv", theirs]) == 0
    capsys.readouterr()
    one, other = (
        list(csv.DictReader((tmp_path / name).read_text().splitlines()))
        for name in ("ours.csv", "theirs.csv")
    )
    assert len(one) == 21 and one == other
    explorer.head.export(tmp_path / "no" / "where.csv")
    assert "where.csv" in explorer.head.problem.text()


def test_measured_otherwise_cannot_be_opened_and_says_why(
    opened: Opened, window: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    from workbench.cli import main

    explorer = opened(tiny_config(**GLYPHS))
    run = str(default_root() / "run")
    assert main(["evaluate", run, "--tasks", "6", "--one-at-a-time"]) == 0
    capsys.readouterr()
    explorer._source.read()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: bool(explorer.state.closed))
    drawn(explorer, qtbot)
    assert explorer.tasks.hint.text() == explorer.state.closed
    explorer.tasks.opened.emit(0)
    assert "otherwise than the run was trained" in explorer.head.problem.text()
    assert window.workspace.in_view.place is None
    explorer.head.choice.setCurrentIndex(1)
    qtbot.waitUntil(lambda: explorer.state.seen is not None and explorer.state.seen.tasks == 7)
    drawn(explorer, qtbot)


@pytest.mark.parametrize("mode", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_it_is_drawn_in_both_themes(mode: Any, opened: Opened, qtbot: QtBot) -> None:
    explorer = opened(tiny_config(**TOPICS))
    theme.current().use(mode)
    for place in range(explorer.tabs.count()):
        explorer.tabs.setCurrentIndex(place)
        assert not explorer.grab().isNull()
    theme.current().use("light")
