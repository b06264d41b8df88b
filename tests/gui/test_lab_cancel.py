"""What computes shows it, and can be cancelled: by its button and by Escape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from workbench.gui.lab.compare.choices import Choice
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.shell.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
VIEWS = ("landscape", "timeMachine", "xray", "diagnosis")


@pytest.fixture
def lab(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The lab over a training that goes on, with an adaptation on the screen."""
    space, state = window.workspace, window.lab.state
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 30)
    window.tabs.setCurrentWidget(window.lab)
    window.activateWindow()
    live = lambda: state.learner is not None and state.learner.label == "live"  # noqa: E731
    qtbot.waitUntil(lambda: live() and len(state.steps) > 1)
    return window


def opened(window: MainWindow, name: str, qtbot: QtBot) -> OnDemand:
    toggle = window.lab.drawer.toggles[name]
    qtbot.mouseClick(toggle, LEFT)
    view = next(v for v in window.lab.drawer.views if v.name == name)
    assert isinstance(view, OnDemand)
    return view


@pytest.mark.parametrize("way", ["button", "escape"])
def test_a_view_that_computes_can_be_cancelled(lab: MainWindow, qtbot: QtBot, way: str) -> None:
    for name in VIEWS:
        view = opened(lab, name, qtbot)
        computes_and_is_cancelled(lab, qtbot, view, way)


def computes_and_is_cancelled(lab: MainWindow, qtbot: QtBot, view: OnDemand, way: str) -> None:
    before = lab.workspace.history.iteration
    qtbot.mouseClick(view.offer.ask, LEFT)
    bar = lab.findChild(QProgressBar, f"lab.{view.name}.busy")
    cancel = lab.findChild(QPushButton, f"lab.{view.name}.cancel")
    assert bar is not None and cancel is not None
    assert view.computing and bar.isVisible() and not view.offer.ask.isVisible()
    if way == "button":
        qtbot.mouseClick(cancel, LEFT)
    else:
        qtbot.keyClick(cancel, Qt.Key.Key_Escape)
    assert not view.computing and view.result is None
    assert view.offer.ask.isVisible() and not bar.isVisible()
    qtbot.waitUntil(lambda: lab.workspace.history.iteration > before + 20)
    assert lab.workspace.training.state == "RUNNING" and lab.lab.state.steps


def test_a_picture_that_grows_says_how_far_it_is_and_cancelling_brings_the_last_one_back(
    lab: MainWindow, qtbot: QtBot
) -> None:
    lab.workspace.training.pause()
    qtbot.waitUntil(lambda: lab.workspace.training.state == "PAUSED")
    view = opened(lab, "landscape", qtbot)
    qtbot.mouseClick(view.offer.ask, LEFT)
    seen: list[float] = []

    def done() -> bool:
        if view.computing and view.result is not None and view.busy.isVisible():
            seen.append(view.busy.bar.value())
        return view.result is not None and not view.computing

    qtbot.waitUntil(done)
    assert seen and seen == sorted(seen) and 0 < seen[0] < 1000
    whole = view.result
    qtbot.mouseClick(view.again, LEFT)
    assert view.computing
    assert view.cancel()
    assert view.result is whole and view.again.isVisible() and not view.busy.isVisible()
    assert not view.cancel()


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_luck_meter_can_be_cancelled(window: MainWindow, qtbot: QtBot, way: str) -> None:
    window.tabs.setCurrentWidget(window.lab)
    window.activateWindow()
    qtbot.waitUntil(lambda: len(window.lab.state.steps) > 1)
    luck = window.lab.drawer.luck
    qtbot.mouseClick(luck.ask, LEFT)
    assert luck.busy.isVisible() and not luck.ask.isVisible()
    if way == "button":
        qtbot.mouseClick(luck.busy.cancel, LEFT)
    else:
        qtbot.keyClick(luck.busy.cancel, Qt.Key.Key_Escape)
    assert luck.ask.isVisible() and not luck.isVisible() and luck.luck is None
    qtbot.mouseClick(luck.ask, LEFT)
    qtbot.waitUntil(lambda: luck.luck is not None)
    assert not luck.busy.isVisible()


def test_a_column_that_never_came_goes_with_escape(lab: MainWindow, qtbot: QtBot) -> None:
    compare = lab.lab.compare
    lab.lab.compared.trigger()
    live = lab.workspace.history.config
    assert live is not None
    rival = live.replaced({"algorithm": {"name": "reptile"}})
    assert compare.comparison.add(Choice(rival, None, "rival"))
    card = lab.findChild(QProgressBar, "lab.compare.column.1.busy")
    assert card is not None and not card.isHidden()
    lab.lab.setFocus()
    qtbot.keyClick(lab.lab, Qt.Key.Key_Escape)
    assert len(compare.comparison.columns) == 1
