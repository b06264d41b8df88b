"""A workspace and a window of their own for every test, closed in order at its end."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import open_workspace, settled
from tests.gui.take_away_kit import feed
from workbench.core import trust
from workbench.gui.kinds import known
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state import foretold, loading, settings
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme

PATIENCE_MS = 120_000
"""What is waited for comes, also on a machine that has other work; only what hangs is given up."""
SMALL = {"eval_tasks": 4, "test_tasks": 4, "eval_interval": 20}


def pytest_configure(config: pytest.Config) -> None:
    """The offscreen platform says of windows and popups what it does not do; it means nothing."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


class PatientBot(QtBot):
    def waitUntil(self, callback: Callable[[], object], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Gives up late; see `PATIENCE_MS`."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, runs and logs go to the test's own directory; nothing is measured unasked."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setattr(trust, "_for_now", set())
    path = str(tmp_path / "settings")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, path)
    settings.remember(foretold.KEY, False)


@pytest.fixture(autouse=True, scope="session")
def compilers_are_imported() -> None:
    """What the window does after its first paint; here no test has to wait for the thread."""
    loading.warm_up(lambda message, fraction: None)
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def faces_are_known() -> None:
    """As the main window does, for tests that open a panel alone."""
    known.register()


@pytest.fixture(autouse=True)
def collect_on_gui_thread() -> Iterator[None]:
    """As in the application: widgets and timers freed by another thread's collection crash Qt.

    It stays off between the tests, since threads of the last one may still be at work.
    """
    gc.disable()
    yield
    gc.collect()


@pytest.fixture
def workspace(qtbot: QtBot) -> Iterator[Workspace]:
    """Loaded, with the sinusoid preset and a task in view; small enough to train in a test."""
    theme.current()
    space = open_workspace(qtbot, "sinusoid", training=SMALL)
    space.draft.undo.clear()
    yield space
    assert space.shut_down()


@pytest.fixture
def window(workspace: Workspace, qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(workspace)
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    workspace.catalogReady.emit()
    workspace.draft.changed.emit()
    workspace.data.changed.emit()
    workspace.in_view.changed.emit()
    yield window
    workspace.training.stop()
    qtbot.waitUntil(lambda: not workspace.training.busy)
    window.close()
    window.deleteLater()


@pytest.fixture
def filled(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window on the lab, adapted to a curve, with the plots of a training filled."""
    feed(window.workspace)
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    return window
