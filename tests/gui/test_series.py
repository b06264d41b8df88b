"""Numbers that grow, and what is drawn of very many: held against a plain scan of all of them."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import Line
from workbench.gui.state import thinning
from workbench.gui.state.series import Array, Column, Series
from workbench.gui.state.smoothing import Smoothed, smoothed
from workbench.gui.state.thinning import Pyramid, Thinned


def holed(count: int, seed: int, holes: float = 0.1) -> Array:
    """Numbers with gaps: single ones, infinite ones and a long one."""
    random = np.random.default_rng(seed)
    y = random.normal(size=count).cumsum() * 0.1 + random.normal(size=count)
    y[random.random(count) < holes] = np.nan
    y[random.integers(count, size=3)] = np.inf
    y[count // 3 : count // 3 + count // 10] = np.nan
    return y


def settled(pyramid: Pyramid, first: int, last: int, points: int) -> Thinned:
    while (found := pyramid.thinned(first, last, points)).unfinished:
        pass
    return found


def plain_means(y: Array, reach: int) -> Array:
    """Every window by itself, where as many values come after as before."""
    found = []
    for at in range(len(y) - reach):
        side = min(at, reach)
        window = y[at - side : at + side + 1]
        window = window[np.isfinite(window)]
        found.append(window.mean() if len(window) else np.nan)
    return np.array(found)


def test_a_column_keeps_every_value_as_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.gui.state.series.CHUNK_BYTES", 8 * 100)
    random, column, parts = np.random.default_rng(1), Column(), []
    for _ in range(60):
        parts.append(random.normal(size=int(random.integers(0, 250))))
        column.extend(parts[-1])
        held = column[:]
        assert np.array_equal(held, np.concatenate(parts))
    for first, last in random.integers(0, len(held), (200, 2)):
        assert np.array_equal(column[first:last], held[first:last])
    places = np.unique(random.integers(0, len(held), 300))
    assert np.array_equal(column.take(places), held[places])
    assert (column[0], column[-1]) == (held[0], held[-1])
    with pytest.raises(IndexError):
        column[len(held)]


def test_a_column_that_grows_moves_nothing() -> None:
    series = Series(2)
    series.extend([(1.0, 2.0)])
    before = series.column(1)[:]
    series.extend(np.ones((600_000, 2)))
    assert np.shares_memory(before, series.column(1)[:1])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("grown", [1, 997, 300_000])
def test_every_bucket_keeps_its_lowest_and_its_highest(seed: int, grown: int) -> None:
    """However the numbers came: one by one, in lists or all at once."""
    y = holed(3_000 if grown == 1 else 150_000, seed)
    column = Column()
    pyramid = Pyramid(column)
    for start in range(0, len(y), grown):
        column.extend(y[start : start + grown])
        pyramid.thinned(0, len(column), 200)
    drawn = settled(pyramid, 0, len(y), 200)
    assert len(drawn.places) <= 200
    assert (drawn.places[0], drawn.places[-1]) == (0, len(y) - 1)
    finite = np.where(np.isfinite(y), y, np.nan)
    inner = slice(1, -1)
    assert np.array_equal(drawn.values[inner], finite[drawn.places][inner], equal_nan=True)
    width = thinning._width(len(y), 200)
    size = max((s for s in (64, 1024, 16384) if s <= width), default=1)
    width = -(-width // size) * size
    for start in range(0, len(y), width):
        bucket = finite[start : start + width]
        kept = drawn.values[(drawn.places >= start) & (drawn.places < start + width)]
        kept = kept[np.isfinite(kept)]
        if np.isfinite(bucket).any():
            assert (kept.min(), kept.max()) == (np.nanmin(bucket), np.nanmax(bucket))
        else:
            assert not len(kept)


def test_a_part_has_the_extremes_of_that_part() -> None:
    y = np.random.default_rng(5).normal(size=100_000)
    pyramid = Pyramid(y)
    for first, last in ((60_000, 99_000), (40_000, 43_000), (70_000, 70_150)):
        drawn, part = settled(pyramid, first, last, 200), y[first:last]
        inside = drawn.values[(drawn.places >= first) & (drawn.places < last)]
        assert (inside.max(), inside.min()) == (part.max(), part.min())
        assert drawn.places[-1] == last - 1 and len(drawn.places) <= 200


def test_buckets_stand_still_while_the_curve_grows() -> None:
    column = Column()
    column.extend(holed(200_000, 6))
    pyramid = Pyramid(column)
    before = settled(pyramid, 0, len(column), 200)
    column.extend(np.zeros(10))
    after = settled(pyramid, 0, len(column), 200)
    assert np.array_equal(before.places[:-3], after.places[: len(before.places) - 3])


@pytest.mark.parametrize("reach", [1, 5, 100])
@pytest.mark.parametrize("count", [3, 7, 150, 900])
def test_smoothing_is_the_plain_mean_of_every_window(count: int, reach: int) -> None:
    y = holed(max(count, 30), 7)[:count]
    assert np.allclose(
        smoothed(y, reach)[: max(count - reach, 0)], plain_means(y, reach), equal_nan=True
    )


def test_one_huge_value_spoils_no_mean_far_from_it() -> None:
    y = np.ones(500)
    y[50] = 1e22
    assert smoothed(y, 5)[100:].tolist() == [1.0] * 400


@pytest.mark.parametrize("reach", [1, 25])
def test_a_part_of_a_smoothed_curve_is_that_part(reach: int) -> None:
    y = holed(400, 8)
    whole, parts = smoothed(y, reach), Smoothed(y, reach)
    for first, last in np.random.default_rng(9).integers(0, 401, (200, 2)):
        assert np.allclose(parts[first:last], whole[first:last], equal_nan=True)


def test_a_smoothed_curve_is_thinned_as_if_all_of_it_were_there() -> None:
    """Though its end changes with every value that comes."""
    column, y = Column(), holed(90_000, 10)
    source = Smoothed(column, 25)
    pyramid = Pyramid(source, loose=25)
    for start in range(0, len(y), 7_001):
        column.extend(y[start : start + 7_001])
        settled(pyramid, 0, len(column), 200)
    grown, at_once = (
        settled(pyramid, 0, len(y), 200),
        settled(Pyramid(smoothed(y, 25)), 0, len(y), 200),
    )
    assert np.array_equal(grown.places, at_once.places)
    assert np.allclose(grown.values, at_once.values, equal_nan=True)


@pytest.fixture
def figure(qtbot: QtBot) -> Figure:
    figure = Figure("long", "A plot", "x", "nothing")
    qtbot.addWidget(figure)
    figure.resize(600, 400)
    figure.add_line("raw", "raw", "after")
    figure.add_line("smooth", "smooth", "after", smooth=True)
    figure.show()
    return figure


def filled(figure: Figure, count: int) -> Series:
    series = Series(2)
    y = np.zeros(count)
    y[count // 2 + 7] = 5.0
    series.extend(np.stack([np.arange(float(count)), y], 1))
    for name in ("raw", "smooth"):
        figure.set_line(name, series.column(0), series.column(1))
    return series


def line(figure: Figure, name: str) -> Line:
    return figure._lines[name]


def test_a_long_curve_appears_a_part_at_a_time_and_then_whole(figure: Figure, qtbot: QtBot) -> None:
    series = filled(figure, 3 * thinning.AT_ONCE)
    assert line(figure, "raw").item.xData[-1] < len(series) - 1
    qtbot.waitUntil(lambda: not any(one.unfinished for one in figure._lines.values()))
    for name in ("raw", "smooth"):
        x = line(figure, name).item.xData
        assert (x[0], x[-1]) == (0, len(series) - 1) and len(x) <= figure._points()
    assert line(figure, "raw").item.yData.max() == 5.0
    assert line(figure, "smooth").item.yData.max() == pytest.approx(5 / 51)


def test_a_part_that_is_looked_at_closely_is_drawn_point_by_point(
    figure: Figure, qtbot: QtBot
) -> None:
    series = filled(figure, 200_000)
    box, middle = figure.view.getViewBox(), len(series) // 2
    box.setXRange(middle, middle + 100, padding=0)
    box.sigRangeChangedManually.emit(box.state["mouseEnabled"])
    qtbot.waitUntil(lambda: line(figure, "smooth").item.xData[0] > middle - 100)
    x = line(figure, "raw").item.xData
    assert np.array_equal(x, np.arange(x[0], x[-1] + 1)) and x[0] < middle and x[-1] > middle + 100
    assert line(figure, "smooth").item.yData.max() == pytest.approx(5 / 51)
    figure.fit()
    qtbot.waitUntil(lambda: not any(one.unfinished for one in figure._lines.values()))
    assert (line(figure, "raw").item.xData[[0, -1]] == [0, len(series) - 1]).all()
