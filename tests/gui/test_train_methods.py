"""Training as it looks with methods that have no inner steps, or nothing to train."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.plot_kit import numbers
from workbench.core.curve import Curve
from workbench.core.events import Evaluated, StepDone
from workbench.experiments.spread import ci95, spreads
from workbench.gui.plots.lines import whiskers
from workbench.gui.plots.panel import TrainPanel
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.ticks import whole_step
from workbench.gui.state.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> TrainPanel:
    panel = TrainPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    return panel


def begin(workspace: Workspace, method: str) -> None:
    """A run of that method starts, as far as the panel can tell."""
    workspace.draft.choose("algorithm", method)
    assert workspace.draft.config is not None
    workspace.history.begin(workspace.draft.config)


def point(split: str, value: float, ci: float) -> Curve:
    """What a method without inner steps is measured as."""
    return Curve("mse", split, 50, True, (value,), (ci,), (value,), (value,))  # type: ignore[arg-type]


def tile(panel: TrainPanel, name: str) -> QWidget:
    found = panel.findChild(QWidget, f"train.{name}")
    assert found is not None
    return found


def texts(widget: QWidget) -> list[str]:
    return [part.text() for part in widget.findChildren(QLabel)]


def test_a_curve_of_one_point_is_a_point_with_its_interval(
    panel: TrainPanel, workspace: Workspace
) -> None:
    begin(workspace, "matching")
    workspace.history.tell([Evaluated(0, point("val", 4.0, 0.5), True)])
    gap, _, steps = panel.figures()
    assert list(numbers(gap)) == ["given the support set (transductive)"]
    drawn = gap._lines["after.spread"]
    np.testing.assert_allclose(drawn.y[:2], [3.5, 4.5])
    workspace.history.tell([Evaluated(20, point("val", 2.0, 0.2), True)])
    workspace.history.tell([Evaluated(20, point("test", 2.2, 0.3), True)])
    found = {name: (x.tolist(), y.tolist()) for name, (x, y) in numbers(steps).items()}
    assert found["first evaluation"] == ([0.0], [4.0])
    assert found["newest"] == ([1.0], [2.0])
    assert found["test, 50 tasks"] == ([2.0], [2.2])
    np.testing.assert_allclose(steps._lines["test.spread"].y[:2], [1.9, 2.5])
    ticks = steps.view.getPlotItem().getAxis("bottom")._tickLevels
    assert [text for _, text in ticks[0]] == ["first", "newest", "test"]


def test_the_figures_claim_no_steps_where_there_are_none(
    panel: TrainPanel, workspace: Workspace
) -> None:
    begin(workspace, "matching")
    workspace.history.tell([Evaluated(0, point("val", 4.0, 0.5), True)])
    assert not tile(panel, "before").isVisible() and not tile(panel, "gain").isVisible()
    assert texts(tile(panel, "after")) == ["Given the support set", "4", "± 0.5 · 50 tasks"]
    workspace.history.tell([Evaluated(0, point("test", 3.0, 0.25), True)])
    assert texts(tile(panel, "test")) == ["Test · transductive", "3", "± 0.25 · 50 tasks"]
    begin(workspace, "maml")
    both = Curve("mse", "val", 50, False, (4.0, 1.0), (0.5, 0.1), (4.0, 1.0), (4.0, 1.0))
    workspace.history.tell([Evaluated(0, both, True)])
    assert tile(panel, "before").isVisible() and not tile(panel, "test").isVisible()
    assert texts(tile(panel, "after")) == ["After adapting", "1", "± 0.1 · 1 step"]
    assert "after 1 step (not transductive)" in numbers(panel.figures()[0])


def ruled(split: str) -> Curve:
    """600 tasks of which one has an error of 400."""
    values = torch.full((600, 2), 0.1, dtype=torch.float64)
    values[:, 0] = 3.0
    values[:300, 1], values[5, 1] = 0.3, 400.0
    mean, ci = (tuple(found.tolist()) for found in (values.mean(0), ci95(values)))
    spread = spreads(values, errors=True)
    return Curve("mse", split, 600, False, mean, ci, mean, mean, spread)  # type: ignore[arg-type]


def test_the_median_stands_beside_a_mean_that_one_task_rules(
    panel: TrainPanel, workspace: Workspace
) -> None:
    begin(workspace, "maml")
    curve = ruled("val")
    workspace.history.tell([Evaluated(0, curve, True)])
    gap, _, steps = panel.figures()
    last = curve.spread[-1]
    assert last.interval == "bootstrap" and last.low > 0
    np.testing.assert_allclose(gap._bands["ci"]._numbers[1:], [[last.low], [last.high]])
    assert numbers(steps)["median"][1].tolist() == [s.median for s in curve.spread]
    assert "1 of 600 tasks makes 77 % of the mean" in steps.note.text()
    note = texts(tile(panel, "after"))[2]
    assert note.startswith("[") and note.endswith("· median 0.2")
    assert "1 of 600 tasks" in tile(panel, "after").toolTip()
    workspace.history.tell([Evaluated(0, ruled("test"), True)])
    assert texts(tile(panel, "test"))[2] == note
    assert not len(steps._lines["newest.median"].y) and len(steps._lines["test.median"].y) == 2


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        ("maml", ["support, before", "query, after"]),
        ("reptile", ["before, all items", "after, the items trained on"]),
        ("matching", ["support, by itself", "query"]),
        ("transfer", ["all tasks jointly"]),
    ],
)
def test_losses_are_called_what_they_are(
    panel: TrainPanel, workspace: Workspace, method: str, lines: list[str]
) -> None:
    begin(workspace, method)
    workspace.history.tell([StepDone(n, 0.1 * n, 4.0, 3.0, 3.0, 1.0, 0.001) for n in (1, 2, 3)])
    loss = panel.figures()[1]
    assert list(numbers(loss)) == lines
    assert numbers(loss)[lines[-1]][1].tolist() == [3.0, 3.0, 3.0]


def test_a_floor_is_measured_and_shows_no_progress_it_does_not_make(
    window: MainWindow, qtbot: QtBot
) -> None:
    space = window.workspace
    space.draft.choose("algorithm", "nearest_neighbour")
    start = window.findChild(QToolButton, "buttonStart")
    assert start is not None
    qtbot.mouseClick(start, LEFT)
    qtbot.waitUntil(lambda: space.training.state == "FINISHED")
    said = window.findChild(QLabel, "progress.text")
    bar = window.findChild(QWidget, "progress.bar")
    assert said is not None and bar is not None
    assert said.text() == "measured as it is · completed" and not bar.isVisible()
    assert not numbers(window.train.figures()[1])
    assert any("Nothing is trained" in text for text in texts(window.train.figures()[1]))
    assert space.history.test is not None
    shown = numbers(window.train.figures()[2])["test, 4 tasks"][1]
    assert shown.tolist() == list(space.history.test.mean)
    for name in ("speed", "best"):
        hidden = window.findChild(QWidget, f"train.{name}")
        assert hidden is not None and not hidden.isVisible()


def test_whiskers_are_strokes_with_gaps() -> None:
    x, y = whiskers(np.array([1.0, 2.0]), np.array([0.0, 5.0]), np.array([3.0, 6.0]))
    np.testing.assert_equal(x, [1, 1, np.nan, 2, 2, np.nan])
    np.testing.assert_equal(y, [0, 3, np.nan, 5, 6, np.nan])


def test_steps_are_counted_in_whole_numbers() -> None:
    assert [whole_step(last, 5) for last in (1, 3, 10, 50, 100)] == [1, 1, 2, 10, 20]


def test_a_cleared_region_sets_no_scale(panel: TrainPanel, workspace: Workspace) -> None:
    """A diverged run must not leave the next one an axis of 1e18."""
    begin(workspace, "maml")
    wild = Curve("mse", "val", 50, False, (4.0, 1e18), (0.5, 1e18), (4.0, 1e18), (4.0, 1e18))
    workspace.history.tell([Evaluated(0, wild, True)])
    begin(workspace, "matching")
    workspace.history.tell([Evaluated(0, point("val", 4.0, 0.5), True)])
    box = panel.figures()[2].view.getViewBox()
    panel.figures()[2].fit()
    low, high = box.viewRange()[1]
    assert 0 < low < 4 < high < 10
