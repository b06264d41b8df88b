"""The table of runs: its columns, its sorting, and what it keeps of both."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.quiet import quiet
from tests.gui.test_layout import SIZES, faults, show
from tests.synthetic_runs import glyph_config, write_many, write_run
from workbench.experiments.store import default_root
from workbench.gui.runs.columns import PARAMETER
from workbench.gui.runs.model import SPARK
from workbench.gui.runs.panel import RunsPanel
from workbench.gui.runs.shown import Look
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.two_line_delegate import LOWER

LONG = "20200101-000001-" + "a-name-that-somebody-typed-by-hand-" * 4
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shelf(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """Twelve runs, and damaged ones under a long and a short name."""
    root = default_root()
    write_many(root, 12)
    for name in (LONG, "20200101-000002-x"):
        write_run(root / name, glyph_config())
        (root / name / "config.json").write_text('{"x": 1}', encoding="utf-8")
    window.runs.reload()
    qtbot.waitUntil(lambda: window.runs.model.rowCount() == 14)
    quiet(qtbot, window.workspace)
    return window


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> RunsPanel:
    write_many(default_root(), 12)
    return opened(workspace, qtbot)


def opened(workspace: Workspace, qtbot: QtBot) -> RunsPanel:
    panel = RunsPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(1100, 600)
    panel.show()
    panel.reload()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    quiet(qtbot, workspace, panel)
    return panel


def keys(panel: RunsPanel) -> list[str]:
    return [column.key for column in panel.model.columns]


def press_header(panel: RunsPanel, qtbot: QtBot, key: str) -> None:
    header = panel.table.horizontalHeader()
    section = keys(panel).index(key)
    panel.table.scrollTo(panel.model.index(0, section))
    place = QPoint(header.sectionViewportPosition(section) + 12, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=place)


def test_columns_keep_their_words_at_every_size(shelf: MainWindow, qtbot: QtBot) -> None:
    for size in SIZES:
        show(shelf, qtbot, size, shelf.runs)
        table, model = shelf.runs.table, shelf.runs.model
        widths = [table.columnWidth(column) for column in range(model.columnCount())]
        least = [column.least for column in model.columns]
        assert sum(widths) >= table.viewport().width() and not faults(shelf), size
        assert all(width >= few for width, few in zip(widths, least, strict=True))


def test_a_damaged_run_is_one_row_with_its_file_and_reason(shelf: MainWindow, qtbot: QtBot) -> None:
    show(shelf, qtbot, (1024, 700), shelf.runs)
    table, model = shelf.runs.table, shelf.runs.model
    assert len(model.damaged()) == 2
    for row in model.damaged():
        cell = model.index(row, 0)
        assert table.columnSpan(row, 0) == model.columnCount()
        assert "damaged" in cell.data() and "config" in cell.data(LOWER)
        told = cell.data(Qt.ItemDataRole.ToolTipRole)
        assert cell.data(LOWER) in told and str(model.runs[row].path) in told
    whole = set(range(model.rowCount())) - set(model.damaged())
    assert all(table.columnSpan(row, 0) == 1 for row in whole)


def test_tab_leaves_the_table(shelf: MainWindow, qtbot: QtBot) -> None:
    show(shelf, qtbot, (1280, 800), shelf.runs)
    table = shelf.runs.table
    shelf.activateWindow()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


def test_only_what_differs_has_a_column_until_all_is_asked_for(
    panel: RunsPanel, qtbot: QtBot
) -> None:
    shown = [key for key in keys(panel) if key.startswith(PARAMETER)]
    assert f"{PARAMETER}algorithm.inner_rate" in shown and f"{PARAMETER}task.ways" not in shown
    panel.filter.line.setText("algo:maml α:0.4 β:0.001 seed:0")
    quiet(qtbot, panel)
    assert not [key for key in keys(panel) if key.startswith(PARAMETER)]
    panel.filter.line.clear()
    panel.differences.click()
    assert f"{PARAMETER}task.ways" in keys(panel)
    values = panel.book.entries[0].values
    assert {f"{PARAMETER}{name}" for name in values} <= set(keys(panel))


def test_validation_and_test_say_split_iteration_tasks_and_protocol(panel: RunsPanel) -> None:
    row = next(n for n, entry in enumerate(panel.model.runs) if entry.test is not None)
    entry, names = panel.model.runs[row], keys(panel)
    cell = panel.model.index(row, names.index("validation"))
    assert entry.learned is not None and entry.learned.best is not None
    seen = dict(entry.learned.validations)
    best = max(seen, key=lambda at: seen[at])
    assert cell.data() == f"{100 * seen[best]:.1f} ± 1.1 %"
    assert cell.data(LOWER) == f"at {best:,} · 100 tasks · transd.".replace(",", "\u202f")
    assert "transductive" in cell.data(Qt.ItemDataRole.ToolTipRole)
    test = panel.model.index(row, names.index("test"))
    assert test.data(LOWER) == "600 tasks · transd."
    learned, at = panel.model.index(row, names.index("curve")).data(SPARK)
    assert at == best and learned.validations == entry.learned.validations


def test_a_header_sorts_and_once_more_turns_it_round(panel: RunsPanel, qtbot: QtBot) -> None:
    def values(key: str) -> list[float]:
        found = [column.order for column in panel.model.columns if column.key == key]
        return [value for entry in panel.model.runs if (value := found[0](entry)) is not None]

    started = [entry.run.started for entry in panel.model.runs]
    assert started == sorted(started, reverse=True)  # type: ignore[type-var]
    press_header(panel, qtbot, "validation")
    assert values("validation") == sorted(values("validation"), reverse=True)
    press_header(panel, qtbot, "validation")
    assert values("validation") == sorted(values("validation"))
    press_header(panel, qtbot, "test")
    untested = [entry.test is None for entry in panel.model.runs]
    assert untested == sorted(untested) and any(untested)
    rate = f"{PARAMETER}algorithm.inner_rate"
    press_header(panel, qtbot, rate)
    assert values(rate) == sorted(values(rate), reverse=True)


def test_columns_and_sorting_are_there_after_a_restart(
    panel: RunsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    press_header(panel, qtbot, "name")
    menu = panel.columns.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.data() == "curve").trigger()
    section = keys(panel).index("state")
    panel.table.setColumnWidth(section, 199)
    again = opened(workspace, qtbot)
    assert "curve" not in keys(again) and "iterations" not in keys(again)
    titles = [entry.title.casefold() for entry in again.model.runs]
    assert titles == sorted(titles)
    assert again.table.columnWidth(keys(again).index("state")) == 199
    menu = again.columns.menu()
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert "curve" in keys(again) and again._look == Look()


def test_the_keyboard_sorts_by_the_menu(panel: RunsPanel, qtbot: QtBot) -> None:
    assert panel.findChild(QToolButton, "runs.columns").focusPolicy() & Qt.FocusPolicy.TabFocus
    menu = panel.columns.menu()
    menu.aboutToShow.emit()
    sorting = menu.actions()[0].menu()
    next(action for action in sorting.actions() if action.data() == "duration").trigger()  # type: ignore[union-attr]
    assert panel._look.sort == "duration"


def test_a_choice_outlives_filter_and_sorting(panel: RunsPanel, qtbot: QtBot) -> None:
    place = panel.table.visualRect(panel.model.index(3, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=place)
    (chosen,) = panel.chosen()
    press_header(panel, qtbot, "name")
    assert [entry.path for entry in panel.chosen()] == [chosen.path]
    panel.filter.line.setText(f"dir:{Path(chosen.run.name).name}")
    assert [entry.path for entry in panel.chosen()] == [chosen.path]
