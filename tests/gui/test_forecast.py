"""Below the settings stands what they take; it is measured while nothing trains."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from tests.unit.forecast.test_total import STEP, measured
from workbench.experiments.forecast import cache
from workbench.experiments.forecast.key import key
from workbench.gui.forms.forecast_line import ForecastLine
from workbench.gui.shell.main_window import MainWindow


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_line_follows_draft_and_training(
    window: MainWindow, qtbot: QtBot, own_cache: None
) -> None:
    space, line = window.workspace, window.findChild(ForecastLine)
    assert space.draft.config is not None
    cache.keep(key(space.draft.config), measured(STEP))
    assert line.isHidden() and line.text() == ""
    action = window.findChild(QAction, "actionForecast")

    action.trigger()
    qtbot.waitUntil(lambda: line.text().startswith("About"))
    assert line.text().endswith("· 600 MB on this machine") and line.isVisible()
    assert "Outer steps" in line.toolTip() and "Preparing" not in line.toolTip()
    before = line.text()
    space.draft.set_value("training", "iterations", 77_000)
    qtbot.waitUntil(lambda: line.text() not in ("", before))
    assert line.text().startswith("About 2 h 4")

    space.start()
    qtbot.waitUntil(lambda: space.training.state == "RUNNING")
    space.draft.set_value("model", "hidden", (9, 9))
    qtbot.waitUntil(lambda: line.text().endswith("when nothing trains"))
    threads = threading.active_count()
    space.training.stop()
    qtbot.waitUntil(lambda: not space.training.busy)
    qtbot.waitUntil(lambda: line.text().startswith("Measuring"))

    action.trigger()
    assert line.isHidden() and line.text() == ""
    qtbot.waitUntil(lambda: threading.active_count() <= threads)
