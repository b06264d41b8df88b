"""The lab on sentences: write, paste, draw, lock, drop; predictions, and the words behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QListView, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    expected,
    open_workspace,
    show_lab,
    wait_for_curve,
    wait_for_task,
)
from tests.gui.test_lab_compare import add, turn_on
from tests.gui.test_lab_ownership import LONG, alone
from tests.gui.test_tab_order import backwards, walked, within
from tests.gui.test_whole_window import interactive
from workbench.experiments.insight.words import words_that_carry
from workbench.experiments.store import open_run
from workbench.gui.browse.panel import TasksPanel
from workbench.gui.kinds.text.class_list import ClassSentences
from workbench.gui.kinds.text.column import SentenceColumn
from workbench.gui.kinds.text.face import TextPage
from workbench.gui.kinds.text.line_editor import Written
from workbench.gui.kinds.text.lines import SupportLines
from workbench.gui.kinds.text.query_rows import best
from workbench.gui.kinds.text.sheet import EpisodeSentences
from workbench.gui.lab import face
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views import plane_items
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.row_tools import tool_box
from workbench.tasks.texts.text_task import TextTask

LEFT = Qt.MouseButton.LeftButton
NEW = "the keeper smoked the bees until the hive was quiet"


def text_workspace(qtbot: QtBot) -> Workspace:
    """Topics, 3-way 2-shot, with a small network."""
    workspace = open_workspace(qtbot, "sinusoid")
    workspace.draft.choose("model", "text_mlp")
    workspace.draft.choose("task", "topics")
    for section, field, value in (
        ("task", "ways", 3),
        ("task", "shots", 2),
        ("task", "queries", 3),
        ("task", "features", 512),
        ("model", "width", 8),
        ("algorithm", "inner_rate", 1.0),
        ("algorithm", "test_steps", 3),
    ):
        workspace.draft.set_value(section, field, value)
    wait_for_task(qtbot, workspace)
    return workspace


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = text_workspace(qtbot)
    panel = show_lab(qtbot, workspace)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def page(lab: LabPanel) -> TextPage:
    found = lab.page
    assert isinstance(found, TextPage)
    return found


def task(lab: LabPanel) -> TextTask:
    found = lab.state.workspace.in_view.task
    assert isinstance(found, TextTask)
    return found


def click_row(qtbot: QtBot, view: QListView, index: Any) -> None:
    view.scrollTo(index)
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())


def open_line(qtbot: QtBot, lab: LabPanel, way: int, shot: int) -> Written:
    """The editor of a line, after a click on it."""
    lines = page(lab).lines
    click_row(qtbot, lines, lines.rows.at(("line", way, shot)))
    assert lines.editor is not None and lines.editor.isVisible()
    return lines.editor.written


def choose(lines: SupportLines, kind: str, way: int, shot: int = -1) -> None:
    lines.setFocus()
    lines.setCurrentIndex(lines.rows.at((kind, way, shot)))


def write(qtbot: QtBot, editor: Written, text: str, accept: bool = True) -> None:
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    if accept:
        qtbot.keyClick(editor, Qt.Key.Key_Return)


def open_query(qtbot: QtBot, lab: LabPanel, number: int) -> None:
    queries = page(lab).queries
    click_row(qtbot, queries, queries.rows.at(number))
    assert lab.influence.query == number
    qtbot.waitUntil(lambda: bool(queries.carry.found))


def check_adapted(qtbot: QtBot, lab: LabPanel, before: list[float]) -> None:
    wait_for_curve(qtbot, lab.state)
    wanted = expected(lab.state)
    assert_same_curve(lab.state.steps, wanted)
    drawn = list(lab.middle.curves.support_line.yData)
    np.testing.assert_allclose(drawn, [step.support_loss for step in wanted], rtol=1e-4)
    assert drawn != before


def drop(view: SupportLines, row: Any, data: QMimeData) -> None:
    where = QPointF(view.visualRect(row).center())
    keys, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where.toPoint(), copy, data, LEFT, keys)
    QApplication.sendEvent(view.viewport(), enter)
    assert enter.isAccepted()
    QApplication.sendEvent(view.viewport(), QDropEvent(where, copy, data, LEFT, keys))


def urls(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


# --- writing -----------------------------------------------------------------------------------


def test_a_written_sentence_changes_the_task_and_the_curve(qtbot: QtBot, lab: LabPanel) -> None:
    before = list(lab.middle.curves.support_line.yData)
    write(qtbot, open_line(qtbot, lab, 1, 0), NEW)
    assert task(lab).support_texts[1][0] == NEW
    lines = page(lab).lines
    assert lines.editor is None and lines.hasFocus()
    assert lines.rows.rows[lines.rows.at(("line", 1, 0)).row()].edited
    check_adapted(qtbot, lab, before)


def test_escape_takes_back_what_was_typed(qtbot: QtBot, lab: LabPanel) -> None:
    drawn = task(lab)
    editor = open_line(qtbot, lab, 0, 1)
    write(qtbot, editor, NEW, accept=False)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert task(lab) is drawn and page(lab).lines.editor is None


def test_a_query_sentence_is_refused_and_what_was_typed_stays(qtbot: QtBot, lab: LabPanel) -> None:
    drawn = task(lab)
    asked = drawn.query_texts[2][1]
    write(qtbot, open_line(qtbot, lab, 0, 0), asked)
    editor = page(lab).lines.editor
    assert editor is not None and task(lab) is drawn
    assert editor.written.toPlainText() == asked
    assert editor.problem.isVisible() and "query set" in editor.problem.text()
    write(qtbot, editor.written, NEW)
    assert task(lab).support_texts[0][0] == NEW and page(lab).lines.editor is None


def test_what_was_refused_outlives_a_click_elsewhere(qtbot: QtBot, lab: LabPanel) -> None:
    lines, asked = page(lab).lines, task(lab).query_texts[0][0]
    write(qtbot, open_line(qtbot, lab, 0, 0), asked)
    click_row(qtbot, lines, lines.rows.at(("line", 1, 0)))
    assert lines.editor is not None and lines.editor.written.toPlainText() == asked
    lines.editing.roll(2, 0)
    assert lines.editor is not None and lines.editor.written.toPlainText() == asked
    assert lines.editor.problem.isVisible()
    qtbot.keyClick(lines.editor.written, Qt.Key.Key_Escape)
    assert lines.editor is None


def test_going_elsewhere_accepts(qtbot: QtBot, lab: LabPanel) -> None:
    write(qtbot, open_line(qtbot, lab, 0, 0), NEW, accept=False)
    open_line(qtbot, lab, 2, 0)
    assert task(lab).support_texts[0][0] == NEW


def test_undo_gives_the_sentence_back(qtbot: QtBot, lab: LabPanel) -> None:
    drawn, space = task(lab), lab.state.workspace
    write(qtbot, open_line(qtbot, lab, 1, 1), NEW)
    space.draft.undo.undo()
    assert task(lab) is drawn
    rows = page(lab).lines.rows
    assert rows.at(("line", 1, 1)).data() == drawn.support_texts[1][1]
    space.draft.undo.redo()
    assert task(lab).support_texts[1][1] == NEW


def test_the_keyboard_adds_sentences(qtbot: QtBot, lab: LabPanel) -> None:
    lines = page(lab).lines
    choose(lines, "class", 1)
    qtbot.keyClick(lines, Qt.Key.Key_Return)
    assert lines.editor is not None
    write(qtbot, lines.editor.written, NEW)
    assert task(lab).support_texts[1][2] == NEW
    assert lines.currentIndex().data(Qt.ItemDataRole.DisplayRole) == task(lab).class_title(1)
    qtbot.keyClick(lines, Qt.Key.Key_N)
    assert len(task(lab).support_texts[1]) == 4


def test_pasted_lines_are_sentences(qtbot: QtBot, lab: LabPanel) -> None:
    lines = page(lab).lines
    QGuiApplication.clipboard().setText(f"{NEW}\n\n  a queen left her swarm \n")
    choose(lines, "line", 2, 0)
    qtbot.keyClick(lines, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert task(lab).support_texts[2][2:] == (NEW, "a queen left her swarm")


def test_pasted_into_a_line_the_first_stays_there(qtbot: QtBot, lab: LabPanel) -> None:
    editor = open_line(qtbot, lab, 0, 0)
    QGuiApplication.clipboard().setText(f"{NEW}\nanother one about bees")
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert task(lab).support_texts[0][0] == NEW
    assert task(lab).support_texts[0][2] == "another one about bees"


def test_a_locked_sentence_stays_in_new_draws(qtbot: QtBot, lab: LabPanel) -> None:
    kept, lines = task(lab).support_texts[1][1], page(lab).lines
    choose(lines, "line", 1, 1)
    qtbot.keyClick(lines, Qt.Key.Key_L)
    assert lines.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole).count("locked")
    before = task(lab).support_texts
    qtbot.mouseClick(lab.header.dice, LEFT)
    assert task(lab).support_texts[1][1] == kept
    assert task(lab).support_texts != before


def test_the_tools_of_a_line(qtbot: QtBot, lab: LabPanel) -> None:
    lines, before = page(lab).lines, task(lab).support_texts[0]

    def use(name: str) -> None:
        box = tool_box(lines.visualRect(lines.rows.at(("line", 0, 0))), name)
        qtbot.mouseClick(lines.viewport(), LEFT, pos=box.center())

    use("roll")
    rolled = task(lab).support_texts[0]
    assert rolled[0] != before[0] and rolled[1] == before[1]
    use("lock")
    assert (0, 0) in lab.state.workspace.in_view.locked
    use("remove")
    assert task(lab).support_texts[0] == before[1:]
    assert not lab.state.workspace.in_view.locked
    use("remove")
    assert lab.notice.isVisible() and task(lab).support_texts[0] == before[1:]


def test_classes_and_shots_are_added_and_removed(qtbot: QtBot, lab: LabPanel) -> None:
    support = page(lab).support
    for name in ("lab.addClass", "lab.addShot"):
        qtbot.mouseClick(support.findChild(object, name), LEFT)
    assert [len(row) for row in task(lab).support] == [3, 3, 3, 3]
    qtbot.waitUntil(lab.misfit.isVisible)
    qtbot.mouseClick(lab.misfit.yes, LEFT)
    wait_for_curve(qtbot, lab.state)
    row = page(lab).queries.rows.rows[-1]
    assert row.way == 3 and len(row.now) == 4
    choose(support.lines, "class", 0)
    first = task(lab).classes[0]
    qtbot.keyClick(support.lines, Qt.Key.Key_Delete)
    assert first not in task(lab).classes and len(task(lab).classes) == 3


def test_a_removed_sentence_leaves_the_focus_where_it_was(qtbot: QtBot, lab: LabPanel) -> None:
    lines = page(lab).lines
    choose(lines, "line", 1, 1)
    number = lines.currentIndex().row()
    qtbot.keyClick(lines, Qt.Key.Key_Delete)
    assert lines.currentIndex().row() == number and lines.hasFocus()


def test_the_menu_names_what_can_be_done(qtbot: QtBot, lab: LabPanel) -> None:
    lines = page(lab).lines
    at = lines.visualRect(lines.rows.at(("line", 2, 1))).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, lines.mapToGlobal(at))
    QApplication.sendEvent(lines.viewport(), event)
    menu = lines.findChild(QMenu, "lab.text.menu")
    names = [action.objectName().rpartition(".")[2] for action in menu.actions()]
    assert names == ["write", "roll", "lock", "remove", "", "more", "removeClass"]
    menu.actions()[3].trigger()
    assert len(task(lab).support_texts[2]) == 1
    menu.close()


# --- files -------------------------------------------------------------------------------------


def test_a_dropped_text_file_is_for_the_class_below(
    qtbot: QtBot, lab: LabPanel, tmp_path: Path
) -> None:
    file = tmp_path / "bees.txt"
    file.write_text(f"{NEW}\nmore honey\nthe swarm has gone\n", encoding="utf-8")
    lines, others = page(lab).lines, task(lab).support_texts
    drop(lines, lines.rows.at(("line", 1, 0)), urls(file))
    assert task(lab).support_texts[1] == (NEW, "more honey", "the swarm has gone")
    assert task(lab).support_texts[0] == others[0]


def test_a_dropped_table_is_the_support_set(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    names = [task(lab).class_title(way) for way in range(3)]
    rows = [f'"{name} is what number {n} is about",{name}' for n, name in enumerate(names)]
    file = tmp_path / "support.csv"
    file.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    before, lines = list(lab.middle.curves.support_line.yData), page(lab).lines
    drop(lines, lines.rows.at(("class", 0, -1)), urls(file))
    assert [row[0] for row in task(lab).support_texts] == [
        f"{name} is what number {n} is about" for n, name in enumerate(names)
    ]
    check_adapted(qtbot, lab, before)


def test_a_table_of_other_classes_is_refused(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    file, drawn, lines = tmp_path / "support.csv", task(lab), page(lab).lines
    file.write_text("text,label\nhello there,greeting\n", encoding="utf-8")
    drop(lines, lines.rows.at(("class", 0, -1)), urls(file))
    assert lab.notice.isVisible() and "greeting" in lab.notice.text()
    assert task(lab) is drawn


def test_a_scene_keeps_what_was_written(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    write(qtbot, open_line(qtbot, lab, 0, 0), NEW)
    own = page(lab).query.own
    qtbot.keyClicks(own.line, "all my bees are gone")
    qtbot.keyClick(own.line, Qt.Key.Key_Return)
    wait_for_curve(qtbot, lab.state)
    saved, file = task(lab), tmp_path / "bees.mlab"
    lab.scenes.save(file)
    lab.state.workspace.in_view.resample(seed=77)
    wait_for_curve(qtbot, lab.state)
    lab.scenes.open(file)
    qtbot.waitUntil(lambda: task(lab).support_texts == saved.support_texts)
    assert task(lab).query_texts == saved.query_texts
    assert page(lab).lines.rows.at(("line", 0, 0)).data() == NEW


# --- predictions -------------------------------------------------------------------------------


def test_every_query_sentence_says_what_the_learner_says(qtbot: QtBot, lab: LabPanel) -> None:
    queries, state = page(lab).queries, lab.state
    for step in (0, 3):
        state.set_cursor(step)
        shown = [row for row in queries.rows.rows if row.kind == "item"]
        outputs = state.steps[step].query_outputs
        np.testing.assert_allclose([row.now for row in shown], outputs, atol=1e-6)
        right = sum(bool(row.right) for row in shown) / len(shown)
        assert right == pytest.approx(state.steps[step].query_metric)


def test_words_are_coloured_before_and_after(qtbot: QtBot, lab: LabPanel) -> None:
    open_query(qtbot, lab, 4)
    carry, state = page(lab).queries.carry, lab.state
    text = [one for row in task(lab).query_texts for one in row][4]
    assert state.learner is not None
    wanted = list(words_that_carry(state.learner, task(lab), text, 3))
    for step in (0, 3):
        effects = wanted[step].effects[:, wanted[step].way]
        assert sum(carry.effects(step)) == pytest.approx(float(effects.sum()), rel=1e-4, abs=1e-6)
    assert carry.effects(0) != carry.effects(3)
    delegate, queries = page(lab).queries._delegate, page(lab).queries
    row = queries.rows.rows[queries.rows.at(4).row()]
    blocks = list(delegate.blocks(row, queries.viewport().width()))
    assert [block.step for block in blocks] == [0, 3]
    shots = [grabbed(queries, block.top, blocks[1].top - blocks[0].top - 20) for block in blocks]
    assert shots[0] != shots[1]
    state.set_cursor(0)
    assert len(list(delegate.blocks(row, queries.viewport().width()))) == 1


def grabbed(queries: Any, top: int, height: int) -> QImage:
    """Of the open row, from so far below its top, without its caption."""
    box = queries.visualRect(queries.rows.at(4))
    place = QPoint(box.left() + 22, box.top() + top + 18)
    whole = queries.viewport().grab().toImage()
    return whole.copy(place.x(), place.y(), box.width() - 40, height - 18)


def test_the_support_sentences_show_their_influence(qtbot: QtBot, lab: LabPanel) -> None:
    open_query(qtbot, lab, 0)
    qtbot.waitUntil(lambda: lab.influence.values is not None)
    lines = page(lab).lines
    shown = [row.influence for row in lines.rows.rows if row.kind == "line"]
    assert shown == lab.influence.values
    qtbot.keyClick(lab, Qt.Key.Key_Escape)
    assert page(lab).queries.carry.text is None
    assert all(row.influence is None for row in lines.rows.rows)


def test_a_sentence_of_ones_own_gets_bars(qtbot: QtBot, lab: LabPanel) -> None:
    own, queries = page(lab).query.own, page(lab).queries
    own.classes.setCurrentIndex(1)
    qtbot.keyClicks(own.line, "what would you do with it")
    qtbot.keyClick(own.line, Qt.Key.Key_Return)
    wait_for_curve(qtbot, lab.state)
    row = queries.currentIndex().data(Qt.ItemDataRole.UserRole)
    assert row.text == "what would you do with it" and row.way == 1 and row.own
    assert sum(row.now) == pytest.approx(1, abs=1e-5) and best(row.now) is not None
    assert not own.line.text()
    queries.setFocus()
    qtbot.keyClick(queries, Qt.Key.Key_Delete)
    assert all(not row.own for row in queries.rows.rows)


def test_a_support_sentence_is_refused_as_ones_own(qtbot: QtBot, lab: LabPanel) -> None:
    own, text = page(lab).query.own, task(lab).support_texts[0][0]
    qtbot.keyClicks(own.line, text)
    qtbot.keyClick(own.line, Qt.Key.Key_Return)
    assert own.line.text() == text
    assert own.problem.isVisible() and "support set" in own.problem.text()


# --- browser, comparison, tooltips -------------------------------------------------------------


def test_the_browser_shows_episode_and_classes(qtbot: QtBot, lab: LabPanel) -> None:
    space = lab.state.workspace
    panel = TasksPanel(space)
    qtbot.addWidget(panel)
    panel.show()
    sheet = panel.episode.currentWidget().widget()
    assert isinstance(sheet, EpisodeSentences)
    told = [line.text for line in sheet.lines if line.kind == "S"]
    assert told == [text for row in task(lab).support_texts for text in row]
    family: Any = space.data.family
    info = family.class_list("test")[2]
    panel.tree.classSelected.emit("test", info)
    sight = panel.classes.sight
    assert isinstance(sight, ClassSentences) and sight.isVisible()
    assert sight.shown.rowCount() == info.count == 60
    qtbot.keyClicks(sight.search, family.sentences(info.class_index)[5])
    assert sight.shown.rowCount() == 1


def test_a_dragged_sentence_replaces_one(qtbot: QtBot, lab: LabPanel) -> None:
    data, lines = QMimeData(), page(lab).lines
    data.setText(NEW)
    drop(lines, lines.rows.at(("line", 1, 1)), data)
    assert task(lab).support_texts[1][1] == NEW


def test_learners_are_compared_sentence_by_sentence(qtbot: QtBot, lab: LabPanel) -> None:
    turn_on(qtbot, lab)
    column = add(qtbot, lab, "baseline.random_init")[1]
    shown = lab.compare.row.cards[1].outputs
    assert isinstance(shown, SentenceColumn) and shown.isVisible()
    step = column.at(lab.compare.comparison.walk.cursor)
    guesses = [best(query.now) for query in shown.queries]
    assert guesses == step.query_outputs.argmax(-1).tolist()
    right = [query.right for query in shown.queries]
    assert sum(map(bool, right)) / len(right) == pytest.approx(step.query_metric)


def test_the_plane_names_the_sentence(lab: LabPanel) -> None:
    items = plane_items.items(lab.state)
    support, query = items[1], items[-1]
    assert task(lab).support_texts[0][1] in plane_items.tip(lab.state, support)
    assert task(lab).query_texts[2][2] in plane_items.tip(lab.state, query)
    assert face.of(task(lab)).name == "text"


def test_the_window_on_sentences_has_names_and_tab_follows_the_eye(
    qtbot: QtBot, workspace: Workspace
) -> None:
    window = MainWindow(workspace)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    workspace.draft.choose("model", "text_mlp")
    workspace.draft.choose("task", "topics")
    wait_for_task(qtbot, workspace)
    window.tabs.setCurrentWidget(window.lab)
    wait_for_curve(qtbot, window.lab.state)
    family: Any = workspace.data.family
    tasks = window.findChild(TasksPanel)
    tasks.tree.classSelected.emit("val", family.class_list("val")[0])
    bare = [
        widget.objectName() or type(widget).__name__
        for widget in interactive(window)
        if not (widget.objectName() and widget.accessibleName() and widget.toolTip())
    ]
    assert not bare
    stops = within(walked(window, qtbot), window.lab)
    assert {"lab.support.lines", "lab.queries", "lab.own.sentence"} <= {
        stop.objectName() for stop in stops
    }
    assert not backwards(stops)


def test_the_lists_say_their_keys(lab: LabPanel) -> None:
    for view in (page(lab).lines, page(lab).queries):
        place, keys = view.key_help()
        assert place and all(what and key for what, key in keys)
        assert view.accessibleName()


def test_a_training_goes_on_bit_for_bit_while_the_text_lab_is_used(
    qtbot: QtBot, lab: LabPanel, tmp_path: Path
) -> None:
    space, state = lab.state.workspace, lab.state
    for name, value in LONG.items():
        space.draft.set_value("training", name, value)
    wait_for_task(qtbot, space)
    space.start()

    def live() -> bool:
        return state.learner is not None and state.learner.label == "live" and bool(state.steps)

    qtbot.waitUntil(live)
    queries = page(lab).queries
    for number in (0, 5):
        click_row(qtbot, queries, queries.rows.at(number))
        qtbot.waitUntil(lambda: bool(queries.carry.found))
    write(qtbot, open_line(qtbot, lab, 0, 0), NEW)
    qtbot.waitUntil(lambda: not state.busy)
    choose(page(lab).lines, "line", 1, 0)
    qtbot.keyClick(page(lab).lines, Qt.Key.Key_N)
    assert space.training.state == "RUNNING"
    path, config = space.training.path, space.training.config
    assert path is not None and config is not None
    space.training.stop()
    qtbot.waitUntil(lambda: space.training.state == "FINISHED")
    watched = open_run(path).load_checkpoint()
    unwatched = alone(config, watched.iteration, tmp_path / "alone")
    for name, tensor in watched.weights.items():
        assert torch.equal(tensor, unwatched[name]), name
