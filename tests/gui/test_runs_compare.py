"""Several runs in one picture and side by side, and what their settings and results say."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.plot_kit import numbers
from tests.gui.quiet import quiet
from tests.tiny import prepared, tiny_config
from workbench.core.sealed import write_sealed
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run, default_root
from workbench.experiments.trainer import Training
from workbench.gui.plots.overlay import ARITHMETIC, LOSS, SECONDS
from workbench.gui.runs.panel import RunsPanel
from workbench.gui.runs.side_by_side import MARKED
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import words
from workbench.gui.style.two_line_delegate import LOWER

LEFT = Qt.MouseButton.LeftButton
METHODS = ("matching", "maml", "nearest_neighbour")
TITLES = ["Matching network", "MAML", "Nearest neighbour"]


@pytest.fixture
def runs(workspace: Workspace, qtbot: QtBot) -> Iterator[RunsPanel]:
    """A panel with one finished run of each method, in the order of `METHODS`."""
    for number, method in enumerate(reversed(METHODS)):
        config = tiny_config(algorithm={"name": method})
        run = Run.create(config, default_root() / f"2026010{number + 1}-000000-{method}")
        assert list(Training(config, prepared(config), run).events())
    panel = RunsPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    panel.reload()
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(METHODS))
    yield panel


def click(qtbot: QtBot, runs: RunsPanel, row: int, *, add: bool = False) -> None:
    place = runs.table.visualRect(runs.model.index(row, 0)).center()
    keys = Qt.KeyboardModifier.ControlModifier if add else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(runs.table.viewport(), LEFT, keys, place)


def choose_all(qtbot: QtBot, runs: RunsPanel) -> None:
    for row in range(len(METHODS)):
        click(qtbot, runs, row, add=row > 0)
    quiet(qtbot, runs, runs._workspace)


def cell(runs: RunsPanel, row: int, key: str) -> tuple[str, str]:
    keys = [column.key for column in runs.model.columns]
    index = runs.model.index(row, keys.index(key))
    return index.data(), index.data(LOWER)


def test_a_row_says_the_method_the_result_and_the_protocol(runs: RunsPanel) -> None:
    titles = [cell(runs, row, "name")[0] for row in range(3)]
    assert titles == [f"{title} · sinusoid 5s" for title in TITLES]
    for row, run in enumerate(list_runs()):
        assert run.result is not None
        metrics = run.result["metrics"]
        last = metrics["steps"][-1]
        after, how = cell(runs, row, "test")
        assert after == words.metric_text("mse", last["mean"], last["ci95"]) and "±" in after
        assert how == "7 tasks · not transd."
    assert "α 0.01" in cell(runs, 1, "name")[1]
    keys = [column.key for column in runs.model.columns]
    index = runs.model.index(1, keys.index("test"))
    hint = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "median " in hint and "tasks lie between" in hint and "not transductive" in hint
    assert cell(runs, 0, "state")[0] == "completed"


def test_chosen_runs_are_overlaid_with_their_recorded_numbers(
    runs: RunsPanel, qtbot: QtBot
) -> None:
    overlay = runs.comparison.overlay
    click(qtbot, runs, 0)
    assert not runs.comparison.isVisible()
    choose_all(qtbot, runs)
    assert runs.comparison.isVisible()
    assert all(not b.isEnabled() for b in runs.findChildren(QPushButton, "runs.open"))
    named = [name for name in numbers(overlay.adapting) if not name.endswith(", median")]
    assert named == TITLES
    for row, run in enumerate(list_runs()):
        lines = (run.path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        measured = [event for event in events if event["event"] == "evaluated"]
        test = measured[-1]["curve"]
        assert test["split"] == "test"
        x, y = numbers(overlay.adapting)[TITLES[row]]
        np.testing.assert_allclose(y, test["mean"])
        assert x.tolist() == list(range(len(test["mean"])))
        spread = overlay.adapting._lines[f"{row}.spread"].y
        ends = [test["mean"][-1] - test["ci95"][-1], test["mean"][-1] + test["ci95"][-1]]
        np.testing.assert_allclose(spread[:2], ends)
        marked = overlay.adapting._lines[f"{row}.median"]
        assert marked.y.tolist() == [test["spread"][-1]["median"]] and marked.x[0] == x[-1]
        seen = [event["curve"]["mean"][-1] for event in measured[:-1]]
        x, y = numbers(overlay.learning)[TITLES[row]]
        np.testing.assert_allclose(y, seen if len(seen) > 1 else [seen[0], seen[0]])
    floor = numbers(overlay.learning)["Nearest neighbour"][0]
    assert floor.tolist() == [0.0, 6.0]
    assert overlay.note.text() == "◆ is the median over tasks. None is transductive."
    click(qtbot, runs, 1)
    assert not runs.comparison.isVisible()


def test_losses_and_other_axes_are_drawn_from_the_record(runs: RunsPanel, qtbot: QtBot) -> None:
    overlay = runs.comparison.overlay
    choose_all(qtbot, runs)
    lines = (list_runs()[1].path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    steps = [event for event in events if event["event"] == "step"]
    validated = [event["iteration"] for event in events if event["event"] == "evaluated"][:-1]
    overlay.over.setCurrentIndex(overlay.over.findData(SECONDS))
    x, _ = numbers(overlay.learning)["MAML"]
    at = {0: 0.0, **{step["iteration"]: step["seconds"] for step in steps}}
    np.testing.assert_allclose(x, [at[iteration] for iteration in validated])
    assert "Nearest neighbour" not in numbers(overlay.learning)
    overlay.what.setCurrentIndex(overlay.what.findData(LOSS))
    x, y = numbers(overlay.learning)["MAML"]
    np.testing.assert_allclose(x, [step["seconds"] for step in steps])
    np.testing.assert_allclose(y, [step["query_loss"] for step in steps])
    overlay.over.setCurrentIndex(overlay.over.findData(ARITHMETIC))
    assert "recorded of runs of a race alone" in overlay.note.text()


def test_the_arithmetic_of_a_race_is_an_axis(runs: RunsPanel, qtbot: QtBot) -> None:
    rows = [{"operations": 2e12, "seeds": [{"run": run.path.name}]} for run in list_runs()[:2]]
    write_sealed(default_root() / "race.json", {"contenders": rows})
    overlay = runs.comparison.overlay
    for row in range(2):
        click(qtbot, runs, row, add=row > 0)
    overlay.over.setCurrentIndex(overlay.over.findData(ARITHMETIC))
    quiet(qtbot, runs, runs._workspace)
    x, _ = numbers(overlay.learning)["MAML"]
    assert x.tolist() == [0.0, 6.0, 12.0]


def rows(model: QAbstractItemModel) -> dict[str, list[str]]:
    return {
        model.index(row, 0).data(): [
            model.index(row, column).data() for column in range(1, model.columnCount())
        ]
        for row in range(model.rowCount())
    }


def test_side_by_side_only_what_differs_is_listed_and_marked(runs: RunsPanel, qtbot: QtBot) -> None:
    choose_all(qtbot, runs)
    comparison = runs.comparison
    comparison.setCurrentIndex(1)
    found, model = rows(comparison.model), comparison.model
    assert found["algorithm.name"] == list(METHODS) and "training.seed" not in found
    assert found["algorithm.inner_rate"] == ["–", "0.01", "–"]
    heads = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)]
    assert heads == ["Setting", *TITLES]
    row = list(found).index("algorithm.name")
    assert [model.index(row, n).data(MARKED) for n in range(4)] == [False, False, True, True]
    comparison.every.click()
    assert rows(model)["training.seed"] == ["0", "0", "0"]


def test_runs_on_the_same_test_tasks_are_paired(runs: RunsPanel, qtbot: QtBot) -> None:
    choose_all(qtbot, runs)
    model = runs.comparison.model
    paired = list(rows(model)).index("minus the first, paired")
    other = model.index(paired, 2)
    assert "±" in other.data() or "[" in other.data()
    assert other.data(LOWER).endswith("of 7 tasks") and "better on" in other.data(LOWER)
    assert runs.comparison.told.text() == ""


def test_a_reload_keeps_what_was_chosen(runs: RunsPanel, qtbot: QtBot) -> None:
    click(qtbot, runs, 0)
    click(qtbot, runs, 2, add=True)
    chosen = [entry.path for entry in runs.chosen()]
    reloaded: list[int] = []
    runs.model.modelReset.connect(lambda: reloaded.append(1))
    qtbot.mouseClick(runs.findChild(QPushButton, "runs.reload"), LEFT)
    qtbot.waitUntil(lambda: bool(reloaded))
    assert [entry.path for entry in runs.chosen()] == chosen and len(chosen) == 2
    assert runs.comparison.isVisible()
