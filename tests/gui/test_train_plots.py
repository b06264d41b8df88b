"""What the plots draw and remember."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.gui.plot_kit import numbers
from workbench.core.curve import Curve, Measure
from workbench.core.events import Evaluated, StepDone
from workbench.gui.plots.figure import Figure
from workbench.gui.plots.panel import TrainPanel
from workbench.gui.state.series import Series
from workbench.gui.state.smoothing import smoothed
from workbench.gui.state.thinning import thinned
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import words


def curve(before: float, after: float, metric: str = "mse") -> Curve:
    ones = (0.1, 0.1)
    return Curve(metric, "val", 100, False, (before, after), ones, (before, after), (before, after))


def step(number: int) -> StepDone:
    return StepDone(number, number * 0.01, 4.0, 3.0 / number, 0.5, 1.0, 0.001)


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> TrainPanel:
    panel = TrainPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    assert workspace.draft.config is not None
    workspace.history.begin(workspace.draft.config)
    return panel


def feed(workspace: Workspace, events: list[object]) -> None:
    workspace.history.take(events)
    workspace.history.told.emit(events)


def test_the_gap_plot_holds_both_curves(panel: TrainPanel, workspace: Workspace) -> None:
    feed(workspace, [Evaluated(0, curve(4.0, 3.5), True), Evaluated(10, curve(4.0, 0.5), True)])
    gap = numbers(panel.figures()[0])
    assert gap["before adapting"][1].tolist() == [4.0, 4.0]
    assert gap["after 1 step (not transductive)"][1].tolist() == [3.5, 0.5]
    assert "8× lower" in panel.figures()[0].note.text()


def test_of_another_run_nothing_of_the_last_one_stays(
    panel: TrainPanel, workspace: Workspace
) -> None:
    bounded = replace(curve(4.0, 3.5), bounds={"optimum": 0.1})
    feed(workspace, [step(1), Evaluated(0, bounded, True), Evaluated(10, bounded, True)])
    assert all(numbers(figure) for figure in panel.figures())
    workspace.history.begin(workspace.draft.config)
    assert not any(numbers(figure) for figure in panel.figures())
    assert panel.figures()[0].note.text() == ""
    feed(workspace, [Evaluated(0, curve(4.0, 0.5), True)])
    gap = numbers(panel.figures()[0])
    assert gap["after 1 step (not transductive)"][1].tolist() == [0.5] and "optimum" not in gap
    assert not numbers(panel.figures()[1])


def test_the_loss_plot_holds_every_step(panel: TrainPanel, workspace: Workspace) -> None:
    feed(workspace, [step(n) for n in range(1, 101)])
    x, y = numbers(panel.figures()[1])["query, after"]
    assert x.tolist() == list(range(1, 101))
    assert y[-1] == pytest.approx(0.03)


def test_scale_and_smoothing_are_remembered(qtbot: QtBot) -> None:
    first = Figure("memory", "A plot", "x", "nothing")
    qtbot.addWidget(first)
    first.set_log(True)
    second = Figure("memory", "A plot", "x", "nothing")
    qtbot.addWidget(second)
    assert second.view.getPlotItem().ctrl.logYCheck.isChecked()


def test_thinning_keeps_the_ends_of_spikes() -> None:
    x = np.arange(100_000.0)
    y = np.zeros(100_000)
    y[54_321] = 7.0
    short_x, short_y = thinned(x, y, 1000)
    assert len(short_x) <= 1000
    assert short_y.max() == 7.0
    assert short_x[-1] == x[-1]


def test_smoothing_is_a_centred_mean() -> None:
    y = np.array([1.0, 3.0, 8.0, 3.0, 1.0, 0.0, 2.0])
    assert smoothed(y, 1)[1:4].tolist() == pytest.approx([4.0, 14 / 3, 4.0])
    assert smoothed(y, 1)[0] == 1.0


def test_a_series_grows() -> None:
    series = Series(2)
    series.extend([(float(n), float(-n)) for n in range(5000)])
    assert len(series) == 5000
    assert series.column(1)[-1] == -4999


def test_a_mean_and_its_interval_have_the_same_decimals() -> None:
    assert words.metric_text("mse", 0.1881, 0.204) == "0.19 ± 0.20"
    assert words.metric_text("mse", 0.1412, 0.0063) == "0.1412 ± 0.0063"
    assert words.metric_text("mse", 3.2e9, 1.1e9) == "3.2e9 ± 1.1e+09"


def test_an_interval_longer_to_one_side_is_written_with_both_ends() -> None:
    ruled = Measure(0.281, 0.204, 0.162, 0.714, 0.0963)
    assert words.measure_text("mse", ruled) == "0.28 [0.16, 0.71]"
    assert words.spread_text("mse", Measure(0.281, 0.204)) == "± 0.2"
    assert words.median_text("mse", ruled) == "median 0.0963"
    assert words.median_text("mse", Measure(0.281, 0.204)) == ""


def test_few_tasks_that_rule_a_mean_are_named() -> None:
    last = {"mean": 0.281, "ci95": 0.2, "median": 0.0963, "ruled_by": 1, "ruled_share": 0.632}
    metrics = {"name": "mse", "tasks": 600, "steps": [last]}
    assert words.ruled_text(metrics) == "1 of 600 tasks makes 63 % of the mean"
    last |= {"q25": 0.05, "q75": 0.2}
    assert words.tasks_text(metrics).splitlines() == [
        "median 0.0963",
        "half of the 600 tasks lie between 0.05 and 0.2",
        "1 of 600 tasks makes 63 % of the mean",
    ]


def test_words_for_numbers() -> None:
    assert words.metric_text("accuracy", 0.8234, 0.011) == "82.3 ± 1.1 %"
    assert words.gain_text("accuracy", 0.2, 0.82) == "+62.0 pts"
    assert words.gain_text("mse", 4.0, 0.5) == "8× lower"
    assert words.duration(38) == "0:38"
    assert words.duration(float("nan")) == "–"
