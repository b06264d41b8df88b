"""What a plot makes of noisy, falling and stray numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.plot_kit import numbers
from tests.gui.quiet import quiet
from workbench.gui.plots.figure import Figure
from workbench.gui.plots.range import visible
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.series import Array
from workbench.gui.state.smoothing import smoothed

FALLING = 0.9 + 3.0 * np.exp(-np.arange(400.0) / 120)


@pytest.mark.parametrize("count", [60, 150, 400])
def test_a_smoothed_loss_does_not_lag_a_falling_one(count: int) -> None:
    falling = FALLING[:count]
    assert smoothed(falling, 25)[-1] == pytest.approx(falling[-1], rel=0.02)
    assert np.allclose(smoothed(falling, 25), falling, rtol=0.03)


def test_a_smoothed_loss_is_smoother_up_to_its_last_value() -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.3, (200, 400))
    last = np.array([smoothed(FALLING + row, 25)[-1] for row in noise])
    assert abs(last.mean() - FALLING[-1]) < 0.03
    assert last.std() < 0.45 * 0.3
    inner = np.array([smoothed(FALLING + row, 25)[200] for row in noise])
    assert inner.std() < 0.2 * 0.3


def test_smoothing_leaves_gaps_out_and_short_series_alone() -> None:
    holed = FALLING.copy()
    holed[[50, 398]] = np.nan, np.inf
    assert np.allclose(smoothed(holed, 25), FALLING, rtol=0.05)
    assert smoothed(FALLING[:2], 25).tolist() == FALLING[:2].tolist()
    assert smoothed(FALLING, 0) is FALLING


def test_the_last_values_of_a_spike_do_not_go_below_all_of_them() -> None:
    spiked = np.ones(60)
    spiked[-20] = 1e6
    assert smoothed(spiked, 25).min() >= 1.0


@pytest.mark.parametrize(
    "line",
    [
        FALLING,
        np.array([2.5, 0.1, 0.05, 0.04]),
        np.array([4.0, 3.5, 2.0, 1.0, 0.5, 0.4, 0.38, 0.37, 0.36]),
        np.array([1.0, 1.0, 1.0, 1.0]),
        np.array([3.0]),
    ],
)
def test_an_ordinary_line_is_seen_whole(line: Array) -> None:
    found = visible([line], keep_first=True)
    assert found == ((line.min(), line.max()), (line.min(), line.max()))


@pytest.mark.parametrize("where", [0, 1, 200])
def test_a_spike_does_not_flatten_the_rest(where: int) -> None:
    line = FALLING.copy()
    line[where] = 1e5
    found = visible([line, FALLING])
    assert found is not None
    (low, high), whole = found
    assert high < 5 and low == FALLING.min() and whole[1] == 1e5


def test_of_few_evaluations_the_first_may_be_stray() -> None:
    found = visible([np.array([1e6, 3.0, 2.5, 2.0])])
    assert found is not None and found[0] == (2.0, 3.0)


def test_nothing_finite_has_no_range() -> None:
    assert visible([np.array([np.nan, np.inf]), np.empty(0)]) is None


@pytest.fixture
def figure(qtbot: QtBot) -> Figure:
    figure = Figure("spiked", "A loss", "x", "nothing")
    qtbot.addWidget(figure)
    figure.add_line("query.raw", "", "after", alpha=0.25)
    figure.add_line("query", "query", "after", smooth=True)
    figure.resize(600, 300)
    figure.show()
    return figure


def draw(figure: Figure, qtbot: QtBot, y: Array) -> tuple[float, float]:
    x = np.arange(float(len(y)))
    figure.set_line("query.raw", x, y)
    figure.set_line("query", x, y)
    quiet(qtbot)
    low, high = figure.view.getViewBox().viewRange()[1]
    return low, high


def legend(figure: Figure) -> str:
    return " ".join(label.text() for label in figure.findChildren(QLabel)).replace("&nbsp;", " ")


def double_click(figure: Figure, qtbot: QtBot) -> None:
    viewport = figure.view.viewport()
    assert isinstance(viewport, QWidget)
    centre = QPoint(viewport.width() // 2, viewport.height() // 2)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=centre)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=centre)


def test_the_legend_says_that_a_line_is_smoothed(figure: Figure, qtbot: QtBot) -> None:
    draw(figure, qtbot, FALLING)
    assert "(smoothed, ±25 steps)" in legend(figure)
    figure.set_smoothing(0)
    assert "smoothed" not in legend(figure)
    figure.set_smoothing(25)


def test_an_early_spike_is_marked_at_the_edge_and_a_double_click_shows_it(
    figure: Figure, qtbot: QtBot
) -> None:
    spiked = FALLING.copy()
    spiked[3] = 1e4
    low, high = draw(figure, qtbot, spiked)
    assert low < FALLING.min() and FALLING.max() < high < 10
    assert figure.fitting.outside == 1 and "▲ 1 beyond the edge" in legend(figure)
    double_click(figure, qtbot)
    qtbot.waitUntil(lambda: figure.view.getViewBox().viewRange()[1][1] > 1e4)
    assert "beyond" not in legend(figure)
    double_click(figure, qtbot)
    qtbot.waitUntil(lambda: figure.view.getViewBox().viewRange()[1][1] < 10)


def test_a_spike_on_a_logarithmic_axis(figure: Figure, qtbot: QtBot) -> None:
    spiked = FALLING.copy()
    spiked[3] = 1e30
    figure.set_log(True)
    low, high = draw(figure, qtbot, spiked)
    figure.set_log(False)
    assert -0.3 < low < 0 and 0.5 < high < 1


def test_a_step_that_goes_astray_does_not_flatten_the_lab(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.lab.middle.curves.loss_plot
    plot.show_lines([2.0, 1.5, 1.2, 1.0, 150.0, 0.9, 0.8], [2.1, 1.6, 1.3, 1.2, 1.1, 1.0, 0.9])
    low, high = plot.plot.getViewBox().viewRange()[1]
    assert low < 0.8 and 2.1 < high < 4


@pytest.mark.parametrize(
    "values", [[np.nan], [np.inf], [np.nan, 2.0], [1.0, np.inf, 3.0], [-np.inf] * 5]
)
def test_what_is_not_finite_is_drawn_without_a_word(
    figure: Figure, qtbot: QtBot, values: list[float]
) -> None:
    """A diverged evaluation, as a line with marks and a band around it."""
    figure.add_band("ci", "interval", "after", 0.2)
    figure.add_line("marked", "marked", "after", symbol="o")
    y, x = np.array(values), np.arange(float(len(values)))
    figure.set_band("ci", x, y - 1.0, y + 1.0)
    figure.set_line("marked", x, y)
    draw(figure, qtbot, y)
    figure.set_log(True)
    quiet(qtbot)
    figure.set_log(False)
    assert np.array_equal(numbers(figure)["marked"][1], y, equal_nan=True)
