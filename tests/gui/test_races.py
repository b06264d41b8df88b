"""A race in the window: put together, started, watched, stopped, gone on with, opened again."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.core.errors import BadInput
from workbench.experiments.race_standing import race_in, standing_of
from workbench.gui.queue.race_dialog import RaceDialog
from workbench.gui.queue.race_window import RaceWindow
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

TINY = {"iterations": 8, "eval_interval": 4, "checkpoint_interval": 4, "meta_batch": 4}


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for name, value in TINY.items():
        workspace.draft.set_value("training", name, value)
    return workspace


def asked(window: MainWindow, qtbot: QtBot) -> RaceDialog:
    window.races.ask()
    dialog = window.races.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.boxes))
    return dialog


def started(window: MainWindow, qtbot: QtBot, *names: str, seeds: str = "0") -> RaceWindow:
    dialog = asked(window, qtbot)
    for name, box in dialog.boxes.items():
        box.setChecked(name in names)
    dialog.terms.seeds.setText(seeds)
    dialog.deciding[0].click()
    qtbot.waitUntil(lambda: window.races.window is not None)
    assert window.races.window is not None
    return window.races.window


def stands(race: RaceWindow) -> list[str]:
    return [str(leg.stand) for leg in race.model._rows]


def test_who_cannot_race_says_why(small: Workspace, window: MainWindow, qtbot: QtBot) -> None:
    dialog = asked(window, qtbot)
    assert dialog.terms.amount.lineEdit().width() > 40  # its number is seen
    assert dialog.boxes["maml"].isChecked() and dialog.boxes["maml"].isEnabled()
    unfit = {name: box for name, box in dialog.boxes.items() if not box.isEnabled()}
    assert "protonet" in unfit and unfit["protonet"].toolTip()
    assert not any(box.isChecked() for box in unfit.values())
    for box in dialog.boxes.values():
        box.setChecked(False)
    assert "nobody races" in dialog.told.text() and not dialog.deciding[0].isEnabled()
    dialog.boxes["maml"].setChecked(True)
    dialog.terms.seeds.setText("0, x")
    assert dialog.told.text().startswith("Seeds:") and not dialog.deciding[0].isEnabled()
    dialog.terms.seeds.setText("0, 1")
    assert dialog.told.text() == "2 runs, one after the other"
    dialog.reject()


def test_it_is_started_watched_taken_away_and_opened_again(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    race = started(window, qtbot, "maml", "reptile")
    qtbot.waitUntil(lambda: stands(race) == ["done", "done"])
    qtbot.waitUntil(lambda: not race.stop.isEnabled())  # the race writes its table last
    assert not race.go_on.isEnabled()
    sheet = race.sheet()
    assert sheet is not None and sorted(row[0] for row in sheet.table.rows) == ["MAML", "Reptile"]
    qtbot.waitUntil(lambda: [one.entry.state for one in small.queue.lines] == ["done"])
    (line,) = small.queue.lines
    folder = line.entry.path
    assert folder is not None and line.name.startswith("MAML, Rep")
    race.close()
    window.queue.view.setCurrentIndex(window.queue.model.index(0))
    window.queue.buttons["open"].click()
    qtbot.waitUntil(lambda: race.isVisible() and stands(race) == ["done", "done"])
    assert "8 iterations each" in race.terms.text()
    race.close()


def test_it_is_stopped_and_goes_on_without_what_waits_beside_it(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.queue.add()
    qtbot.waitUntil(lambda: len(small.queue.lines) == 1)
    small.draft.set_value("training", "iterations", 4000)
    race = started(window, qtbot, "maml", "fomaml")
    qtbot.waitUntil(lambda: small.history.iteration > 4 and race.stop.isEnabled())
    race.stop.click()
    qtbot.waitUntil(lambda: stands(race) == ["stopped", "waits"] and race.go_on.isEnabled())
    folder = small.queue.lines[0].entry.path
    assert folder is not None and not standing_of(folder).over
    race.go_on.click()
    qtbot.waitUntil(lambda: "runs" in stands(race) and small.history.iteration > 8)
    assert race_in(folder).algorithms == ("maml", "fomaml")
    race.stop.click()
    qtbot.waitUntil(lambda: not small.training.busy)
    assert [str(one.entry.state) for one in small.queue.lines][-1] == "waiting"
    race.close()


def test_another_folder_is_refused_in_a_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.races.open(tmp_path)
    race = window.races.window
    assert race is not None
    qtbot.waitUntil(race.problem.isVisible)
    assert "is not the folder of a race" in race.problem.text()
    with pytest.raises(BadInput, match="is not the folder of a race"):
        race_in(tmp_path)
    race.close()
