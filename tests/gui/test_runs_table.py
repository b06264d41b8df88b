"""The columns of the runs share the width there is; what is cut can be read in the tooltip."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.gui.test_layout import SIZES, faults, show
from tests.gui.test_shell import stop, train_a_little
from workbench.experiments.store import default_root
from workbench.gui.runs.table import LEAST
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style.two_line_delegate import LOWER

LONG = "20200101-000001-" + "a-name-that-somebody-typed-by-hand-" * 4


@pytest.fixture
def shelf(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A run that was measured, copies of it, and damaged ones under long and short names."""
    train_a_little(window, qtbot)
    stop(window, qtbot)
    root = default_root()
    original = next(root.iterdir())
    for number in range(5):
        copied(original, root / f"20200101-00000{number}-copy")
    for name in (LONG, "20200101-000002-x"):
        copied(original, root / name)
        (root / name / "config.json").write_text('{"x": 1}', encoding="utf-8")
    window.runs.reload()
    qtbot.waitUntil(lambda: window.runs.model.rowCount() == 8)
    return window


def copied(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, place) if file.name != "config.json" else place.write_bytes(
                file.read_bytes()
            )


def test_columns_fill_the_table_and_keep_their_words(shelf: MainWindow, qtbot: QtBot) -> None:
    for size in SIZES:
        columns_keep_their_words(shelf, qtbot, size)


def columns_keep_their_words(shelf: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    show(shelf, qtbot, size, shelf.runs)
    table, model = shelf.runs.table, shelf.runs.model
    widths = [table.columnWidth(column) for column in range(model.columnCount())]
    assert sum(widths) == table.viewport().width() and not faults(shelf)
    assert all(width >= least for width, least in zip(widths, LEAST, strict=True))
    wanted: Callable[..., int] = lambda cell: (  # noqa: E731
        table.itemDelegate().sizeHint(QStyleOptionViewItem(), cell).width()
    )
    damaged = model.damaged()
    assert len(damaged) == 2
    for row in set(range(model.rowCount())) - set(damaged):
        cells = [model.index(row, column) for column in range(model.columnCount())]
        cut = [c for c, w in zip(cells, widths, strict=True) if wanted(c) > w]
        assert not cut, [c.data() for c in cut]


def test_a_damaged_run_is_one_row_with_its_file_and_reason(shelf: MainWindow, qtbot: QtBot) -> None:
    show(shelf, qtbot, (1024, 700), shelf.runs)
    table, model = shelf.runs.table, shelf.runs.model
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
