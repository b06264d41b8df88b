"""Families of kinds the window has never heard of, opened in browser, lab, comparison and views."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled, wait_for_curve, wait_for_task
from tests.gui.test_lab_compare import add, turn_on
from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from workbench.gui.browse.panel import TasksPanel
from workbench.gui.kinds.table.page import TablePage
from workbench.gui.kinds.table.tables import EpisodeTable, RowsTable
from workbench.gui.kinds.table.words import written
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


WINDOWS = [
    pytest.param(name, marks=() if name in ("tokens", "steering") else pytest.mark.slow)
    for name in MODELS
]
"""The others' items are drawn and written by the same parts."""


@pytest.fixture(params=WINDOWS)
def window(
    guests: None,  # noqa: F811
    qtbot: QtBot,
    workspace: Workspace,
    request: pytest.FixtureRequest,
) -> Iterator[MainWindow]:
    """The sinusoid was in view, whose points must be gone."""
    window = MainWindow(workspace)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    workspace.draft.choose("model", MODELS[request.param])
    workspace.draft.choose("task", request.param)
    workspace.draft.set_value("task", "shots", 3)
    workspace.draft.set_value("task", "queries", 4)
    workspace.draft.set_value("algorithm", "test_steps", 3)
    wait_for_task(qtbot, workspace)
    yield window


def cells(table: RowsTable, column: int) -> list[str]:
    rows = table.rows
    return [str(rows.index(row, column).data()) for row in range(rows.rowCount())]


def open_lab(qtbot: QtBot, window: MainWindow) -> TablePage:
    window.tabs.setCurrentWidget(window.lab)
    wait_for_curve(qtbot, window.lab.state)
    page = window.lab.page
    assert isinstance(page, TablePage)
    return page


def test_the_browser_shows_its_items_and_the_comparison_its_learners(
    qtbot: QtBot, window: MainWindow
) -> None:
    browser_shows(window)
    compared(qtbot, window)


def browser_shows(window: MainWindow) -> None:
    task = window.workspace.in_view.task
    assert task is not None
    shown = window.findChild(TasksPanel).episode.currentWidget().widget()
    assert isinstance(shown, EpisodeTable)
    inputs = [written(x.flatten().tolist()) for x in task.episode().support.x]
    assert cells(shown, 0) == inputs


def test_the_lab_shows_its_own_items_what_is_predicted_and_keeps_a_ticked_item(
    qtbot: QtBot, window: MainWindow
) -> None:
    page, state = open_lab(qtbot, window), window.lab.state
    shows_its_own(window, page)
    if state.spec is not None and state.spec.collected:
        assert page.support.rows.locked is None  # what is met by acting has no boxes
        return
    rows, before = page.support.rows, cells(page.support, 0)
    box = rows.index(1, 0)
    assert rows.setData(box, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert box.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    qtbot.mouseClick(window.lab.header.dice, LEFT)
    qtbot.waitUntil(lambda: settled(state))
    after = cells(page.support, 0)
    assert after[1] == before[1] and after != before


def shows_its_own(window: MainWindow, page: TablePage) -> None:
    """Items, predictions and the metric by its name."""
    state = window.lab.state
    assert state.task is not None and state.episode is not None and state.spec is not None
    for step in (0, 3):
        state.set_cursor(step)
        asked = (state.steps[step].met or state.episode).query
        assert cells(page.queries, 0) == [written(x.flatten().tolist()) for x in asked.x]
        told, outputs = cells(page.queries, 2), state.steps[step].query_outputs
        if state.spec.labels:
            guesses = ["AB"[guess] for guess in outputs.argmax(-1).tolist()]
            assert [text[0] for text in told] == guesses
            right = [told.right for told in page.queries.rows.told]
            accuracy = sum(bool(one) for one in right) / len(right)
            assert accuracy == pytest.approx(state.steps[step].query_metric)
        else:
            assert told == [written(row) for row in outputs.tolist()]
    assert not window.lab.notice.isVisible()
    titles = [label.text() for label in window.lab.middle.findChildren(QLabel)]
    name = {"accuracy": "Query accuracy", "closeness": "Query closeness", "mse": "Squared error"}
    name["return"] = "Query return"
    assert any(name[state.spec.metric] in title for title in titles)
    percent = [title for title in titles if "closeness" in title and "%" in title]
    assert not percent


def write(qtbot: QtBot, table: RowsTable, row: int, column: int, text: str) -> None:
    """Into a cell, as a person does: double-click, type, Enter."""
    place = table.visualRect(table.rows.index(row, column)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(table.viewport(), LEFT, pos=place)
    editor = table.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.viewport().findChild(QLineEdit) is None)


def test_items_are_written_and_removed_by_hand(qtbot: QtBot, window: MainWindow) -> None:
    page, state = open_lab(qtbot, window), window.lab.state
    spec, view = state.spec, window.workspace.in_view
    assert spec is not None and state.episode is not None
    before, drawn = state.episode.support, view.task
    if spec.collected:
        return  # rows are what was met, not what is held
    numbers = [7.0] * before.x[1].numel()
    write(qtbot, page.support, 1, 0, ", ".join(f"{one:g}" for one in numbers))
    qtbot.waitUntil(lambda: settled(state))
    after = view.task.episode().support
    assert after.x[1].flatten().tolist() == numbers and torch.equal(after.x[0], before.x[0])
    assert cells(page.support, 0)[1] == written(numbers)
    write(qtbot, page.support, 0, 0, "nonsense")
    assert window.messages.isVisible() or window.lab.notice.isVisible()
    assert torch.equal(view.task.episode().support.x, after.x)
    page.support.setFocus()
    qtbot.keyClick(page.support, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.support.rows.rowCount() == len(before.y) - 1)
    qtbot.waitUntil(lambda: settled(state))
    window.acts.undo.trigger()
    window.acts.undo.trigger()
    assert view.task is drawn


def compared(qtbot: QtBot, window: MainWindow) -> None:
    open_lab(qtbot, window)
    turn_on(qtbot, window.lab)
    column = add(qtbot, window.lab, "baseline.random_init")[1]
    assert not column.problem
    card = window.lab.compare.row.cards[1]
    state = window.lab.state
    assert state.episode is not None
    table = card.outputs
    assert isinstance(table, RowsTable) and table.isVisible()
    step = column.at(window.lab.compare.comparison.walk.cursor)
    assert step is not None
    assert len(table.rows.told) == len((step.met or state.episode).query.y)
    told = {label.text() for label in window.lab.compare.findChildren(QLabel)}
    assert not any("point" in text or "image" in text for text in told if len(text) > 20)


@pytest.mark.parametrize("window", ["clouds"], indirect=True)
def test_a_column_that_cannot_take_the_next_kind_says_so(qtbot: QtBot, window: MainWindow) -> None:
    open_lab(qtbot, window)
    turn_on(qtbot, window.lab)
    column, space = add(qtbot, window.lab, "baseline.random_init")[1], window.workspace
    space.draft.choose("model", "bag")
    space.draft.choose("task", "tokens")
    wait_for_task(qtbot, space)
    qtbot.waitUntil(lambda: bool(column.problem))
    assert "mlp needs numbers, and this task has token ids" in column.problem


def test_every_view_opens(qtbot: QtBot, window: MainWindow) -> None:
    """What is offered computes; none ends in a failure."""
    open_lab(qtbot, window)
    lab = window.lab
    for view in lab.drawer.views:
        toggle = lab.drawer.toggles[view.name]
        if not toggle.isVisible():
            continue
        qtbot.mouseClick(toggle, LEFT)
        assert view.isVisible()
        if isinstance(view, OnDemand) and not view.missing():
            view.compute()
            qtbot.waitUntil(lambda view=view: not view.computing)
        qtbot.mouseClick(toggle, LEFT)
    qtbot.mouseClick(lab.drawer.luck.ask, LEFT)
    qtbot.waitUntil(lambda: lab.drawer.luck.line.text() != "")
    lab.influence.ask(0)
    if lab.state.spec is not None and lab.state.spec.collected:
        qtbot.waitUntil(lambda: bool(lab.influence.problem))
        assert "by its own acts" in str(lab.influence.problem)
        return
    qtbot.waitUntil(lambda: lab.influence.values is not None)
    assert not lab.notice.isVisible()
