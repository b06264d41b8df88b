"""Runs are found, named, tagged, annotated, thrown away and brought back, with keys and clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.quiet import quiet
from tests.synthetic_runs import glyph_config, write_run
from workbench.core.errors import BadInput
from workbench.experiments.labbook import trash
from workbench.experiments.labbook.notes import FILE, Notes, change_notes, read_notes
from workbench.experiments.record.lock import WriterLock
from workbench.experiments.runs import TRASH
from workbench.experiments.store import default_root
from workbench.gui.runs.panel import RunsPanel
from workbench.gui.runs.trash_dialog import TrashDialog
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
RATES = (0.05, 0.1, 0.4)


def fill() -> None:
    for rate in RATES:
        write_run(default_root() / f"rate-{rate}", glyph_config(algorithm={"inner_rate": rate}))


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> RunsPanel:
    fill()
    panel = RunsPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    panel.activateWindow()
    panel.reload()
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(RATES))
    quiet(qtbot, workspace, panel)
    return panel


def names(panel: RunsPanel) -> set[str]:
    return {entry.path.name for entry in panel.model.runs}


def click(panel: RunsPanel, qtbot: QtBot, name: str, add: bool = False) -> Path:
    row = next(n for n, entry in enumerate(panel.model.runs) if entry.path.name == name)
    place = panel.table.visualRect(panel.model.index(row, 0)).center()
    keys = CTRL if add else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(panel.table.viewport(), LEFT, keys, place)
    return panel.model.runs[row].path


def test_typing_finds_and_a_fault_is_said_at_the_field(panel: RunsPanel, qtbot: QtBot) -> None:
    line = panel.filter.line
    line.setFocus()
    qtbot.keyClicks(line, "alpha:0.1")
    assert names(panel) == {"rate-0.1"} and panel.filter.count.text() == "1 of 3 runs"
    qtbot.keyClicks(line, " acc>hig")
    assert panel.filter.problem.isVisible() and not line.property("invalid")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert panel.filter.problem.isVisible() and line.property("invalid")
    assert panel.filter.problem.text().startswith("The filter, at character 11: acc>hig: 'hig'")
    assert names(panel) == {"rate-0.1"}
    qtbot.keyClicks(line, " x")  # behind it: it is not being typed any more
    assert line.property("invalid")
    line.clear()
    assert not line.property("invalid")
    assert not panel.filter.problem.isVisible() and len(names(panel)) == len(RATES)


def test_the_field_completes_names_and_values(panel: RunsPanel, qtbot: QtBot) -> None:
    line, popup = panel.filter.line, panel.filter._popup
    line.setFocus()
    qtbot.keyClicks(line, "inner_r")
    assert popup.isVisible() and popup.model().index(0, 0).data() == "inner_rate:"
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert line.text() == "inner_rate:"
    offered = {popup.model().index(row, 0).data() for row in range(popup.model().rowCount())}
    assert popup.isVisible() and offered == {"0.05", "0.1", "0.4"}
    qtbot.keyClicks(popup, "0.4")
    assert names(panel) == {"rate-0.4"}


def test_f2_renames_in_place(panel: RunsPanel, qtbot: QtBot) -> None:
    path = click(panel, qtbot, "rate-0.1")
    qtbot.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.findChild(QLineEdit, "runs.rename")
    assert editor is not None and editor.text() == "MAML · glyphs 5w1s · α 0.1 · 1 step"
    editor.selectAll()
    qtbot.keyClicks(editor, "The good one")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read_notes(path) == Notes(name="The good one"))
    assert panel.details.name.text() == "The good one"
    assert "The good one" in {panel.model.index(row, 0).data() for row in range(3)}
    qtbot.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.findChildren(QLineEdit, "runs.rename")[-1]
    editor.clear()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not (path / FILE).exists())


def test_tags_and_a_note_are_kept_as_they_are_written(panel: RunsPanel, qtbot: QtBot) -> None:
    path = click(panel, qtbot, "rate-0.4")
    details = panel.details
    assert details.isVisible()
    details.tags.line.setFocus()
    qtbot.keyClicks(details.tags.line, "paper #figure-2")
    qtbot.keyClick(details.tags.line, Qt.Key.Key_Return)
    assert read_notes(path).tags == ("paper", "figure-2")
    assert [chip.text() for chip in details.tags.chips] == ["#paper", "#figure-2"]
    qtbot.mouseClick(details.tags.chips[0], LEFT)
    assert read_notes(path).tags == ("figure-2",)
    details.note.setFocus()
    qtbot.keyClicks(details.note, "again with four steps")
    click(panel, qtbot, "rate-0.1")
    assert read_notes(path).note == "again with four steps"
    assert details.note.toPlainText() == ""
    panel.filter.line.setText("tag:figure-2 four")
    assert names(panel) == {"rate-0.4"}


def test_tags_and_notes_of_several_runs_at_once(panel: RunsPanel, qtbot: QtBot) -> None:
    one = click(panel, qtbot, "rate-0.1")
    panel.book.change(one, note="first", tags=("old", "own"))
    other = click(panel, qtbot, "rate-0.4", add=True)
    details = panel.details
    assert [chip.text() for chip in details.tags.chips] == ["#old", "#own"]
    assert details._whose.text() == "2 runs" and not details.name.isVisible()
    qtbot.keyClicks(details.tags.line, "paper")
    qtbot.keyClick(details.tags.line, Qt.Key.Key_Return)
    (old,) = (chip for chip in details.tags.chips if chip.text() == "#old")
    qtbot.mouseClick(old, LEFT)
    details.note.setFocus()
    qtbot.keyClicks(details.note, "for the talk")
    assert read_notes(other).note == ""
    click(panel, qtbot, "rate-0.05")
    assert read_notes(one) == Notes(note="first\nfor the talk", tags=("own", "paper"))
    assert read_notes(other) == Notes(note="for the talk", tags=("paper",))
    assert details.note.toPlainText() == "" and details.name.isVisible()


def test_what_another_window_said_is_not_written_over(panel: RunsPanel, qtbot: QtBot) -> None:
    path = click(panel, qtbot, "rate-0.1")
    panel.details.name.setFocus()
    change_notes(path, note="said elsewhere")
    qtbot.keyClicks(panel.details.name, "mine")
    click(panel, qtbot, "rate-0.4")
    assert read_notes(path) == Notes(name="mine", note="said elsewhere")
    quiet(qtbot, panel._workspace, panel)
    panel.reload()
    quiet(qtbot, panel._workspace, panel)
    click(panel, qtbot, "rate-0.1")
    assert panel.details.note.toPlainText() == "said elsewhere"


def test_of_several_runs_one_that_refuses_is_said(panel: RunsPanel, qtbot: QtBot) -> None:
    """Not only where it comes last."""
    one = click(panel, qtbot, "rate-0.1")
    other = click(panel, qtbot, "rate-0.4", add=True)
    for path in {one, other} - {panel.chosen()[-1].path}:
        (path / FILE).write_text("torn {", encoding="utf-8")
    qtbot.keyClicks(panel.details.tags.line, "paper")
    qtbot.keyClick(panel.details.tags.line, Qt.Key.Key_Return)
    assert read_notes(panel.chosen()[-1].path).tags == ("paper",)
    assert isinstance(panel._workspace.troubles.of("notes"), BadInput)


def test_a_tag_that_is_none_is_said(panel: RunsPanel, qtbot: QtBot) -> None:
    path = click(panel, qtbot, "rate-0.4")
    qtbot.keyClicks(panel.details.tags.line, "a|b")
    qtbot.keyClick(panel.details.tags.line, Qt.Key.Key_Return)
    assert isinstance(panel._workspace.troubles.of("notes"), BadInput)
    assert read_notes(path) == Notes() and panel.details.tags.chips == []


def test_delete_moves_to_the_trash_and_the_bar_brings_back(panel: RunsPanel, qtbot: QtBot) -> None:
    click(panel, qtbot, "rate-0.1")
    click(panel, qtbot, "rate-0.4", add=True)
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert names(panel) == {"rate-0.05"}
    assert len(list((default_root() / TRASH).iterdir())) == 2
    back = panel.findChild(QPushButton, "runs.trashBar.back")
    assert back is not None and back.isVisible()
    quiet(qtbot, panel._workspace, panel)
    qtbot.mouseClick(back, LEFT)
    qtbot.waitUntil(lambda: len(names(panel)) == len(RATES))
    assert not back.isVisible() and trash.deleted_runs() == []
    panel._workspace.draft.undo.undo()  # they are back already
    assert panel._workspace.troubles.of("trash") is None


def test_the_dialog_brings_back_and_asks_before_it_empties(panel: RunsPanel, qtbot: QtBot) -> None:
    for name in ("rate-0.1", "rate-0.4"):
        click(panel, qtbot, name)
        qtbot.mouseClick(panel.findChild(QPushButton, "runs.delete"), LEFT)
        quiet(qtbot, panel._workspace, panel)
    qtbot.mouseClick(panel.findChild(QPushButton, "runs.trash"), LEFT)
    dialog = panel.window().findChild(TrashDialog)
    assert dialog is not None and dialog.list.count() == 2
    item = dialog.list.visualItemRect(dialog.list.item(0)).center()
    qtbot.mouseClick(dialog.list.viewport(), LEFT, pos=item)
    qtbot.mouseClick(dialog.restore, LEFT)
    qtbot.waitUntil(lambda: "rate-0.4" in names(panel))
    qtbot.mouseClick(dialog.empty, LEFT)
    assert (
        "Gone for good, with all weights: 1 run." in dialog.told.text() and dialog.sure.isVisible()
    )
    assert len(trash.deleted_runs()) == 1
    qtbot.mouseClick(dialog.sure, LEFT)
    assert trash.deleted_runs() == [] and not (default_root() / TRASH).exists()
    dialog.close()


def test_a_run_that_another_process_writes_is_not_deleted(panel: RunsPanel, qtbot: QtBot) -> None:
    path = click(panel, qtbot, "rate-0.1")
    lock = WriterLock(path)
    lock.claim()
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    lock.release()
    assert "is being written by" in str(panel._workspace.troubles.of("trash"))
    assert len(names(panel)) == len(RATES)


def test_ctrl_z_brings_back_and_ctrl_y_deletes_again(window: MainWindow, qtbot: QtBot) -> None:
    fill()
    panel = window.runs
    window.tabs.setCurrentWidget(panel)
    window.activateWindow()
    panel.reload()
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(RATES))
    click(panel, qtbot, "rate-0.1")
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert "rate-0.1" not in names(panel)
    qtbot.keyClick(panel.table, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: "rate-0.1" in names(panel))
    qtbot.keyClick(panel.table, Qt.Key.Key_Y, CTRL)
    qtbot.waitUntil(lambda: "rate-0.1" not in names(panel))
    quiet(qtbot, window.workspace)


def test_the_run_that_trains_tells_as_it_goes_and_cannot_be_deleted(
    window: MainWindow, qtbot: QtBot
) -> None:
    space, panel = window.workspace, window.runs
    window.tabs.setCurrentWidget(panel)
    space.draft.set_value("training", "iterations", 100_000)
    space.start()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
    keys = [column.key for column in panel.model.columns]
    assert panel.model.index(0, keys.index("state")).data() == "running"

    def seen() -> int:
        learned = panel.model.runs[0].learned
        return 0 if learned is None else len(learned.validations)

    qtbot.waitUntil(lambda: seen() >= 2)
    before = seen()
    assert panel.model.index(0, keys.index("validation")).data() != "–"
    qtbot.waitUntil(lambda: seen() > before)
    click(panel, qtbot, panel.model.runs[0].path.name)
    qtbot.keyClicks(panel.details.name, "while it trains")
    qtbot.keyClick(panel.details.name, Qt.Key.Key_Return)
    assert read_notes(panel.model.runs[0].path).name == "while it trains"
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert "is being trained here. Stop the training first" in window.messages.text
    assert panel.model.rowCount() == 1 and space.training.busy
