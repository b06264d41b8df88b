"""Tab goes where the eye goes: down and to the right, never back within a column."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.test_layout import show, use_glyphs
from workbench.gui.shell import tab_order
from workbench.gui.shell.main_window import MainWindow


def box(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def spot(widget: QWidget, other: QWidget) -> QRect:
    """Where it is; for one that scrolls and another that does not, where its scroll area is."""
    area = widget.parentWidget()
    while area is not None and not (isinstance(area, QScrollArea) and not area.isAncestorOf(other)):
        area = area.parentWidget()
    return box(area or widget)


def walked(window: MainWindow, qtbot: QtBot, forward: bool = True) -> list[QWidget]:
    """All the stops of one round, by real keys, from a stop back to it."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    start = next(tab_order.in_order(window))
    start.setFocus()
    stops: list[QWidget] = []
    key = Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab
    while (focused := QApplication.focusWidget()) is not None and focused not in stops:
        stops.append(focused)
        qtbot.keyClick(focused, key)
        assert len(stops) < 400
    assert QApplication.focusWidget() is start
    return stops


def backwards(stops: list[QWidget]) -> list[str]:
    """Steps that go up without going right, or left without going down."""
    found = []
    for one, other in pairwise(stops):
        a, b = spot(one, other), spot(other, one)
        below, right = b.center().y() > a.bottom(), b.center().x() > a.right()
        if not (below or right or a.contains(b.center())):
            found.append(f"{one.objectName()} {a.getRect()} -> {other.objectName()} {b.getRect()}")
    return found


def within(stops: list[QWidget], part: QWidget | None) -> list[QWidget]:
    assert part is not None
    return [stop for stop in stops if stop is part or part.isAncestorOf(stop)]


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800)], ids=["small", "usual"])
def test_tab_follows_the_eye(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    use_glyphs(window, qtbot)
    window.lab.drawer.toggles["confusion"].click()
    for tab in ("train", "lab", "runs"):
        follows_the_eye(window, qtbot, tab, size)


def follows_the_eye(window: MainWindow, qtbot: QtBot, tab: str, size: tuple[int, int]) -> None:
    lab, panel = window.lab, getattr(window, tab)
    show(window, qtbot, size, panel)
    stops = walked(window, qtbot)
    assert len(stops) == len(set(stops)) > 20
    seen = [part for part in window.docks() if within(stops, part)]
    columns = (
        [lab.header, lab.page.support, lab.middle, lab.page.queries, lab.drawer]
        if tab == "lab"
        else []
    )
    parts: list[QWidget] = [window.transport, *seen, *(columns or [panel])]
    for part in parts:
        inside = within(stops, part)
        assert not backwards(inside), part.objectName()
        places = [stops.index(stop) for stop in inside]
        assert places == list(range(min(places), max(places) + 1)), "left before its end"
    firsts = [stops.index(within(stops, part)[0]) for part in columns]
    assert firsts == sorted(firsts)
    assert walked(window, qtbot, forward=False)[1:] == stops[:0:-1]


def test_slots_made_anew_stand_in_their_place(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    show(window, qtbot, (1280, 800), window.lab)
    window.workspace.draft.set_value("task", "shots", 2)
    qtbot.waitUntil(lambda: (4, 1) in window.lab.page.support._slots)
    show(window, qtbot, (1280, 800), window.lab)
    stops = walked(window, qtbot)
    slots = [stop.objectName() for stop in stops if stop.objectName().startswith("lab.slot.")]
    assert slots == [f"lab.slot.{way}.{shot}" for way in range(5) for shot in range(2)]


def test_what_gets_the_focus_comes_into_sight(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    show(window, qtbot, (1024, 700), window.train)
    settings = window.findChild(QDockWidget, "dock.settings")
    last = window.findChildren(QLineEdit, "param.training.meta_batch")[0]
    assert settings is not None and last.visibleRegion().isEmpty()
    stops = list(tab_order.in_order(window))
    stops[stops.index(last) - 1].setFocus()
    tab_order.move(window, stops[stops.index(last) - 1], forward=True)
    QApplication.processEvents()
    assert last.hasFocus() and last.visibleRegion().boundingRect() == last.rect()


def test_dialogs_follow_the_eye_too(window: MainWindow, qtbot: QtBot) -> None:
    for show_box in (window.show_about, window.show_shortcuts):
        show_box()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        order = list(tab_order.in_order(dialog))
        chain, current = [], order[0]
        for _ in range(200):
            if current in order and current not in chain:
                chain.append(current)
            current = current.nextInFocusChain()
        assert chain == order
        dialog.close()
