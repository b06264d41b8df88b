"""Drawing that nobody waits for: one piece in a turn of the event loop, each once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import wait_for_curve
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.threads.pump import Pump
from workbench.gui.threads.turns import Turns


class Drawn:
    def __init__(self) -> None:
        self.told: list[str] = []

    def first(self) -> None:
        self.told.append("first")

    def second(self) -> None:
        self.told.append("second")


class Runner:
    """What a pump reads: everything at once, and then its end."""

    def __init__(self, items: list[Any]) -> None:
        self.state = SimpleNamespace(name="FINISHED")
        self._items = items

    def drain(self) -> list[Any]:
        items, self._items = self._items, []
        return items


def test_the_beginning_of_a_run_has_a_turn_of_its_own_and_the_end_comes_last(
    qapp: QCoreApplication,
) -> None:
    pump, told = Pump(interval_ms=1, alone=lambda item: item == "begun"), list[Any]()
    pump.arrived.connect(told.append)
    pump.finished.connect(lambda: told.append("finished"))
    pump.watch(Runner([1, 2, "begun", 3, "begun", "begun", 4]))
    seen = []
    while "finished" not in told:
        qapp.processEvents()
        seen.append(len(told))
    assert told == [[1, 2], ["begun"], [3], ["begun"], ["begun"], [4], "finished"]
    assert seen.index(3) < seen.index(4), "the last list and the end alone share a turn"


def test_what_waits_is_done_at_once_when_its_end_is_asked_for() -> None:
    parent, drawn = QObject(), Drawn()
    turns = Turns(parent, pause_ms=100_000)
    turns.spread = True
    for slot in (drawn.second, drawn.first):
        turns.take(slot)()
    turns.finish()
    assert drawn.told == ["second", "first"] and not turns.waiting


def test_slots_are_called_at_once_or_one_in_a_turn(qapp: QCoreApplication) -> None:
    parent, drawn = QObject(), Drawn()
    turns = Turns(parent)
    first, second = turns.take(drawn.first), turns.take(drawn.second)
    first()
    assert drawn.told == ["first"] and not turns.waiting
    turns.spread = True
    for called in (second, first, second):
        called()
    assert drawn.told == ["first"] and turns.waiting
    seen = []
    while turns.waiting:
        qapp.processEvents()
        seen.append(len(drawn.told))
    assert drawn.told == ["first", "second", "first"]
    assert all(later - earlier <= 1 for earlier, later in zip([1, *seen], seen, strict=False))


def test_what_is_called_at_once_waits_no_longer(qapp: QCoreApplication) -> None:
    parent, drawn = QObject(), Drawn()
    turns = Turns(parent)
    first = turns.take(drawn.first)
    turns.spread = True
    first()
    turns.spread = False
    first()
    assert drawn.told == ["first"] and not turns.waiting


def test_who_is_gone_is_not_called(qapp: QCoreApplication) -> None:
    parent, drawn = QObject(), Drawn()
    turns = Turns(parent)
    turns.spread = True
    told, first = drawn.told, turns.take(drawn.first)
    del drawn
    first()
    assert not turns.waiting and told == []


def test_new_weights_are_drawn_in_turns_and_a_hand_s_change_at_once(
    workspace: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.lab)
    state = window.lab.state
    wait_for_curve(qtbot, state)
    waits: list[bool] = []
    state.completed.connect(lambda: waits.append(state.turns.waiting))
    workspace.draft.set_value("training", "iterations", 1_000_000)
    workspace.start()
    qtbot.waitUntil(lambda: any(waits))
    workspace.training.stop()
    qtbot.waitUntil(lambda: workspace.training.state == "FINISHED" and not state.busy)
    qtbot.waitUntil(lambda: not state.turns.waiting)
    waits.clear()
    state.set_planned(state.planned + 1)
    qtbot.waitUntil(lambda: bool(waits))
    assert waits == [False]
