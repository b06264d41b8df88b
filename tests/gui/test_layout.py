"""At small and at large sizes: nothing is cut, nothing overlaps, what matters is in sight."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.layout_kit import faults
from tests.gui.quiet import quiet
from tests.gui.test_whole_window import drawn
from workbench.gui.kinds.pictures.card import SIZES as CARDS
from workbench.gui.kinds.pictures.slot import SIZES as SLOTS
from workbench.gui.shell import about
from workbench.gui.shell.main_window import MINIMUM_SIZE, MainWindow
from workbench.gui.shell.shortcut_list import Shortcuts
from workbench.gui.state import settings

LEFT = Qt.MouseButton.LeftButton
SIZES = (MINIMUM_SIZE, (1024, 700), (1280, 800), (1920, 1080))
LARGE = SIZES[-1]


def show(window: MainWindow, qtbot: QtBot, size: tuple[int, int], tab: QWidget) -> None:
    window.resize(*size)
    window.tabs.setCurrentWidget(tab)
    for _ in range(6):
        QApplication.processEvents()
    assert (window.width(), window.height()) == size


def use_glyphs(window: MainWindow, qtbot: QtBot) -> None:
    space, state = window.workspace, window.lab.state
    space.draft.use_preset("glyphs")
    qtbot.waitUntil(
        lambda: (
            space.data.family is not None and space.data.family.params == space.draft.config.task
        ),
    )
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: bool(state.steps) and not state.busy)


def in_sight(window: MainWindow, widget: QWidget) -> bool:
    whole = widget.visibleRegion().boundingRect()
    return widget.isVisible() and whole.contains(widget.rect().adjusted(1, 1, -1, -1))


def test_the_empty_train_panel(window: MainWindow, qtbot: QtBot) -> None:
    for size in SIZES:
        show(window, qtbot, size, window.train)
        assert not faults(window), size


def test_a_training_shows_its_numbers_and_its_buttons(window: MainWindow, qtbot: QtBot) -> None:
    drawn(window.workspace)
    window.transport.findChild(QWidget, "progress.text").setText("1 600 / 40 000 · ETA 1:00:38")
    for size in SIZES:
        show(window, qtbot, size, window.train)
        assert not faults(window), size
        numbers_and_buttons(window)


def numbers_and_buttons(window: MainWindow) -> None:
    for name in ("buttonStart", "buttonPause", "buttonStop", "progress.bar", "progress.text"):
        widget = window.transport.findChild(QWidget, name)
        assert widget is not None and in_sight(window, widget), name
    text = window.transport.findChild(QWidget, "progress.text")
    assert not text.cut  # type: ignore[union-attr]
    for name in ("before", "after", "gain", "best", "speed"):
        tile = window.train.findChild(QWidget, f"train.{name}")
        assert tile is not None and in_sight(window, tile)
        assert not [part for part in tile.children() if getattr(part, "cut", False)], name


def test_the_lab_on_pictures(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    for size in SIZES:
        lab_on_pictures(window, qtbot, size)


def lab_on_pictures(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    show(window, qtbot, size, window.lab)
    assert not faults(window), size
    lab = window.lab
    for widget in (lab.header.summary, lab.header.learner, lab.header.seed, lab.compare.toggle):
        assert in_sight(window, widget)
    for toggle in lab.drawer.toggles.values():
        if toggle.isVisible():
            toggle.click()
            show(window, qtbot, size, window.lab)
            assert not faults(window), toggle.text()
            toggle.click()


def test_the_lab_on_a_curve(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: bool(window.lab.state.steps))
    layers = window.lab.drawer.toggles["layers"]
    for size in SIZES:
        show(window, qtbot, size, window.lab)
        assert not faults(window), size
        assert in_sight(window, window.lab.header.summary)
        assert window.lab.page.curve.height() >= 90
        layers.click()
        show(window, qtbot, size, window.lab)
        assert not faults(window) and window.lab.page.curve.height() >= 60, size
        layers.click()


def test_the_comparison(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    view = window.lab.compare
    view.toggle.click()
    for baseline in view.listing.baselines()[:2]:
        view.comparison.add(baseline.choice)
    columns = view.comparison.columns
    qtbot.waitUntil(lambda: all(c.steps or c.problem for c in columns))
    quiet(qtbot, window.workspace)
    for size in SIZES:
        show(window, qtbot, size, window.lab)
        assert not faults(window), size


def test_every_dock(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    for size, dock in product(SIZES, window.docks()):
        show(window, qtbot, size, window.train)
        dock.raise_()
        show(window, qtbot, size, window.train)
        assert dock.widget().isVisible() and not faults(window), (size, dock.objectName())


@pytest.mark.parametrize("box", [about.about_box, Shortcuts])
def test_a_dialog_shows_all_its_text(
    window: MainWindow, qtbot: QtBot, box: Callable[[QWidget], QWidget]
) -> None:
    dialog = box(window)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert not faults(dialog)
    dialog.close()


def tab_bars(window: MainWindow) -> list[set[str]]:
    """The tabs of docks that are on the screen, group by group."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    bars = [bar for bar in window.findChildren(QTabBar, options=direct) if bar.isVisible()]
    return [{bar.tabText(place) for place in range(bar.count())} for bar in bars]


def test_docks_fold_in_a_small_window_and_come_back(window: MainWindow, qtbot: QtBot) -> None:
    tasks, settings, log, queue = window.docks()
    show(window, qtbot, (1280, 800), window.train)
    wide = tasks.width()
    assert not window.tabifiedDockWidgets(settings)
    for _ in range(3):
        show(window, qtbot, (1024, 700), window.train)
        assert set(window.tabifiedDockWidgets(settings)) == {tasks, log, queue}
        assert window.train.width() > 640
        assert tab_bars(window) == [{"Settings", "Data and tasks", "Queue", "Log"}]
        show(window, qtbot, (1280, 800), window.train)
        assert not window.tabifiedDockWidgets(settings)
        assert window.tabifiedDockWidgets(log) == [queue]
        assert tab_bars(window) == [{"Queue", "Log"}]
        assert (
            abs(tasks.width() - wide) <= 2 and tasks.x() < window.train.mapTo(window, QPoint()).x()
        )
    show(window, qtbot, (1280, 700), window.train)
    assert set(window.tabifiedDockWidgets(settings)) == {log, queue}


def test_a_hidden_dock_stays_hidden_when_it_folds(window: MainWindow, qtbot: QtBot) -> None:
    tasks, settings, *_ = window.docks()
    tasks.hide()
    for size in ((1024, 700), (1280, 800)):
        show(window, qtbot, size, window.train)
        assert tasks.isHidden() and settings.isVisible()


def test_folded_docks_are_folded_again_and_unfold(window: MainWindow, qtbot: QtBot) -> None:
    show(window, qtbot, (1024, 700), window.train)
    window.remember()
    again = MainWindow(window.workspace)
    qtbot.addWidget(again)
    again.show()
    show(again, qtbot, (1024, 700), again.train)
    tasks, settings, log, queue = again.docks()
    assert set(again.tabifiedDockWidgets(settings)) == {tasks, log, queue}
    again.reset_layout()
    assert set(again.tabifiedDockWidgets(settings)) == {tasks, log, queue}
    show(again, qtbot, (1360, 860), again.train)
    assert not again.tabifiedDockWidgets(settings)
    again.log.close_log()


def places(window: MainWindow) -> dict[str, QRect]:
    """Of what must not move when a view opens below: all but the lower edge of what is above."""
    lab = window.lab
    kept: list[QWidget] = [lab.header, lab.drawer, *lab.drawer.toggles.values()]
    kept += [lab.page.support.slot(way, 0) for way in range(5)] + list(lab.page.queries.cards)
    found = {w.objectName() or str(n): QRect(w.mapTo(lab, QPoint()), w.size()) for n, w in
             enumerate(kept)}  # fmt: skip
    for part in (lab.page.support, lab.middle, lab.page.queries):
        top = part.mapTo(lab, QPoint())
        found[f"{part.objectName()}.top"] = QRect(top, QSize(part.width(), 0))
    return found


def test_nothing_moves_when_views_open_and_change(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    for size in SIZES:
        nothing_moves(window, qtbot, size)


def nothing_moves(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    show(window, qtbot, size, window.lab)
    before, heights = places(window), set()
    for toggle in window.lab.drawer.toggles.values():
        if toggle.isVisible():
            toggle.click()
            show(window, qtbot, size, window.lab)
            assert places(window) == before, toggle.text()
            heights.add((window.lab.drawer.sheet.y(), window.lab.drawer.sheet.height()))
    assert len(heights) == 1
    toggle.click()
    show(window, qtbot, size, window.lab)
    assert places(window) == before


def test_the_border_of_the_drawer_is_dragged_and_remembered(
    window: MainWindow, qtbot: QtBot
) -> None:
    use_glyphs(window, qtbot)
    show(window, qtbot, LARGE, window.lab)
    lab = window.lab
    lab.drawer.toggles["layers"].click()
    show(window, qtbot, LARGE, window.lab)
    before, handle = lab.drawer.sheet.height(), lab.board.handle(1)
    middle = handle.rect().center()
    qtbot.mousePress(handle, LEFT, pos=middle)
    qtbot.mouseMove(handle, middle - QPoint(0, 40))
    qtbot.mouseRelease(handle, LEFT, pos=middle - QPoint(0, 40))
    dragged = lab.drawer.sheet.height()
    assert before + 20 < dragged <= before + 42
    lab.drawer.toggles["confusion"].click()
    show(window, qtbot, LARGE, window.lab)
    assert lab.drawer.sheet.height() == dragged == settings.number(lab.board.KEY, 0)
    again = MainWindow(window.workspace)
    qtbot.addWidget(again)
    again.show()
    show(again, qtbot, LARGE, again.lab)
    again.lab.drawer.toggles["layers"].click()
    show(again, qtbot, LARGE, again.lab)
    assert again.lab.drawer.sheet.height() == dragged
    again.log.close_log()


def test_pictures_use_the_room_of_a_large_window(window: MainWindow, qtbot: QtBot) -> None:
    use_glyphs(window, qtbot)
    sides = {}
    for size in SIZES:
        show(window, qtbot, size, window.lab)
        slot, card = window.lab.page.support.slot(0, 0), window.lab.page.queries.cards[0]
        sides[size] = slot.width(), card.width()
        assert SLOTS.least <= slot.width() <= SLOTS.most
        assert CARDS.least <= card.width() <= CARDS.most + 3
    small, large = sides[1024, 700], sides[1920, 1080]
    assert large[0] >= 1.3 * small[0] and large[1] >= 1.4 * small[1], sides
    assert sides[MINIMUM_SIZE] <= small <= sides[1280, 800] <= large


def test_the_first_window_fits_the_screen(window: MainWindow, qtbot: QtBot) -> None:
    settings.settings().remove("window/geometry")
    first = MainWindow(window.workspace)
    qtbot.addWidget(first)
    room = first.screen().availableGeometry()
    assert first.width() <= max(room.width(), MINIMUM_SIZE[0])
    assert first.height() <= max(room.height(), MINIMUM_SIZE[1])
    first.log.close_log()


def test_lesser_buttons_lose_their_words_not_their_names(window: MainWindow, qtbot: QtBot) -> None:
    button = window.transport.findChild(QToolButton, "buttonStepOuter")
    assert button is not None
    show(window, qtbot, (1280, 800), window.train)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    show(window, qtbot, (1024, 700), window.train)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.toolTip() and button.accessibleName() and button.icon().actualSize(QSize(18, 18))
