"""Learners side by side in the lab: the numbers of each are what it says of the task by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    draw_folder,
    expected,
    open_workspace,
    picture_workspace,
    settled,
    show_lab,
    wait_for_task,
)
from tests.gui.quiet import quiet
from tests.tiny import prepared, tiny_config
from workbench.core.algorithm import AdaptStep
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import Learner, learner_of, untrained
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.gui.lab.compare.choices import Choice
from workbench.gui.lab.compare.column import AddedColumn, Column
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.walk import diverged_at
from workbench.gui.style import theme

LEFT = Qt.MouseButton.LeftButton
SHORT = {
    "iterations": 4, "meta_batch": 2, "eval_interval": 2, "eval_tasks": 2, "test_tasks": 2,
    "checkpoint_interval": 2, "workers": 1,
}  # fmt: skip


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> Iterator[LabPanel]:
    """On pictures, 3-way 2-shot, with the weights of a short run."""
    workspace = picture_workspace(qtbot, draw_folder(tmp_path / "pictures"))
    config = workspace.draft.config
    assert config is not None
    run = train(config.replaced({"training": SHORT}))
    panel = show_lab(qtbot, workspace, 900, 700)
    workspace.open_run(run.path)

    def opened() -> bool:
        learner = panel.state.learner
        return learner is not None and learner.origin == run.path and settled(panel.state)

    qtbot.waitUntil(opened)
    yield panel
    assert workspace.shut_down()


@pytest.fixture
def curve(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = open_workspace(qtbot, "sinusoid", task={"test_grid": 30})
    panel = show_lab(qtbot, workspace, 900, 700)
    qtbot.waitUntil(lambda: settled(panel.state))
    yield panel
    assert workspace.shut_down()


def train(config: ExperimentConfig) -> Run:
    run = Run.create(config)
    assert list(Training(config, prepared(config), run).events())[-1].reason == "completed"
    return run


def turn_on(qtbot: QtBot, lab: LabPanel) -> None:
    qtbot.mouseClick(lab.compare.toggle, LEFT)
    assert lab.compare.isVisible()
    qtbot.waitUntil(lambda: not lab.compare.listing.reading)


def offered(lab: LabPanel, name: str) -> QAction:
    lab.compare.menu.fill()
    action = lab.compare.menu.findChild(QAction, f"lab.compare.add.{name}")
    assert action is not None, name
    return action


def add(qtbot: QtBot, lab: LabPanel, *names: str) -> list[Column]:
    """Through the menu; the columns once all have their numbers."""
    for name in names:
        offered(lab, name).trigger()
    return wait(qtbot, lab)


def wait(qtbot: QtBot, lab: LabPanel) -> list[Column]:
    comparison = lab.compare.comparison

    def ended(column: AddedColumn) -> bool:
        if column.learner is None:
            return bool(column.problem)
        return not column.computing and not column.due(lab.state.task, comparison.walk.planned)

    def all_ended() -> bool:
        return not lab.state.busy and all(ended(column) for column in comparison.added)

    qtbot.waitUntil(all_ended)
    quiet(qtbot)  # the cards are drawn a moment after
    return comparison.columns


def by_itself(lab: LabPanel, learner: Learner, steps: int) -> list[AdaptStep]:
    torch.set_num_threads(1)
    assert lab.state.task is not None
    return list(learner.adapt(lab.state.task.episode(), steps))


def text(lab: LabPanel, column: Column, part: str) -> str:
    found = lab.compare.findChild(QLabel, f"lab.compare.column.{column.place}.{part}")
    assert found is not None
    return found.text() if found.isVisible() else ""


def independent(lab: LabPanel) -> list[Learner]:
    """The first checkpoint of the run in the lab, and two floors, built without the window."""
    workspace, learner = lab.state.workspace, lab.state.learner
    assert learner is not None and learner.origin is not None and workspace.draft.config is not None
    family = prepared(workspace.draft.config)
    kept = Run(learner.origin).load_checkpoint(2)
    floors = [
        untrained(workspace.draft.config.replaced({"algorithm": {"name": name}}), family)
        for name in ("nearest_neighbour", "random_init")
    ]
    return [learner_of(kept, family, newest=True), *floors]


FOUR = ("checkpoint.2", "baseline.nearest_neighbour", "baseline.random_init")


def check_numbers(lab: LabPanel, columns: list[Column], others: list[Learner]) -> None:
    assert_same_curve(columns[0].steps, expected(lab.state))
    for column, learner in zip(columns[1:], others, strict=True):
        wanted = by_itself(lab, learner, lab.state.planned)
        assert_same_curve(column.steps, wanted)
        cursor = min(lab.state.cursor, len(wanted) - 1)
        shown = f"{100 * wanted[cursor].query_metric:.0f} %"
        assert text(lab, column, "figure") == shown


def test_every_column_shows_its_learners_own_numbers(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    assert (
        lab.page.support.isVisible()
        and not lab.middle.isVisible()
        and not lab.page.queries.isVisible()
    )
    assert "Add a second learner to compare on these very images." in shown_texts(lab)
    columns = add(qtbot, lab, *FOUR)
    assert [len(column.steps) for column in columns] == [4, 4, 1, 4]
    check_numbers(lab, columns, independent(lab))
    assert "Each takes 3 inner steps on the same 6 support and 12 query items" in budget(lab)
    assert "closed forms take none" in budget(lab)
    assert text(lab, columns[1], "title") == "MAML"
    assert text(lab, columns[1], "source").endswith("\niteration 2")
    loss = f"loss {columns[2].steps[0].query_loss:.3g}\nnot transductive"
    assert (text(lab, columns[2], "start"), text(lab, columns[2], "details")) == ("one step", loss)
    assert text(lab, columns[3], "source") == "baseline, no training"
    before = 100 * columns[3].steps[0].query_metric
    assert text(lab, columns[3], "start") == f"from {before:.0f} %"
    assert text(lab, columns[3], "details").startswith("loss ")
    assert text(lab, columns[3], "details").endswith("\ntransductive")
    lines = lab.compare.plot.lines
    assert list(lines[1].yData) == [step.query_metric for step in columns[1].steps]
    assert list(lines[2].yData) == [columns[2].steps[0].query_metric] * 4


def shown_texts(lab: LabPanel) -> list[str]:
    return [part.text() for part in lab.compare.findChildren(QLabel) if part.isVisible()]


def budget(lab: LabPanel) -> str:
    return lab.compare.budget.text()


def test_another_support_picture_adapts_every_column_anew(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    columns = add(qtbot, lab, *FOUR)
    before = [column.steps[-1].query_loss for column in columns]
    task = lab.state.task
    taken = [*task.support[0], *task.query[0]]
    entry = next(entry for entry in task.candidates(0) if entry not in taken)
    qtbot.mouseClick(lab.page.support.slot(0, 0), LEFT)
    picker = lab.page.support.editing.picker
    index = picker.grid.model().index(list(task.candidates(0)).index(entry), 0)
    picker.grid.scrollTo(index)
    qtbot.mouseClick(picker.grid.viewport(), LEFT, pos=picker.grid.visualRect(index).center())
    assert lab.state.task is not task
    columns = wait(qtbot, lab)
    others = independent(lab)
    check_numbers(lab, columns, others)
    after = [column.steps[-1].query_loss for column in columns]
    assert all(a != b for a, b in zip(before, after, strict=True))
    qtbot.mouseClick(lab.header.dice, LEFT)
    assert all(not column.steps for column in columns[1:]), "nothing of the old task may stay"
    check_numbers(lab, wait(qtbot, lab), others)


def test_the_scrubber_moves_all_columns_together(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    columns = add(qtbot, lab, *FOUR)
    slider = lab.compare.scrubber.slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    for cursor in (0, 1):
        quiet(qtbot)
        assert lab.state.cursor == cursor
        for column in columns:
            step = column.steps[min(cursor, len(column.steps) - 1)]
            assert text(lab, column, "figure") == f"{100 * step.query_metric:.0f} %"
            card = lab.compare.row.cards[columns.index(column)]
            wanted = [int(row.argmax()) for row in step.query_outputs]
            assert [predicted for predicted, _ in card.outputs.predicted] == wanted
            values = [c.at(cursor).query_metric for c in columns]  # type: ignore[union-attr]
            best = step.query_metric == max(values) and min(values) < max(values)
            assert text(lab, column, "best") == ("★ best" if best else "")
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    lab.compare.scrubber.steps.setValue(5)
    columns = wait(qtbot, lab)
    assert [len(column.steps) for column in columns] == [6, 6, 1, 6]
    assert "Each takes 5 inner steps" in budget(lab)


def test_a_seventh_is_refused_and_one_can_be_removed(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    names = (*FOUR, "baseline.maml")
    add(qtbot, lab, *names)
    assert not offered(lab, "baseline.maml").isEnabled()
    config = lab.state.workspace.draft.config
    comparison = lab.compare.comparison
    twin = Choice(config.replaced({"algorithm": {"name": "random_init"}}))
    assert not comparison.add(twin) and len(comparison.columns) == 5
    assert comparison.add(Choice(config.replaced({"algorithm": {"name": "protonet"}})))
    columns = wait(qtbot, lab)
    assert len(columns) == 6 and not lab.compare.add.isEnabled()
    assert "At most 6" in lab.compare.add.toolTip()
    assert not comparison.add(Choice(config.replaced({"algorithm": {"name": "matching"}})))
    assert len(comparison.columns) == 6
    places = [column.place for column in columns]
    cross = lab.compare.findChild(QToolButton, "lab.compare.column.2.remove")
    assert cross is not None
    lab.compare.row.ensureWidgetVisible(cross)
    qtbot.mouseClick(cross, LEFT)
    quiet(qtbot)
    assert [column.place for column in comparison.columns] == [p for p in places if p != 2]
    assert lab.compare.add.isEnabled()
    assert lab.compare.plot.lines[2].xData is None or not len(lab.compare.plot.lines[2].xData)
    assert offered(lab, "baseline.nearest_neighbour").isEnabled()
    assert add(qtbot, lab, "baseline.nearest_neighbour")[-1].place == 2


def test_what_does_not_fit_is_offered_with_its_reason(qtbot: QtBot, lab: LabPanel) -> None:
    config = lab.state.workspace.draft.config
    train(config.replaced({"training": SHORT, "task": {"ways": 2}}))
    train(tiny_config())
    turn_on(qtbot, lab)
    lab.compare.menu.fill()
    runs = [a for a in lab.compare.menu.findChildren(QAction) if ".add.run." in a.objectName()]
    assert len(runs) == 3
    reasons = sorted(action.toolTip() for action in runs if not action.isEnabled())
    assert reasons == [
        "Learned on 2-way tasks; the task in view is 3-way",
        "Learned on another kind of problem, judged by mean squared error",
    ]
    fitting = next(action for action in runs if action.isEnabled())
    fitting_name = fitting.objectName().removeprefix("lab.compare.add.")
    fitting.trigger()
    column = wait(qtbot, lab)[1]
    learner = lab.state.learner
    assert learner is not None and column.learner is not None
    assert column.learner.iteration == learner.iteration
    assert_same_curve(column.steps, expected(lab.state))
    assert not offered(lab, fitting_name).isEnabled()
    own = Choice(learner.config, learner.origin, "", learner.iteration)
    assert not lab.compare.comparison.add(own), "the lab has these very weights"


def test_while_it_is_off_nothing_adapts(
    qtbot: QtBot, lab: LabPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on(qtbot, lab)
    columns = add(qtbot, lab, "baseline.random_init")
    started: list[AddedColumn] = []
    start = AddedColumn.start

    def noted(column: AddedColumn, task: object, steps: int) -> None:
        started.append(column)
        start(column, task, steps)  # type: ignore[arg-type]

    monkeypatch.setattr(AddedColumn, "start", noted)
    lab.setFocus()
    qtbot.keyClick(lab, Qt.Key.Key_C)
    assert not lab.compare.isVisible() and lab.middle.isVisible() and lab.page.queries.isVisible()
    qtbot.mouseClick(lab.header.dice, LEFT)
    qtbot.waitUntil(lambda: settled(lab.state))
    quiet(qtbot, lab.state.workspace)
    assert started == [] and columns[1].steps == []
    qtbot.keyClick(lab, Qt.Key.Key_C)
    assert lab.compare.isVisible()
    columns = wait(qtbot, lab)
    assert started == [columns[1]]
    assert_same_curve(columns[1].steps, by_itself(lab, independent(lab)[2], 3))


def test_a_query_cell_says_what_was_predicted(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    column = add(qtbot, lab, "baseline.random_init")[1]
    items = lab.compare.row.cards[1].outputs
    outputs = column.steps[-1].query_outputs
    predicted = int(outputs[5].argmax())
    place = items.cell(5).center().toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, place, items.mapToGlobal(place))
    QApplication.sendEvent(items, event)
    verdict = "right" if predicted == 1 else "wrong"
    share = f"{100 * float(outputs[5].max()):.0f}"
    said = f"Query item 2 of class B, predicted {'ABC'[predicted]} with {share} %: {verdict}"
    assert QToolTip.text() == said
    assert items.item_at(QPoint(0, 0)) is None
    QToolTip.hideText()


def test_points_are_compared_too_and_divergence_is_said(qtbot: QtBot, curve: LabPanel) -> None:
    workspace = curve.state.workspace
    turn_on(qtbot, curve)
    assert "Add a second learner to compare on these very points." in shown_texts(curve)
    add(qtbot, curve, "baseline.nearest_neighbour")
    wild = workspace.draft.config.replaced(
        {"algorithm": {"name": "random_init", "inner_rate": 90.0}}
    )
    curve.compare.comparison.add(Choice(wild))
    curve.state.set_planned(12)
    columns = wait(qtbot, curve)
    at = diverged_at(columns[2].steps)
    assert at is not None and 0 < at <= 12
    assert f"Diverged at step {at}" in text(curve, columns[2], "problem")
    assert text(curve, columns[2], "figure") == "–"
    drawn = curve.compare.plot.lines[2].yData
    assert math.isnan(drawn[-1]) and math.isfinite(drawn[0])
    nearest = untrained(
        workspace.draft.config.replaced({"algorithm": {"name": "nearest_neighbour"}}),
        prepared(workspace.draft.config),
    )
    task = curve.state.task
    curve.page.curve.editing.move(0, 1.0, 2.0)
    columns = wait(qtbot, curve)
    assert curve.state.task is not task
    wanted = by_itself(curve, nearest, 12)
    assert_same_curve(columns[1].steps, wanted)
    fitted = curve.compare.row.cards[1].outputs.fitted
    assert fitted is not None and fitted.tolist() == wanted[0].query_outputs[:, 0].tolist()
    for mode in ("dark", "light"):
        theme.current().use(mode)
        curve.grab()


def test_a_closed_form_in_the_lab_leaves_the_walk_to_the_others(
    qtbot: QtBot, curve: LabPanel
) -> None:
    workspace = curve.state.workspace
    workspace.draft.choose("algorithm", "matching")

    def there() -> bool:
        learner = curve.state.learner
        named = learner is not None and learner.config.algorithm.name == "matching"
        return named and settled(curve.state)

    qtbot.waitUntil(there)
    turn_on(qtbot, curve)
    assert not curve.compare.scrubber.isVisible()
    columns = add(qtbot, curve, "baseline.random_init")
    assert len(columns[0].steps) == 1 and len(columns[1].steps) == 4
    curve.compare.scrubber.slider.setValue(2)
    quiet(qtbot)
    assert text(curve, columns[1], "figure") == f"{columns[1].steps[2].query_metric:.3g}"
    curve.compare.scrubber.steps.setValue(6)
    assert len(wait(qtbot, curve)[1].steps) == 7


def test_columns_say_when_other_tasks_come_into_view(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    columns = add(qtbot, lab, "checkpoint.2", "baseline.random_init")
    lab.state.workspace.draft.set_value("task", "ways", 2)
    wait_for_task(qtbot, lab.state.workspace)
    qtbot.waitUntil(lambda: settled(lab.state))
    wait(qtbot, lab)
    assert "the task in view is 2-way" in text(lab, columns[1], "problem")
    assert len(columns[2].steps) == 4 and columns[2].steps[0].query_outputs.shape == (8, 2)


def test_it_is_laid_out_at_any_size(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    add(qtbot, lab, "baseline.nearest_neighbour", "baseline.random_init")
    row = lab.compare.row
    for width in (560, 640, 700, 780, 1280):
        for height in range(400, 860, 20):
            lab.resize(width, height)
            QApplication.processEvents()
        cards = [card.geometry() for card in row.cards]
        assert all(card.width() >= 118 for card in cards)
        assert all(a.right() < b.left() for a, b in pairwise(cards))
        tops = {card.figure.mapTo(card, QPoint(0, 0)).y() for card in row.cards}
        assert len(tops) == 1, "the numbers stand in one line"
