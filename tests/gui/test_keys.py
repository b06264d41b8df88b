"""Keys go where the focus is, and the list of shortcuts is whole."""

from __future__ import annotations

import html
import importlib
import pkgutil

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

import workbench.gui
from workbench.gui.shell import keys
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.shell.shortcut_list import Shortcuts

LEFT = Qt.MouseButton.LeftButton
SINGLE = (Qt.Key.Key_R, Qt.Key.Key_C, Qt.Key.Key_D, Qt.Key.Key_L, Qt.Key.Key_Space)


@pytest.fixture
def lab(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window on a picture task, the lab in front, the keyboard its own."""
    space = window.workspace
    space.draft.use_preset("glyphs")
    qtbot.waitUntil(
        lambda: (
            space.data.family is not None and space.data.family.params == space.draft.config.task
        ),
    )
    window.tabs.setCurrentWidget(window.lab)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    state = window.lab.state
    qtbot.waitUntil(lambda: len(state.steps) == state.planned + 1 > 1)
    return window


def editors(window: MainWindow) -> list[QWidget]:
    found = [*window.findChildren(QLineEdit), *window.findChildren(QAbstractSpinBox)]
    inner = [e for e in found if not isinstance(e.parent(), QAbstractSpinBox)]
    return [e for e in inner if e.isVisible() and e.isEnabled() and keys.types(e)]


def focused() -> QWidget | None:
    widget = QApplication.focusWidget()
    assert widget is None or isinstance(widget, QWidget)
    return widget


def press(key: Qt.Key, qtbot: QtBot) -> None:
    widget = focused()
    assert widget is not None
    qtbot.keyClick(widget, key)


def states(window: MainWindow) -> tuple[object, ...]:
    space = window.workspace
    drawing = QApplication.activePopupWidget()
    return space.in_view.seed, space.training.state, window.lab.compare.toggle.isChecked(), drawing


def test_no_single_key_acts_while_text_or_a_number_is_edited(lab: MainWindow, qtbot: QtBot) -> None:
    found = editors(lab)
    assert len(found) > 8
    assert {"lab.steps", "tasks.seed", "log.filter"} <= {e.objectName() for e in found}
    for editor in found:
        editor.setFocus()
        assert focused() is editor
        before = states(lab)
        for key in SINGLE:
            press(key, qtbot)
        assert states(lab) == before, editor.objectName()


def test_space_typed_into_a_text_is_text(lab: MainWindow, qtbot: QtBot) -> None:
    line = lab.findChild(QLineEdit, "log.filter")
    assert line is not None
    line.setFocus()
    for key in SINGLE:
        press(key, qtbot)
    assert line.text().lower() == "rcdl "


def test_a_click_on_empty_room_or_a_plot_leaves_the_editor(lab: MainWindow, qtbot: QtBot) -> None:
    steps = lab.findChild(QSpinBox, "lab.steps")
    assert steps is not None
    panel = lab.findChild(QWidget, "panel.tasks")
    assert panel is not None
    rooms = [
        lab.lab,
        lab.lab.middle.curves.loss_plot.viewport(),
        lab.lab.middle.curves.metric_plot.viewport(),
        lab.statusBar(),
        lab.transport,
        lab.menuBar(),
        panel,
        *lab.docks(),
    ]
    for room in rooms:
        steps.setFocus()
        assert focused() is steps
        place = QPoint(room.width() - 3, room.height() // 2)
        qtbot.mouseClick(room, LEFT, pos=place)
        assert focused() is not steps, room.objectName() or type(room).__name__
        text, seed = steps.text(), lab.workspace.in_view.seed
        press(Qt.Key.Key_R, qtbot)
        assert steps.text() == text and lab.workspace.in_view.seed != seed


def test_a_click_on_a_tool_button_leaves_the_editor(lab: MainWindow, qtbot: QtBot) -> None:
    steps = lab.findChild(QSpinBox, "lab.steps")
    assert steps is not None
    steps.setFocus()
    qtbot.mouseClick(lab.transport.widgetForAction(lab.acts.resample), LEFT)
    assert focused() is not steps


def test_space_pauses_wherever_nothing_else_wants_it(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    window.activateWindow()
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 2)
    for keys_of_tab in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1):
        qtbot.keyClick(window, keys_of_tab, Qt.KeyboardModifier.ControlModifier)
        press(Qt.Key.Key_Space, qtbot)
        qtbot.waitUntil(lambda: space.training.state == "PAUSED")
        press(Qt.Key.Key_Space, qtbot)
        qtbot.waitUntil(lambda: space.training.state == "RUNNING")
    toggle = window.lab.drawer.toggles["xray"]
    window.tabs.setCurrentWidget(window.lab)
    toggle.setFocus()
    press(Qt.Key.Key_Space, qtbot)
    for _ in range(3):  # what a pause would have held back
        with qtbot.waitSignal(space.history.told):
            pass
    assert toggle.isChecked() and space.training.state == "RUNNING"


def test_lab_keys_act_in_the_lab_alone(lab: MainWindow, qtbot: QtBot) -> None:
    lab.setFocus()
    press(Qt.Key.Key_C, qtbot)
    assert lab.lab.compare.toggle.isChecked()
    lab.tabs.setCurrentWidget(lab.train)
    press(Qt.Key.Key_C, qtbot)
    assert lab.lab.compare.toggle.isChecked()


def test_arrows_walk_through_the_steps(lab: MainWindow, qtbot: QtBot) -> None:
    state = lab.lab.state
    qtbot.waitUntil(lambda: len(state.steps) == state.planned + 1 > 1)
    lab.lab.setFocus()
    last = state.cursor
    press(Qt.Key.Key_Left, qtbot)
    assert state.cursor == last - 1
    press(Qt.Key.Key_Right, qtbot)
    assert state.cursor == last


@pytest.mark.parametrize(
    "chord", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier]
)
def test_chords_are_never_claimed(chord: Qt.KeyboardModifier, qtbot: QtBot) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_S, chord, "s")
    assert not keys.claims(line, event)
    plain = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_F5, Qt.KeyboardModifier(0), "")
    assert not keys.claims(line, plain)


def test_the_dialog_lists_every_key_there_is(window: MainWindow) -> None:
    window.show_shortcuts()
    box = window.findChild(Shortcuts, "dialog.shortcuts")
    assert box is not None and box.isVisible()
    text = html.unescape(box.keys.text())
    box.close()
    native = QKeySequence.SequenceFormat.NativeText
    registered = [
        (action.text(), key)
        for action in window.findChildren(QAction)
        for key in action.shortcuts()
        if not key.isEmpty()
    ]
    registered += [(s.whatsThis(), s.key()) for s in window.findChildren(QShortcut)]
    assert len(registered) > 15
    for name, key in registered:
        assert key.toString(native) in text, name
        assert name.replace("&", "").rstrip("…") in text
    for key in ("F5", "Space", "F10", "F11", "Shift+F5", "R", "D", "C", "Ctrl+Shift+Z", "F1", "L"):
        assert f">{key}<" in text or f", {key}<" in text, key


def test_every_widget_with_keys_of_its_own_says_so() -> None:
    names = [m.name for m in pkgutil.walk_packages(workbench.gui.__path__, "workbench.gui.")]
    found = {
        value
        for name in names
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and "keyPressEvent" in vars(value)
    }
    assert len(found) > 6
    own = {kind for kind in found if kind.__module__.startswith("workbench.")}
    assert {kind for kind in own if not hasattr(kind, "key_help")} == set()


@pytest.mark.parametrize(
    "tab", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
def test_start_shows_the_training(window: MainWindow, qtbot: QtBot, tab: int) -> None:
    window.tabs.setCurrentIndex(tab)
    window.activateWindow()
    window.setFocus()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    press(Qt.Key.Key_F5, qtbot)
    assert window.tabs.currentWidget() is window.train
    qtbot.waitUntil(lambda: window.workspace.training.busy)


def test_going_on_stays_where_one_is(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 2)
    space.training.pause()
    qtbot.waitUntil(lambda: space.training.state == "PAUSED")
    window.tabs.setCurrentWidget(window.lab)
    window.acts.start.trigger()
    assert window.tabs.currentWidget() is window.lab
