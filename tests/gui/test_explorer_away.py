"""What is taken away of the explorer holds every task, and what lies between them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch

from tests.gui.take_away_kit import CLOSE, PLAIN, by_rsvg, needs_rsvg, numbers, pixels
from tests.gui.test_explorer import empty, show  # noqa: F401 - a fixture
from workbench.gui.explorer.curves import MOST_STROKES
from workbench.gui.explorer.window import Explorer
from workbench.gui.takeaway import write
from workbench.gui.takeaway.graph import Graph
from workbench.gui.takeaway.sheet import Sheet


def cloud(explorer: Explorer) -> tuple[Sheet, Graph]:
    sheet = explorer.cloud.sheet()
    assert sheet is not None and isinstance(sheet.content, Graph)
    return sheet, sheet.content


def test_every_task_has_its_number_and_the_bands_their_edges(empty: Explorer) -> None:  # noqa: F811
    seen = show(empty, torch.rand(40, 4))
    header, *rows = numbers(cloud(empty)[0])
    assert header == ["series", "inner step", "MSE", "low", "high"]
    for task in (0, 39):
        values = [float(row[2]) for row in rows if row[0] == f"task {task}"]
        np.testing.assert_allclose(values, seen.values[task].numpy())
    for name, ends in (
        ("90 % of the tasks", ("q05", "q95")),
        ("50 % of the tasks", ("q25", "q75")),
    ):
        for column, end in zip((3, 4), ends, strict=True):
            edge = [float(row[column]) for row in rows if row[0] == name]
            np.testing.assert_allclose(edge, seen.quantile(end).numpy())
    for name in ("mean", "median"):
        line = [float(row[2]) for row in rows if row[0] == name]
        np.testing.assert_allclose(line, seen.quantile(name).numpy())


@needs_rsvg
def test_600_curves_are_600_lines_in_another_viewer_too(empty: Explorer) -> None:  # noqa: F811
    """Between 0 and 1 at every step: none leaves its place, as thinning all as one line would."""
    show(empty, torch.rand(600, 11))
    sheet, graph = cloud(empty)
    drawing = write.encoded(sheet, "svg", PLAIN)
    assert sum(curve.line and curve.told.startswith("task ") for curve in graph.curves) == 600
    assert drawing.count(b"<polyline") >= 600
    assert np.abs(by_rsvg(drawing) - pixels(write.encoded(sheet, "png", PLAIN))).mean() < CLOSE


def test_of_very_many_the_density_is_drawn_and_every_number_told(
    empty: Explorer,  # noqa: F811
) -> None:
    steps = MOST_STROKES // 600 + 2
    show(empty, torch.rand(600, steps).cumsum(1))
    sheet, graph = cloud(empty)
    assert graph.density is not None and graph.density.counts.max() > 1
    assert not any(curve.line for curve in graph.curves if curve.told.startswith("task "))
    assert sum(row[0].startswith("task ") for row in numbers(sheet)) == 600 * steps
    assert "a task each" in {key.title for key in sheet.legend}
    without = Sheet(sheet.name, sheet.title, Graph("", "", (0, 1), (0, 1)), sheet.table)
    drawn = [pixels(write.encoded(one, "png", PLAIN)).std() for one in (sheet, without)]
    assert drawn[0] > drawn[1]


def test_the_distribution_gives_its_bins(empty: Explorer) -> None:  # noqa: F811
    show(empty, torch.rand(50, 3))
    sheet = empty.distribution.sheet()
    assert sheet is not None
    header, *rows = numbers(sheet)
    assert header == ["series", "MSE from", "to", "tasks"]
    bins = [[float(cell) for cell in row[1:]] for row in rows if row[0] == "tasks"]
    assert sum(count for _, _, count in bins) == 50
    assert all(one[1] == other[0] for one, other in pairwise(bins))
    assert {row[0] for row in rows} == {"tasks", "mean", "median"}


def test_tasks_that_are_dots_are_not_joined(empty: Explorer) -> None:  # noqa: F811
    figure = empty.difficulty.figure
    draws = np.random.default_rng(0)
    figure.set_line("tasks", draws.random(90), draws.random(90))
    sheet = figure.sheet()
    assert sheet is not None and isinstance(sheet.content, Graph)
    assert [curve.line for curve in sheet.content.curves] == [False]
    assert write.encoded(sheet, "svg", PLAIN).count(b"<path") > 90
    assert not sheet.content.whole
