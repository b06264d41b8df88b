"""The time machine: a cell is what its checkpoint makes of the support set, and leads there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    open_workspace,
    settled,
    show_lab,
)
from workbench.experiments.session import learner_of, untrained
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views.time_machine import TimeMachineView

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    """A recorded run of six iterations that keeps every second one, on curves."""
    workspace = open_workspace(qtbot, "sinusoid", algorithm={"test_steps": 4})
    panel = show_lab(qtbot, workspace, 900, 800)
    qtbot.waitUntil(lambda: settled(panel.state))
    yield panel
    assert workspace.shut_down()


def open_run(lab: LabPanel, qtbot: QtBot) -> Run:
    workspace = lab.state.workspace
    assert workspace.draft.config is not None and workspace.data.family is not None
    short = {"iterations": 6, "checkpoint_interval": 2, "eval_tasks": 2, "test_tasks": 2}
    config = workspace.draft.config.replaced({"training": short})
    run = Run.create(config)
    assert list(Training(config, workspace.data.family, run).events())[-1].reason == "completed"
    workspace.open_run(run.path)

    def opened() -> bool:
        learner = lab.state.learner
        return learner is not None and learner.origin == run.path and settled(lab.state)

    qtbot.waitUntil(opened)
    return run


def travel(lab: LabPanel, qtbot: QtBot) -> TimeMachineView:
    qtbot.mouseClick(lab.drawer.toggles["timeMachine"], LEFT)
    view = lab.drawer.time_machine
    qtbot.mouseClick(view.offer.ask, LEFT)
    qtbot.waitUntil(lambda: view.result is not None and not view.computing)
    return view


def test_a_cell_is_what_its_checkpoint_says(lab: LabPanel, qtbot: QtBot) -> None:
    run = open_run(lab, qtbot)
    view = travel(lab, qtbot)
    torch.set_num_threads(1)
    kept = run.iterations()
    assert len(kept) >= 3 and [moment.iteration for moment in view.result] == [0, *kept]
    task, family = lab.state.task, lab.state.workspace.data.family
    assert task is not None and family is not None
    learners = [untrained(run.config(), family)]
    learners += [learner_of(run.load_checkpoint(at), family, newest=True) for at in kept]
    for row, learner in enumerate(learners):
        wanted = [step.query_metric for step in learner.adapt(task.episode(), 4)]
        assert view.map.values[row].tolist() == pytest.approx(wanted, rel=1e-5)


def test_a_click_and_the_arrows_walk_the_scrubber(lab: LabPanel, qtbot: QtBot) -> None:
    run = open_run(lab, qtbot)
    view = travel(lab, qtbot)
    place = view.map.cell_box(1, 2).center().toPoint()
    assert view.map.cell_box(0, 0).top() > view.map.cell_box(1, 0).top(), "oldest at the bottom"
    qtbot.mouseClick(view.map, LEFT, pos=place)
    assert view.map.cell == (1, 2) and lab.state.cursor == 2
    said = view.caption.text()
    assert f"{view.result[1].query_metric[2]:.3g}" in said
    iteration = run.iterations()[0]
    command = f"adapt {run.path.name} --checkpoint {iteration} --steps 2 --scene FILE.mlab"
    assert command in said
    qtbot.mouseClick(view.copy, LEFT)
    assert QGuiApplication.clipboard().text().endswith(command)
    lab.state.fit.anew = ("2.weight",)
    assert view.command().endswith(f"{command} --new-head")
    lab.state.fit.anew = ()
    qtbot.keyClick(view.map, Qt.Key.Key_Down)
    qtbot.keyClick(view.map, Qt.Key.Key_Left)
    assert view.map.cell == (0, 1) and lab.state.cursor == 1
    assert view.caption.text().endswith("\nuntrained weights") and not view.copy.isEnabled()
    qtbot.keyClick(view.map, Qt.Key.Key_Down)
    assert view.map.cell == (0, 1)
    lab.state.workspace.in_view.resample(seed=3, split="test")
    assert view.result is None
    qtbot.waitUntil(lambda: settled(lab.state))
    qtbot.mouseClick(view.offer.ask, LEFT)
    qtbot.waitUntil(lambda: view.result is not None and not view.computing)
    assert view.command() == ""
    qtbot.keyClick(view.map, Qt.Key.Key_Up)
    assert view.command().endswith("--steps 1 --seed 3") and view.copy.isEnabled()


def test_weights_of_no_run_say_what_to_do(lab: LabPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(lab.drawer.toggles["timeMachine"], LEFT)
    view = lab.drawer.time_machine
    assert view.offer.ask.isHidden() and "come from no run" in view.offer.text.text()
    lab.grab()
