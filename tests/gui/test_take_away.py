"""One menu takes any plot away: it stands everywhere, and says what it did."""

from __future__ import annotations

from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.take_away_kit import PLAIN, buttons, feed, sheets, use
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.takeaway import form, write
from workbench.gui.takeaway.form import Form
from workbench.gui.takeaway.menu import TakeAwayMenu


def test_the_menu_has_every_form_and_a_name(filled: MainWindow) -> None:
    filled.lab.compare.toggle.click()
    found = buttons(filled)
    assert len(found) >= 16
    for button in found:
        assert button.accessibleName() and button.toolTip()
        button.take_away.refresh()
        kinds = {action.objectName().rpartition(".")[2] for action in button.take_away.actions()}
        assert {"png", "svg", "pdf", "csv", "copyPicture", "copyNumbers"} <= kinds


def test_a_right_click_opens_our_menu_and_no_other(filled: MainWindow, qtbot: QtBot) -> None:
    for plot in filled.findChildren(pg.PlotWidget):
        item = plot.getPlotItem()
        assert not item.menuEnabled() and not item.getViewBox().menuEnabled()
    plot = filled.lab.middle.curves.loss_plot
    plot.customContextMenuRequested.emit(QPoint(10, 10))
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, TakeAwayMenu)
    opened.close()


def test_the_menu_of_the_window_takes_every_plot_of_the_training(
    filled: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for figure in filled.train.figures():
        for kind in write.KINDS:
            file = tmp_path / f"{figure.name}.{kind}"
            monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, f=file: (str(f), ""))
            use(filled, f"{figure.name}.takeAway.{kind}")
            assert file.stat().st_size > 40
            assert filled.statusBar().currentMessage() == f"Saved as {file.name}"


def test_where_nothing_is_drawn_nothing_is_offered(window: MainWindow) -> None:
    menu = window.train.figures()[0].take_away.take_away
    menu.refresh()
    action = menu.findChild(QAction, "plot.gap.takeAway.png")
    assert action is not None and not action.isEnabled()
    feed(window.workspace)
    menu.refresh()
    assert action.isEnabled()


# --- the clipboard, and what goes wrong ------------------------------------------------------


def test_it_is_copied(filled: MainWindow) -> None:
    form.remember(Form(800, 500, 2, "light"))
    for name in ("copyPicture", "copyNumbers"):
        use(filled, f"gap.takeAway.{name}")
        if name == "copyPicture":
            assert QGuiApplication.clipboard().image().width() == 1600
    assert QGuiApplication.clipboard().text().startswith("series\touter iteration\tMSE")


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(
    filled: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "gap.csv"
    old.write_text("as it was")

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    def ask(file: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(file), ""))
        use(filled, "gap.takeAway.csv")

    ask(tmp_path / "missing" / "gap.csv")
    assert filled.messages.isVisible() and "gap.csv" in filled.messages.text
    assert "Choose another folder" in filled.messages.text
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        ask(old)
    assert "No space left" in filled.messages.text and old.read_text() == "as it was"
    assert list(tmp_path.glob(".gap*")) == []
    ask(old)
    assert not filled.messages.isVisible() and old.read_text().startswith("series")


def test_a_suffix_is_added_where_it_is_missing(
    filled: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "my.plot"), ""))
    use(filled, "gap.takeAway.svg")
    assert (tmp_path / "my.plot.svg").exists()


def test_a_training_goes_on_as_if_nothing_had_been_taken(window: MainWindow, qtbot: QtBot) -> None:
    """Losses of two runs, the second one drawn in every form while it ran."""
    space, losses = window.workspace, []
    space.draft.set_value("training", "iterations", 60)
    for taking in (False, True):
        qtbot.waitUntil(lambda: not space.draft.problems and space.data.family is not None)
        window.acts.start.trigger()
        qtbot.waitUntil(lambda: space.training.busy)
        qtbot.waitUntil(lambda: len(space.history.steps) > 0 or not space.training.busy)
        while taking and space.training.busy:
            for sheet in sheets(window).values():
                for kind in write.KINDS:
                    write.encoded(sheet, kind, PLAIN)
            QApplication.processEvents()
        qtbot.waitUntil(lambda: not space.training.busy)
        losses.append(space.history.steps.column(2)[:].tolist())
    assert losses[0] == losses[1] and len(losses[0]) == 60


def test_the_right_click_of_a_curve_has_it_below_its_own(filled: MainWindow, qtbot: QtBot) -> None:
    plot = filled.lab.page.curve  # type: ignore[attr-defined]
    QTest.mouseMove(plot.viewport())
    place = plot.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, plot.mapToGlobal(place))
    QApplication.sendEvent(plot.viewport(), event)
    menu = plot.findChild(QMenu, "lab.curvePlot.menu", Qt.FindChildOption.FindDirectChildrenOnly)
    assert menu is not None
    assert plot.take_away.take_away in [action.menu() for action in menu.actions()]
    menu.close()
