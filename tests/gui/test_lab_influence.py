"""A click on a query card marks which support pictures helped it, as `insight.influence` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    draw_folder,
    picture_workspace,
    settled,
    show_lab,
    wait_for_curve,
)
from workbench.experiments.insight.influence import influence
from workbench.gui.lab.panel import LabPanel
from workbench.gui.style import paint

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> Iterator[LabPanel]:
    workspace = picture_workspace(qtbot, draw_folder(tmp_path / "pictures"))
    panel = show_lab(qtbot, workspace)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def ask(lab: LabPanel, qtbot: QtBot, query: int) -> None:
    qtbot.mouseClick(lab.page.queries.cards[query], LEFT)
    wait_for_answer(lab, qtbot)


def wait_for_answer(lab: LabPanel, qtbot: QtBot) -> None:
    source = lab.influence
    qtbot.waitUntil(lambda: bool(source.values or source.problem))


def wanted(lab: LabPanel, query: int, steps: int) -> list[float]:
    torch.set_num_threads(1)
    state = lab.state
    assert state.learner is not None and state.task is not None
    values: list[float] = influence(state.learner, state.task.episode(), query, steps).tolist()
    return values


def marks(lab: LabPanel) -> list[str]:
    """What the slots say to a screen reader, which is what they paint."""
    slots = [lab.page.support.slot(way, shot) for way in range(3) for shot in range(2)]
    lines = [line for slot in slots for line in slot.accessibleDescription().splitlines()]
    return [line.removeprefix("Influence: ") for line in lines if line.startswith("Influence")]


def test_a_click_marks_every_support_picture(lab: LabPanel, qtbot: QtBot) -> None:
    assert lab.influence_line.isHidden() and marks(lab) == []
    ask(lab, qtbot, 5)
    values = wanted(lab, 5, 3)
    assert lab.influence.values == pytest.approx(values, rel=1e-3, abs=1e-5)
    assert marks(lab) == [paint.influence_mark(value) for value in lab.influence.values or []]
    assert "Query item 2 of class B at step 3" in lab.influence_line.text.text()
    assert [card.asked for card in lab.page.queries.cards].index(True) == 5
    assert any(value > 0 for value in values) and any(value < 0 for value in values)


def test_it_follows_the_step_and_the_support_set(lab: LabPanel, qtbot: QtBot) -> None:
    ask(lab, qtbot, 0)
    lab.state.set_cursor(1)
    wait_for_answer(lab, qtbot)
    assert lab.influence.values == pytest.approx(wanted(lab, 0, 1), rel=1e-3, abs=1e-5)
    lab.state.set_cursor(0)
    wait_for_answer(lab, qtbot)
    assert lab.influence.values == [0.0] * 6
    assert "Step 0" in lab.influence_line.text.text()
    lab.state.set_cursor(3)
    task = lab.state.task
    lab.page.support.editing.replace(0, 0, task.candidates(0)[-1])
    qtbot.waitUntil(lambda: settled(lab.state))
    wait_for_answer(lab, qtbot)
    assert lab.influence.values == pytest.approx(wanted(lab, 0, 3), rel=1e-3, abs=1e-5)
    qtbot.mouseClick(lab.header.dice, LEFT)
    assert lab.influence_line.isHidden() and marks(lab) == []


def test_it_is_closed_by_the_cross_the_card_and_escape(lab: LabPanel, qtbot: QtBot) -> None:
    def cross() -> None:
        qtbot.mouseClick(lab.influence_line.cross, LEFT)

    def card() -> None:
        qtbot.mouseClick(lab.page.queries.cards[2], LEFT)

    def escape() -> None:
        qtbot.keyClick(lab.page.queries.cards[2], Qt.Key.Key_Escape)

    for close in (cross, card, escape):
        ask(lab, qtbot, 2)
        assert len(marks(lab)) == 6 and lab.influence_line.isVisible()
        close()
        assert marks(lab) == [] and lab.influence_line.isHidden()
        assert not any(card.asked for card in lab.page.queries.cards)


def test_a_method_without_gradient_steps_says_so(lab: LabPanel, qtbot: QtBot) -> None:
    workspace = lab.state.workspace
    workspace.draft.choose("algorithm", "protonet")

    def adapted() -> bool:
        learner = lab.state.learner
        named = learner is not None and learner.config.algorithm.name == "protonet"
        return named and settled(lab.state)

    qtbot.waitUntil(adapted)
    ask(lab, qtbot, 0)
    assert "does not adapt by gradient steps" in lab.influence_line.text.text()
    assert marks(lab) == []
