"""The history of runs: what a row says, and several runs in one picture."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.tiny import prepared, tiny_config
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run, default_root
from workbench.experiments.trainer import Training
from workbench.gui.runs.panel import RunsPanel
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import words
from workbench.gui.style.two_line_delegate import LOWER

LEFT = Qt.MouseButton.LeftButton
METHODS = ("matching", "maml", "nearest_neighbour")


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


def cell(runs: RunsPanel, row: int, column: int) -> tuple[str, str]:
    index = runs.model.index(row, column)
    return index.data(), index.data(LOWER)


def test_a_row_says_the_method_the_result_and_the_protocol(runs: RunsPanel) -> None:
    titles = [cell(runs, row, 0)[0] for row in range(3)]
    assert titles == ["Matching network", "MAML", "Nearest neighbour"]
    for row, run in enumerate(list_runs()):
        assert run.result is not None
        metrics = run.result["metrics"]
        last = metrics["steps"][-1]
        after, how = cell(runs, row, 2)
        assert after == words.metric_text("mse", last["mean"], last["ci95"]) and "±" in after
        assert how.startswith("test · ") and how.endswith("not transductive")
    assert "after 2 steps" in cell(runs, 1, 2)[1] and cell(runs, 1, 1)[0] != "–"
    assert "given the support set" in cell(runs, 0, 2)[1] and cell(runs, 0, 1)[0] == "–"
    hint = runs.model.data(runs.model.index(1, 2), Qt.ItemDataRole.ToolTipRole)
    assert "median " in hint and "tasks lie between" in hint
    assert cell(runs, 0, 3) == ("6 iterations", "completed")
    assert cell(runs, 2, 3) == ("–", "completed")


def test_chosen_runs_are_overlaid_with_their_recorded_numbers(
    runs: RunsPanel, qtbot: QtBot
) -> None:
    click(qtbot, runs, 0)
    assert not runs.overlay.isVisible()
    click(qtbot, runs, 1, add=True)
    click(qtbot, runs, 2, add=True)
    assert runs.overlay.isVisible()
    assert all(not b.isEnabled() for b in runs.findChildren(QPushButton, "runs.open"))
    qtbot.waitUntil(lambda: len(runs.overlay.adapting.numbers()) == 3)
    for row, run in enumerate(list_runs()):
        title = cell(runs, row, 0)[0]
        lines = (run.path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        measured = [event for event in events if event["event"] == "evaluated"]
        test = measured[-1]["curve"]
        assert test["split"] == "test"
        x, y = runs.overlay.adapting.numbers()[title]
        np.testing.assert_allclose(y, test["mean"])
        assert x.tolist() == list(range(len(test["mean"])))
        spread = runs.overlay.adapting._lines[f"{row}.spread"].y
        ends = [test["mean"][-1] - test["ci95"][-1], test["mean"][-1] + test["ci95"][-1]]
        np.testing.assert_allclose(spread[:2], ends)
        marked = runs.overlay.adapting._lines[f"{row}.median"]
        assert marked.y.tolist() == [test["spread"][-1]["median"]] and marked.x[0] == x[-1]
        seen = [event["curve"]["mean"][-1] for event in measured[:-1]]
        x, y = runs.overlay.learning.numbers()[title]
        np.testing.assert_allclose(y, seen if len(seen) > 1 else [seen[0], seen[0]])
    floor = runs.overlay.learning.numbers()["Nearest neighbour"][0]
    assert floor.tolist() == [0.0, 6.0]
    assert runs.overlay.note.text() == "◆ is the median over tasks. None is transductive."
    click(qtbot, runs, 1)
    assert not runs.overlay.isVisible()


def test_a_reload_keeps_what_was_chosen(runs: RunsPanel, qtbot: QtBot) -> None:
    click(qtbot, runs, 0)
    click(qtbot, runs, 2, add=True)
    chosen = [run.path for run in runs.chosen()]
    reloaded: list[int] = []
    runs.model.modelReset.connect(lambda: reloaded.append(1))
    qtbot.mouseClick(runs.findChild(QPushButton, "runs.reload"), LEFT)
    qtbot.waitUntil(lambda: bool(reloaded))
    assert [run.path for run in runs.chosen()] == chosen and len(chosen) == 2
    assert runs.overlay.isVisible()
