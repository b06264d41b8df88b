"""A search in the window: put together, started, watched, used, stopped, gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.gui.layout_kit import faults
from tests.gui.take_away_kit import PLAIN
from tests.processes import wait_for
from workbench.gui.forms.fields import FieldRow
from workbench.gui.forms.searched_bar import SearchedBar
from workbench.gui.search.dialog import SearchDialog
from workbench.gui.search.window import StudyWindow
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.draft import Draft
from workbench.gui.state.remembered import bring_back
from workbench.gui.state.workspace import Workspace
from workbench.gui.takeaway import write

TINY = {"iterations": 8, "eval_interval": 4, "checkpoint_interval": 4, "meta_batch": 4}
SIZES = ((760, 480), (1024, 640))
RATE, STEPS = "algorithm.inner_rate", "algorithm.inner_steps"


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for name, value in TINY.items():
        workspace.draft.set_value("training", name, value)
    workspace.draft.undo.clear()
    return workspace


def asked(window: MainWindow, **ranges: str) -> SearchDialog:
    """The dialog for ranges of the form, by field of the algorithm."""
    for name, text in ranges.items():
        window.workspace.draft.set_range(f"algorithm.{name}", text)
    window.searches.ask()
    assert window.searches.dialog is not None
    return window.searches.dialog


def start(window: MainWindow, trials: int) -> None:
    dialog = asked(window, inner_rate="1e-3..0.1", inner_steps="1, 2, 3")
    dialog.terms.trials.setValue(trials)
    dialog.deciding[0].click()


def row_of(window: MainWindow, name: str) -> FieldRow:
    return next(one for one in window.findChildren(FieldRow) if one.field == name)


def typed(qtbot: QtBot, row: FieldRow, text: str) -> None:
    assert row.range is not None
    row.range.line.selectAll()
    qtbot.keyClicks(row.range.line, text)


def started(window: MainWindow, qtbot: QtBot, trials: int) -> StudyWindow:
    start(window, trials)
    qtbot.waitUntil(lambda: window.searches.window is not None)
    assert window.searches.window is not None
    return window.searches.window


def done(study: StudyWindow) -> int:
    return 0 if study.seen is None else len(study.seen.completed)


def test_a_field_of_the_form_has_a_range_in_place(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    window.show()
    row, draft = row_of(window, "inner_rate"), small.draft
    bar = window.findChild(SearchedBar)
    assert bar is not None and bar.isHidden()
    menu = row.make_menu()
    assert len(menu.actions()) > 1  # a line of text has its own as well
    action = menu.findChild(QAction, "param.algorithm.inner_rate.search")
    assert action is not None
    action.trigger()
    assert draft.ranges == {RATE: ""} and row.searched and row.editor.isHidden()
    assert row.range is not None and row.range.line.placeholderText().startswith("log:")
    typed(qtbot, row, "1..0.1")
    assert "is not below" in row.range.problem.text() and row.range.problem.isVisible()
    assert bar.isVisible() and bar.told.text() == "1 field to search · 1 to correct"
    assert draft.config is not None  # Start trains with the value
    typed(qtbot, row, "log:0.01..1")
    assert row.range.problem.isHidden() and draft.ranges == {RATE: "log:0.01..1"}
    assert "ranges are for Search" in window.acts.start.toolTip()
    draft.search(STEPS)
    bar.button.click()
    dialog = window.searches.dialog
    assert dialog is not None
    assert [one.given for one in dialog.rows] == [(RATE, "log:0.01..1"), (STEPS, "")]
    dialog.reject()
    row.range.leave.click()
    assert draft.ranges == {STEPS: ""} and row.editor.isVisible() and row.target.hasFocus()
    draft.undo.undo()
    assert row.searched and draft.ranges[RATE] == "log:0.01..1"


def test_ranges_go_with_their_fields_and_come_back_with_the_form(
    small: Workspace, window: MainWindow
) -> None:
    draft = small.draft
    for field in (RATE, "training.seed"):
        draft.search(field)
    draft.set_range("training.seed", "1, 2")
    assert RATE in draft.ranges
    draft.choose("algorithm", "protonet")
    assert list(draft.ranges) == ["training.seed"]
    draft.undo.undo()
    assert RATE in draft.ranges
    window.remember()
    again = Draft()
    again.load(small.presets, draft.preset)
    bring_back(again, small.in_view, small.troubles)
    assert again.ranges == draft.ranges and again.values == draft.values
    draft.reset()
    assert draft.ranges == {}


def test_what_is_wrong_is_told_at_its_row(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    window.searches.ask()
    dialog = window.searches.dialog
    assert dialog is not None
    rate, _ = dialog.rows
    dialog.rows[1].range.leave.click()
    hidden = dialog.add_row("model.hidden")
    assert dialog.terms.trials.lineEdit().width() > 40  # its number is seen
    assert rate.range.problem.isHidden() and "no bounds of its own" in hidden.range.problem.text()
    assert not any(button.isEnabled() for button in dialog.deciding)
    qtbot.keyClicks(hidden.range.line, "8,8/16,16")
    assert hidden.range.problem.isHidden()
    assert dialog.told.text() == "30 runs, one after the other"
    dialog.terms.cores.setValue(2)
    assert dialog.told.text() == "30 runs, 2 at a time"
    qtbot.keyClicks(rate.range.line, "1..0.1")
    assert "is not below" in rate.range.problem.text() and not dialog.deciding[0].isEnabled()
    rate.range.line.selectAll()
    qtbot.keyClick(rate.range.line, Qt.Key.Key_Delete)
    twice = dialog.add_row(RATE)
    qtbot.keyClicks(twice.range.line, "1, 2")
    assert "is searched twice" in dialog.told.text()
    twice.range.leave.click()
    dialog.terms.trials.setValue(0)
    assert "the search has no end" in dialog.told.text()
    dialog.terms.sampler.setCurrentIndex(3)
    assert dialog.told.text() == "10 runs, 2 at a time"  # 5 points by 2 choices
    dialog.reject()


def test_it_is_started_watched_taken_away_and_used(
    small: Workspace, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    study = started(window, qtbot, 5)
    qtbot.waitUntil(lambda: study.seen is not None and study.seen.over)
    qtbot.waitUntil(lambda: not small.training.busy)
    assert done(study) == 5 and study.counts.text() == "Trials: 5 of 5 · 5 complete"
    qtbot.waitUntil(lambda: not study.go_on.isEnabled() and not study.stop.isEnabled())
    for page in study.pages:
        study.tabs.setCurrentWidget(page)
        sheet = page.sheet()
        assert sheet is not None and sheet.table.rows, page.objectName()
        assert write.encoded(sheet, "svg", PLAIN)
        for size in SIZES:
            study.resize(*size)
            QApplication.processEvents()
            assert not faults(study), (page.objectName(), size)
    seen = study.seen
    assert seen is not None and seen.best is not None
    study.use.click()
    values = small.draft.values["algorithm"]
    assert values["inner_rate"] == seen.best.values[RATE]
    assert values["inner_steps"] == seen.best.values[STEPS]
    small.draft.undo.undo()
    assert small.draft.values["algorithm"]["inner_rate"] != seen.best.values[RATE]
    study.close()


def test_one_that_has_ended_before_anybody_looked_is_shown(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    start(window, 1)
    qtbot.waitUntil(lambda: small.training.busy)
    queue = small.queue.list.queue
    assert queue is not None
    wait_for(lambda: all(entry.ended for entry in queue.entries()))  # no event is handled here
    assert window.searches.window is None
    qtbot.waitUntil(lambda: window.searches.window is not None)
    assert window.searches.window is not None
    window.searches.window.close()


def test_a_trial_that_diverges_is_counted_and_logged_and_stands_in_nobodys_way(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    """That many settings diverge is what a search is for; no banner asks for a smaller rate."""
    small.draft.set_value("algorithm", "inner_steps", 60)
    said: list[object] = []
    small.troubles.said.connect(said.append)
    dialog = asked(window, inner_rate="50, 100")
    dialog.terms.trials.setValue(2)
    dialog.deciding[0].click()
    qtbot.waitUntil(lambda: window.searches.window is not None)
    study = window.searches.window
    assert study is not None
    qtbot.waitUntil(lambda: study.counts.text() == "Trials: 2 of 2 · 2 diverged")
    log = window.findChild(QPlainTextEdit, "log.text")
    assert log is not None
    qtbot.waitUntil(lambda: "trial 1: The meta-gradient is not finite" in log.toPlainText())
    assert said == [] and not window.messages.isVisible()
    study.close()


def test_a_click_on_a_trial_opens_its_run(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    study = started(window, qtbot, 2)
    qtbot.waitUntil(lambda: done(study) == 2 and not small.training.busy)
    opened: list[Path] = []
    study.runWanted.connect(opened.append)
    view = study.pages[0].view
    picture = view.picture
    assert picture is not None
    places = picture.content.places(view._box())
    place = QPointF(float(places.x[1]), float(places.y[1]))
    assert view.at(place) == 1 and view.at(QPointF(-90, -90)) is None
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert [path.name for path in opened] == ["trial-0001"]
    study.close()


def test_it_is_stopped_goes_on_and_is_opened_from_the_queue(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "iterations", 4000)
    study = started(window, qtbot, 2)
    qtbot.waitUntil(lambda: small.history.iteration > 4 and study.stop.isEnabled())
    study.stop.click()
    qtbot.waitUntil(study.go_on.isEnabled)
    qtbot.waitUntil(lambda: study.counts.text() == "Trials: 1 of 2 · 1 stopped, goes on")
    study.close()
    window.queue.view.setCurrentIndex(window.queue.model.index(0))
    window.queue.buttons["open"].click()
    qtbot.waitUntil(lambda: study.isVisible() and study.go_on.isEnabled())
    study.go_on.click()
    qtbot.waitUntil(lambda: study.counts.text() == "Trials: 1 of 2 · 1 running")
    qtbot.waitUntil(lambda: small.training.part == "trial 0" and study.stop.isEnabled())
    study.stop.click()
    qtbot.waitUntil(lambda: not small.training.busy)
    study.close()


def test_another_folder_is_refused_in_a_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.searches.open(tmp_path)
    study = window.searches.window
    assert study is not None
    qtbot.waitUntil(study.problem.isVisible)
    assert "holds no study" in study.problem.text()
    study.close()
