"""Control in the window: browsed, adapted to, compared and left again, whatever its world is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.control_kit import page
from tests.gui.lab_kit import wait_for_curve, wait_for_task
from tests.unit.control.drawn_kit import registered
from tests.unit.control.kit import MODELS
from workbench.core.curve import Curve
from workbench.core.events import ActedSoFar, Evaluated, StepDone
from workbench.gui.browse.panel import TasksPanel
from workbench.gui.kinds.control.page import ControlPage
from workbench.gui.kinds.control.preview import ControlPreview
from workbench.gui.kinds.control.task import lived_at
from workbench.gui.plots.panel import TrainPanel
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace

WORLDS = {"navigation": "goal, x: ", "gridworld": "steps to the goal: ", "gym": "length: "}


@pytest.mark.parametrize("family", list(WORLDS))
def test_a_task_is_browsed_adapted_to_and_left_again(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, family: str
) -> None:
    draft = workspace.draft
    draft.choose("model", MODELS[family])
    draft.choose("task", family)
    for name in ("shots", "queries", "horizon"):
        draft.set_value("task", name, 3)
    draft.set_value("algorithm", "test_steps", 3)
    wait_for_task(qtbot, workspace)
    sight = window.findChild(TasksPanel).episode.sight
    assert isinstance(sight, ControlPreview) and WORLDS[family] in sight.told.text()
    window.tabs.setCurrentWidget(window.lab)
    wait_for_curve(qtbot, window.lab.state)
    shown = page(window.lab)
    mapped = family != "gym"
    assert (shown.world.currentWidget() is shown.side) == mapped
    if not mapped:
        is_drawn_over_time(shown, qtbot)
    assert not window.lab.notice.isVisible()
    draft.choose("model", "mlp")
    draft.choose("task", "sinusoid")
    wait_for_curve(qtbot, window.lab.state)


def is_drawn_over_time(shown: ControlPage, qtbot: QtBot) -> None:
    """What three query trajectories have earned, and the first number of their states."""
    traces = shown.traces
    graph, lived = traces.view.graph, lived_at(shown.state.current, support=False)
    assert graph is not None and lived is not None
    ends = [float(curve.y[-1]) for curve in graph.curves[-3:]]
    assert ends == lived.rewards.sum(1).tolist()
    qtbot.keyClick(traces.what, "s")  # State, number 1
    graph = traces.view.graph
    assert graph is not None
    drawn = graph.curves[-1].y.tolist()
    assert drawn == lived.observations[-1, : len(drawn), 0].tolist()
    assert traces.sheet() is not None


def test_a_trajectory_is_filmed_when_it_is_asked_for(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    draft = workspace.draft
    with registered() as task:
        draft.choose("model", "mlp_categorical")
        draft.choose("task", "gym")
        for name, value in {**task, "shots": 2, "queries": 2, "horizon": 4}.items():
            draft.set_value("task", name, value)
        wait_for_task(qtbot, workspace)
        window.tabs.setCurrentWidget(window.lab)
        wait_for_curve(qtbot, window.lab.state)
        film = page(window.lab).traces.film
        qtbot.mouseClick(film.ask, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(film.pictures))
        assert film.view.isVisible() and [one.time for one in film.pictures] == list(range(5))
        qtbot.waitUntil(lambda: film.told.text().endswith("trajectory 1, t = 2"))
        workspace.in_view.resample(seed=5)
        assert not film.pictures and not film.view.isVisible()
        wait_for_curve(qtbot, window.lab.state)
        draft.choose("model", "mlp")
        draft.choose("task", "sinusoid")
        wait_for_curve(qtbot, window.lab.state)


def test_training_shows_what_is_earned_and_how_much_was_acted(
    workspace: Workspace, qtbot: QtBot
) -> None:
    train = TrainPanel(workspace)
    qtbot.addWidget(train)
    train.show()
    mean, ends = (-8.0, -2.0), (0.3, 0.1)
    bounds = {"optimum": -0.5, "staying put": -7.65}
    curve = Curve("return", "val", 40, False, mean, ends, mean, mean, bounds=bounds)
    acted = ActedSoFar(1_234_000, -8.0)
    step = StepDone(5, 100.0, 0.0, 0.0, -3.0, 1.0, 0.001, acted)
    workspace.history.begin(workspace.draft.config)
    workspace.history.tell([step, Evaluated(5, curve, True)])
    gap = train.figures()[0].sheet()
    assert gap is not None
    drawn = {row[0]: float(row[2]) for row in gap.table.rows}
    assert {name: drawn[name] for name in bounds} == bounds
    tiles = {name: tile.accessibleDescription() for name, tile in train._tiles._tiles.items()}
    assert tiles["acted"] == "1\u202f234\u202f000 12\u202f340 a second"
    assert tiles["gain"].startswith("+6 ")
    assert not train._tiles._tiles["acted"].isHidden()
