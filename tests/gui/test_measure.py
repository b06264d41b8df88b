"""A run measured in the window: on its own data and on another family's, also while one trains."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.test_shell import stop
from tests.tiny import tiny_config, training
from tests.unit.tasks.conftest import fill
from workbench.cli import main
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import default_root, open_run
from workbench.gui.forms.editors import ChoiceEditor
from workbench.gui.runs.measure.dialog import MeasureDialog
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style.two_line_delegate import LOWER

GLYPHS: dict[str, dict[str, Any]] = {
    "task": {"name": "glyphs", "ways": 3, "queries": 2},
    "model": {"name": "conv4", "filters": 4},
}
Opened = Callable[[ExperimentConfig], MeasureDialog]


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> Opened:
    """The dialog of a run that was made a moment ago, opened by its button."""

    def of(config: ExperimentConfig) -> MeasureDialog:
        path = default_root() / "run"
        list(training(config, path).events())
        window.runs.reload()
        qtbot.waitUntil(lambda: window.runs.model.rowCount() == 1)
        window.runs.table.selectRow(0)
        button = window.runs.buttons.buttons["measure"]
        assert button.isEnabled()
        button.click()
        dialog = window.findChild(MeasureDialog)
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
        return dialog

    return of


def measure(dialog: MeasureDialog, qtbot: QtBot) -> None:
    rows = dialog.model.rowCount()
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() > rows)
    assert dialog.start.isEnabled() and not dialog.busy.isVisible() and not dialog.problem.text()


def cell(dialog: MeasureDialog, row: int, column: int) -> tuple[str, str]:
    index = dialog.model.index(row, column)
    return str(index.data()), str(index.data(LOWER))


def test_its_own_tasks_are_measured_as_the_command_line_does(
    opened: Opened, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    dialog = opened(tiny_config(training={"test_tasks": 6}))
    dialog.form.tasks.setText("9")
    dialog.form.steps.setText("4")
    measure(dialog, qtbot)
    assert cell(dialog, 0, 0) == ("Sinusoid and other curves", "test · 9 tasks · seed 0")
    assert cell(dialog, 0, 2)[1] == "after 4 steps · not transductive"
    ours = json.loads(dialog.model.kept[0].file.read_text())
    run = str(default_root() / "run")
    assert main(["evaluate", run, "--tasks", "9", "--steps", "4", "--json"]) == 0
    theirs = json.loads(capsys.readouterr().out.splitlines()[-1])["metrics"]
    assert [step["mean"] for step in ours["steps"]] == [step["mean"] for step in theirs["steps"]]


def test_another_familys_classes_are_all_for_the_test(
    opened: Opened, qtbot: QtBot, tmp_path: Path
) -> None:
    tree = fill(tmp_path / "mine", [f"class{n}" for n in range(5)], 4)
    dialog = opened(tiny_config(**GLYPHS))
    form = dialog.form
    form.family.setCurrentIndex(form.family.findData("image_folder"))
    form.family.activated.emit(form.family.currentIndex())
    assert not form.split.isVisible() and form.root.isVisible()
    form.root.setText(str(tree))
    form.tasks.setText("7")
    measure(dialog, qtbot)
    assert cell(dialog, 0, 0) == ("My images · mine", "all 5 classes · 7 tasks · seed 0")
    assert dialog.model.kept[0].data["classes"] == 5


def choose(box: ChoiceEditor, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_a_checkpoint_and_other_ways_with_a_new_head_are_as_on_the_command_line(
    opened: Opened, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    dialog = opened(tiny_config(**GLYPHS))
    form = dialog.form
    first = form.weights.itemData(form.weights.count() - 1)
    assert form.weights.itemText(0) == "Best on validation" and isinstance(first, int)
    choose(form.weights, first)
    form.tasks.setText("5")
    form.ways.setText("4")
    dialog.start.click()
    qtbot.waitUntil(lambda: "Tick New head" in dialog.problem.text())
    form.new_head.click()
    measure(dialog, qtbot)
    assert f"4-way · new head · iteration {first}" in cell(dialog, 0, 0)[1]
    ours = json.loads(dialog.model.kept[0].file.read_text())
    assert ours["iteration"] == first
    asked = ["--tasks", "5", "--ways", "4", "--new-head", "--checkpoint", str(first)]
    assert main(["evaluate", str(default_root() / "run"), *asked, "--json"]) == 0
    theirs = json.loads(capsys.readouterr().out.splitlines()[-1])["metrics"]
    assert [step["mean"] for step in ours["steps"]] == [step["mean"] for step in theirs["steps"]]


def test_a_task_without_classes_asks_for_no_ways(opened: Opened) -> None:
    form = opened(tiny_config()).form
    assert not form.ways.isVisible() and not form.new_head.isVisible()


def test_a_query_item_at_a_time_is_another_row(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened(tiny_config(**GLYPHS))
    dialog.form.tasks.setText("4")
    dialog.form.alone.click()
    measure(dialog, qtbot)
    assert cell(dialog, 0, 2)[1].endswith("· not transductive")
    assert cell(dialog, 1, 2)[1].endswith("· transductive")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("tasks", "1", "Tasks: 1 is not between 2 and"), ("seed", "x", "Seed: 'x'")],
)
def test_a_wrong_number_is_said_and_nothing_starts(
    opened: Opened, field: str, text: str, said: str
) -> None:
    dialog = opened(tiny_config())
    getattr(dialog.form, field).setText(text)
    dialog.start.click()
    assert said in dialog.problem.text() and dialog.start.isEnabled()


def test_data_that_is_not_there_is_said_with_its_remedy(
    opened: Opened, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(tiny_config(**GLYPHS))
    form = dialog.form
    form.family.setCurrentIndex(form.family.findData("omniglot"))
    form.family.activated.emit(form.family.currentIndex())
    form.root.setText(str(tmp_path / "nothing"))
    dialog.start.click()
    qtbot.waitUntil(lambda: bool(dialog.problem.text()))
    assert str(tmp_path / "nothing") in dialog.problem.text() and dialog.start.isEnabled()


def test_it_can_be_stopped_and_closed_and_keeps_nothing(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened(tiny_config())
    dialog.form.tasks.setText("200000")
    before = set(threading.enumerate())
    dialog.start.click()
    qtbot.waitUntil(lambda: "of 200,000" in dialog.told.text())
    dialog.busy.cancel.click()
    assert dialog.start.isEnabled() and dialog.model.rowCount() == 1
    dialog.start.click()
    dialog.close()
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= before)
    assert len(list((default_root() / "run" / "evaluations").iterdir())) == 1


def test_a_training_beside_it_takes_the_same_way(
    opened: Opened, window: MainWindow, qtbot: QtBot
) -> None:
    """Bit for bit that of a training by itself."""
    dialog = opened(tiny_config(**GLYPHS))
    window.workspace.draft.set_value("training", "iterations", 300)
    window.workspace.start()
    qtbot.waitUntil(lambda: window.workspace.training.state == "RUNNING")
    dialog.form.tasks.setText("40")
    measure(dialog, qtbot)
    qtbot.waitUntil(lambda: window.workspace.training.state == "FINISHED")
    run = next(path for path in default_root().iterdir() if path.name != "run")
    alone = default_root().parent / "alone"
    list(training(open_run(run).config(), alone).events())
    beside, by_itself = (open_run(path).load_checkpoint().weights for path in (run, alone))
    assert all(bool((beside[name] == by_itself[name]).all()) for name in beside)
    stop(window, qtbot)
