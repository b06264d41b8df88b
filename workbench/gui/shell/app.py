"""The application: set up, run, and taken down in order."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from workbench.core.system import has_display
from workbench.gui.shell import qt_messages
from workbench.gui.state import settings
from workbench.gui.style import theme
from workbench.gui.threads.collector import GuiCollector

if TYPE_CHECKING:
    from workbench.gui.shell.crash import CrashLog
    from workbench.gui.shell.main_window import MainWindow
    from workbench.gui.state.workspace import Workspace

PICTURE_SIZE = (1440, 900)
PICTURE_SECONDS = 60.0
JOIN_SECONDS = 3.0
SWITCH_SECONDS = 0.001
"""How long a training keeps Python before the window may have it: Python's own 5 ms, several
times while something is drawn, make the window late."""


def run_window(argv: Sequence[str]) -> int:
    """Open the window and return its exit code when it is closed."""
    from workbench.gui.shell.crash import CrashLog

    crash = CrashLog()
    crash.install()
    try:
        with qt_messages.in_log():
            return _run(make_application(argv), crash)
    finally:
        crash.remove()


def _run(app: QApplication, crash: CrashLog) -> int:
    from workbench.gui.threads.signals import SignalWatch

    window, workspace = make_window()
    crash.reporter.reported.connect(workspace.troubles.said)
    watch = SignalWatch(window.close_without_asking, app)
    collector = GuiCollector(app)
    workspace.warmedUp.connect(collector.spare)
    window.show()
    QTimer.singleShot(0, workspace.load)
    try:
        return app.exec()
    finally:
        workspace.shut_down()
        join_threads()
        collector.stop()
        watch.remove()


def join_threads(seconds: float = JOIN_SECONDS) -> None:
    """Let cancelled work end: a thread inside torch would abort the interpreter at its end."""
    deadline = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(max(deadline - time.monotonic(), 0.0))


def render(run_dir: Path, png_path: Path) -> None:
    """A picture of the main window showing a run; needs no display."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_application(["workbench"])
    theme.current().use("light")
    window, workspace = make_window(remembers=False)
    window.resize(*PICTURE_SIZE)
    window.tabs.setCurrentIndex(0)
    window.show()
    workspace.load()
    wait(lambda: workspace.ready)
    workspace.open_run(run_dir)
    wait(lambda: _shows_run(workspace))
    wait(lambda: False, 0.5)
    if not window.grab().save(str(png_path), "PNG"):
        raise OSError(f"{png_path} cannot be written")
    window.close()
    workspace.shut_down()


def _shows_run(workspace: Workspace) -> bool:
    """The run's curves are there, and the data of its task."""
    run, family = workspace.history.config, workspace.data.family
    return run is not None and family is not None and family.is_of(run.task)


def make_application(argv: Sequence[str]) -> QApplication:
    """The application with its name, fonts and theme; the running one if there is one."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication.instance() or QApplication(list(argv))
    app = cast(QApplication, app)
    app.setApplicationName(settings.APPLICATION)
    app.setOrganizationName(settings.ORGANISATION)
    app.setApplicationDisplayName(QCoreApplication.translate("App", "Meta-learning workbench"))
    mode = settings.settings().value("theme", "system")
    theme.current().use(mode if mode in theme.MODES else "system")
    return app


def make_window(remembers: bool = True) -> tuple[MainWindow, Workspace]:
    """The window and what stands behind it; nothing is loaded yet."""
    from workbench.gui.shell.main_window import MainWindow
    from workbench.gui.state.workspace import Workspace

    workspace = Workspace()
    return MainWindow(workspace, remembers), workspace


def wait(done: Callable[[], bool], seconds: float = PICTURE_SECONDS) -> None:
    """Let the event loop run until something is so; for pictures and benchmarks."""
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.005)
