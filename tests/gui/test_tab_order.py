"""Tab follows the eye."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.main_window import MainWindow


@pytest.fixture
def ready(window: MainWindow, qtbot: QtBot) -> MainWindow:
    space = window.workspace
    space.use_preset("glyphs")
    qtbot.waitUntil(
        lambda: space.family is not None and space.family.params == space.config.task,
        timeout=30_000,
    )
    state = window.lab.state
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: len(state.steps) == state.planned + 1 > 1, timeout=30_000)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    return window


def walked(window: MainWindow, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Where Tab leads, once around."""
    window.tabs.currentWidget().setFocus()
    seen: list[QWidget] = []
    while True:
        now = QApplication.focusWidget()
        assert isinstance(now, QWidget)
        qtbot.keyClick(now, key)
        now = QApplication.focusWidget()
        assert isinstance(now, QWidget)
        if now in seen:
            return seen
        seen.append(now)
        assert len(seen) < 300


def position(widget: QWidget, window: MainWindow) -> tuple[int, int]:
    at = widget.mapTo(window, QPoint(0, 0))
    return at.y() + widget.height() // 2, at.x()


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_every_stop_is_reached_once_and_back_again(
    ready: MainWindow, qtbot: QtBot, tab: int
) -> None:
    ready.tabs.setCurrentIndex(tab)
    forth, back = walked(ready, qtbot), walked(ready, qtbot, Qt.Key.Key_Backtab)
    assert set(forth) == set(back)
    offered = {
        w
        for w in ready.findChildren(QWidget)
        if w.isVisible()
        and w.isEnabled()
        and w.objectName()
        and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.focusProxy() is None
        and w.window() is ready
        and not w.objectName().startswith("qt_")
    }
    assert {w.objectName() for w in offered - set(forth)} == set()


def test_settings_go_from_top_to_bottom(ready: MainWindow, qtbot: QtBot) -> None:
    """Also after a part was chosen whose fields are made anew."""
    for name in ("fomaml", "maml"):
        ready.workspace.choose("algorithm", name)
        fields = [w for w in walked(ready, qtbot) if w.objectName().startswith("param.")]
        assert len(fields) > 12
        # Scrolled into view one after the other: places count within the page they stand on.
        page = ready.findChild(QWidget, "param.task.name")
        while page is not None and not page.property("page"):
            page = page.parentWidget()
        assert page is not None
        heights = [w.mapTo(page, QPoint(0, 0)).y() for w in fields]
        assert heights == sorted(heights)


NEIGHBOURS = (
    ("buttonStart", "buttonStepOuter", "buttonResample"),
    ("tasks.search", "tasks.tree", "tasks.split", "tasks.seed", "tasks.dice"),
    ("lab.learner", "lab.seed", "lab.resample", "lab.compare"),
    ("lab.slot.0.0", "lab.slot.1.0", "lab.slot.4.0", "lab.addClass", "lab.addShot"),
    ("lab.scrubber", "lab.play", "lab.steps", "lab.query.0", "lab.query.1", "lab.query.24"),
    ("lab.query.24", "lab.layersToggle", "lab.xrayToggle", "lab.luck.ask"),
    ("buttonStart", "tasks.search", "lab.learner", "settings.preset", "log.filter"),
    ("log.level", "log.filter", "log.copy", "log.text"),
)


def test_neighbours_follow_each_other(ready: MainWindow, qtbot: QtBot) -> None:
    stops = [w.objectName() for w in walked(ready, qtbot)]
    start = stops.index("buttonStart")
    stops = stops[start:] + stops[:start]
    for names in NEIGHBOURS:
        places = [stops.index(name) for name in names]
        assert places == sorted(places), names


def test_a_field_below_is_scrolled_into_view(ready: MainWindow, qtbot: QtBot) -> None:
    walked(ready, qtbot)
    last = ready.findChild(QWidget, "param.training.transductive")
    assert last is not None
    before = last.visibleRegion().isEmpty()
    while QApplication.focusWidget() is not last:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert not last.visibleRegion().isEmpty() or not before
    assert position(last, ready)[0] < ready.height()
