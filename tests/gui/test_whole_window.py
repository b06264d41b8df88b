"""Promises of the whole window: names and tooltips, keys, crashes, memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWhatsThis,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workbench.core.curve import Curve
from workbench.core.events import Evaluated, StepDone
from workbench.gui.shell.crash import CrashLog
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme

INTERACTIVE = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit,
    QPlainTextEdit,
)  # fmt: skip


def interactive(window: MainWindow) -> Iterator[QWidget]:
    """What a user works with; what Qt builds inside its own widgets is left out."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        inside = isinstance(parent, (QComboBox, QAbstractSpinBox, QTabBar, QDockWidget, QLineEdit))
        name = widget.objectName()
        popup = (
            parent is not None and parent.metaObject().className() == "QComboBoxPrivateContainer"
        )
        qt = name.startswith("qt_") or isinstance(widget, QScrollBar) or popup
        header = isinstance(parent, QAbstractItemView)
        if isinstance(widget, INTERACTIVE) and not (inside or qt or header):
            yield widget


def test_everything_to_work_with_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    space = window.workspace
    for preset in ("glyphs", "sinusoid"):
        space.draft.use_preset(preset)
        found = list(interactive(window))
        assert len(found) > 40
        bare = [
            f"{type(w).__name__} {w.objectName()!r} {w.accessibleName()!r} {w.toolTip()!r}"
            for w in found
            if not (w.objectName() and w.accessibleName() and w.toolTip())
        ]
        assert not bare, "\n".join(bare)


def test_no_two_keys_are_the_same(window: MainWindow) -> None:
    keys = [
        key.toString()
        for action in window.findChildren(QAction)
        for key in action.shortcuts()
        if not key.isEmpty()
    ]
    assert len(keys) == len(set(keys)), sorted(keys)


def test_r_draws_another_task_but_types_into_a_field(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    line = window.findChild(QLineEdit, "tasks.search") or window.findChild(QLineEdit, "log.filter")
    assert line is not None
    for tab in (window.train, window.lab, window.runs):
        window.tabs.setCurrentWidget(tab)
        tab.setFocus()
        before = space.in_view.seed
        qtbot.keyClick(window, Qt.Key.Key_R)
        assert space.in_view.seed != before
    line.setFocus()
    before = space.in_view.seed
    qtbot.keyClick(line, Qt.Key.Key_R)
    assert space.in_view.seed == before and line.text() == "r"


def test_f1_explains_the_field(window: MainWindow, qtbot: QtBot, monkeypatch: object) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    shown: list[str] = []
    monkeypatch.setattr(QWhatsThis, "showText", lambda place, text, widget: shown.append(text))
    line = window.findChild(QLineEdit, "param.algorithm.inner_rate")
    assert line is not None
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_F1)
    assert len(shown) == 1 and "Default" in shown[0] and len(shown[0]) > len("Default")


def drawn(workspace: Workspace) -> None:
    """Two evaluations and some steps reach the plots."""
    ci = (0.1, 0.1)

    def curve(after: float) -> Curve:
        return Curve("mse", "val", 100, False, (4.0, after), ci, (4.0, after), (4.0, after))

    steps = [StepDone(n, n * 0.01, 4.0, 3.0 / n, 0.5, 1.0, 0.001) for n in range(1, 30)]
    workspace.history.begin(workspace.draft.config)
    workspace.history.tell(
        [Evaluated(0, curve(3.5), True), *steps, Evaluated(29, curve(0.5), True)]
    )


def test_an_exception_in_a_slot_reaches_the_log_and_the_window(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    crash = CrashLog(tmp_path)
    crash.reporter.reported.connect(window.workspace.troubles.said)

    def fail() -> None:
        raise RuntimeError("a slot failed")

    with qtbot.capture_exceptions():
        crash.install()
        try:
            QTimer.singleShot(0, fail)
            qtbot.waitUntil(lambda: "a slot failed" in window.messages.text)
        finally:
            crash.remove()
    for handler in logging.getLogger("workbench").handlers:
        handler.flush()
    assert "a slot failed" in (tmp_path / "workbench.log").read_text(encoding="utf-8")
    log = window.findChild(QPlainTextEdit, "log.text")
    assert log is not None and "a slot failed" in log.toPlainText()


def test_the_second_window_looks_like_the_first(
    window: MainWindow, workspace: Workspace, qtbot: QtBot
) -> None:
    dark = window.findChild(QAction, "actionTheme.dark")
    dock = window.findChild(QDockWidget, "dock.settings")
    assert dark is not None and dock is not None
    dark.trigger()
    dock.hide()
    window.resize(960, 710)
    window.tabs.setCurrentIndex(1)
    window.remember()
    theme.current().use("light")
    from workbench.gui.shell import app

    app.make_application(["again"])
    again = MainWindow(workspace)
    qtbot.addWidget(again)
    again.show()
    assert theme.current().dark
    assert (again.width(), again.height()) == (960, 710)
    assert again.tabs.currentIndex() == 1
    dock = again.findChild(QDockWidget, "dock.settings")
    assert dock is not None and not dock.isVisible()
    again.log.close_log()
    theme.current().use("light")


def test_pausing_shows_one_resume(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    window.acts.start.trigger()
    qtbot.waitUntil(lambda: space.history.iteration > 1)
    window.tabs.setCurrentWidget(window.train)
    window.train.setFocus()
    qtbot.keyClick(window.train, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: space.training.state == "PAUSED")
    buttons = [b.text() for b in window.transport.findChildren(QToolButton)]
    assert buttons.count("Resume") == 1 and window.acts.pause.isChecked()
    qtbot.keyClick(window.train, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: space.training.state == "RUNNING")
