"""The luck meter: the numbers of `experiments.insight.luck`, of what is looked at alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    expected,
    open_workspace,
    show_lab,
    wait_for_curve,
)
from workbench.experiments.insight.luck import Luck, luck
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views.luck import SEED, TRIED, LuckMeter

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = open_workspace(qtbot, "sinusoid")
    panel = show_lab(qtbot, workspace)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def measured(lab: LabPanel, qtbot: QtBot) -> Luck:
    meter = lab.drawer.luck
    qtbot.mouseClick(meter.ask, LEFT)
    qtbot.waitUntil(lambda: meter.luck is not None)
    assert meter.luck is not None
    return meter.luck


def test_the_line_says_what_the_function_finds(lab: LabPanel, qtbot: QtBot) -> None:
    state, meter = lab.state, lab.drawer.luck
    task, lines = state.task, list[str]()
    say = meter._say
    meter._say = lambda *known: (say(*known), lines.append(meter.line.text()))  # type: ignore[assignment,func-returns-value]
    found = measured(lab, qtbot)
    with state.learner.apart(state.workspace.data.family) as own:
        *_, wanted = luck(own, task, state.planned, SEED, TRIED)
    assert found.own == pytest.approx(wanted.own, rel=1e-5)
    assert found.others == pytest.approx(wanted.others, rel=1e-4)
    assert f"better than {wanted.percentile:.0f} % of 200 support sets" in meter.line.text()
    assert lines
    assert meter.best.isVisible() and meter.worst.isVisible() and not meter.ask.isVisible()
    for worst in (found.worst, task):
        meter.luck = replace(found, own=math.inf, worst=worst)
        meter.refresh()
        assert "diverged; worse than any support set that does not" in meter.line.text()


def test_the_luckiest_and_the_unluckiest_are_used_and_undone(lab: LabPanel, qtbot: QtBot) -> None:
    state, meter = lab.state, lab.drawer.luck
    before = wait_for_curve(qtbot, state)
    found = measured(lab, qtbot)
    losses = {}
    for button, task, worth in (
        (meter.best, found.best, min(found.own, *found.others)),
        (meter.worst, found.worst, max(found.own, *found.others)),
    ):
        qtbot.mouseClick(button, LEFT)
        assert state.task is task and not button.isEnabled()
        shown = wait_for_curve(qtbot, state)
        assert_same_curve(shown, expected(state))
        losses[button] = shown[-1].query_loss
        assert shown[-1].query_loss == pytest.approx(worth, rel=1e-4)
        assert "luckiest of 201" in meter.line.text()
    assert losses[meter.best] < losses[meter.worst]
    qtbot.mouseClick(lab.header.restore, LEFT)
    assert_same_curve(wait_for_curve(qtbot, state), before)
    assert meter.luck is None and meter.ask.isVisible()


def is_idle(meter: LuckMeter) -> bool:
    return meter.luck is None and meter.ask.isVisible() and not meter.line.isVisible()


def test_another_task_or_learner_cancels_it(lab: LabPanel, qtbot: QtBot) -> None:
    meter, state = lab.drawer.luck, lab.state
    qtbot.mouseClick(meter.ask, LEFT)
    assert meter.line.isVisible()
    qtbot.mouseClick(lab.header.dice, LEFT)
    assert is_idle(meter)
    wait_for_curve(qtbot, state)
    measured(lab, qtbot)
    state.workspace.draft.set_value("training", "seed", 5)
    qtbot.waitUntil(lambda: is_idle(meter))
    wait_for_curve(qtbot, state)
    measured(lab, qtbot)
    state.set_planned(state.planned + 1)
    assert is_idle(meter)
