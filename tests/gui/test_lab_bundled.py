"""The first adaptation on the screen is of the bundled run, until something else is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    expected,
    settled,
    show_lab,
    wait_for_curve,
    wait_for_task,
)
from workbench.core import resources
from workbench.experiments.session import learner_of
from workbench.experiments.store import open_run
from workbench.gui.kinds.pictures.slot import SupportSlot
from workbench.gui.lab.panel import LabPanel
from workbench.gui.state.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def asleep(qtbot: QtBot) -> Iterator[LabPanel]:
    """As it is painted first: nothing is loaded."""
    workspace = Workspace()
    panel = show_lab(qtbot, workspace)
    yield panel
    assert workspace.shut_down()


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    """As the program starts: the default preset, and nothing chosen."""
    workspace = Workspace()
    panel = show_lab(qtbot, workspace)
    workspace.load()
    wait_for_task_of(qtbot, workspace)
    yield panel
    workspace.training.stop()
    qtbot.waitUntil(lambda: not workspace.training.busy)
    assert workspace.shut_down()


def wait_for_task_of(qtbot: QtBot, workspace: Workspace) -> None:
    qtbot.waitUntil(lambda: workspace.ready)
    wait_for_task(qtbot, workspace)


def wait_for_label(qtbot: QtBot, lab: LabPanel, label: str) -> None:
    state = lab.state

    def shown() -> bool:
        return state.learner is not None and state.learner.label == label and settled(state)

    qtbot.waitUntil(shown)


def choose(lab: LabPanel, qtbot: QtBot, start: str) -> None:
    box = lab.header.learner
    row = next(r for r in range(box.count()) if box.itemText(r).startswith(start))
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    if row == 0:
        box.activated.emit(0)


def test_before_anything_is_loaded_the_recorded_adaptation_shows(
    asleep: LabPanel, qtbot: QtBot
) -> None:
    recorded = list(asleep.state.steps)
    assert asleep.state.workspace.data.family is None and len(recorded) == 4
    assert "as recorded" in asleep.header.caption.text()
    assert asleep.header.learner.currentText().startswith("Bundled example")
    assert asleep.header.summary.text() and not asleep.drawer.isEnabled()
    shown = [card.answer.predicted for card in asleep.page.queries.cards]
    assert shown == recorded[-1].query_outputs.argmax(-1).tolist()
    slots = asleep.findChildren(SupportSlot)
    pictures = [slot.grab().toImage() for slot in slots]
    qtbot.mouseClick(asleep.page.support.slot(0, 0), LEFT)
    editing, slot = asleep.page.support.editing, asleep.page.support.slot(1, 0)
    for act in (editing.add_shots, editing.add_class):
        act()
    editing.draw(slot)
    slot.itemDropped.emit(0, 0)
    slot.fileDropped.emit(Path("nothing.png"))
    assert asleep.state.steps == recorded and not editing.drawing.isVisible()
    assert not asleep.header.dice.isEnabled()
    asleep.state.workspace.load()
    kept: list[bool] = []
    asleep.state.stepsChanged.connect(lambda: kept.append(bool(asleep.state.steps)))
    wait_for_label(qtbot, asleep, "bundled")
    assert all(kept) and asleep.state.preview is None and asleep.drawer.isEnabled()
    for old, new in zip(recorded, asleep.state.steps, strict=True):
        np.testing.assert_allclose(old.query_loss, new.query_loss, rtol=2e-3)
        np.testing.assert_allclose(old.support_loss, new.support_loss, rtol=2e-2, atol=1e-4)
        np.testing.assert_allclose(old.query_outputs, new.query_outputs, atol=2e-2)
        assert old.query_metric == pytest.approx(new.query_metric)
    assert pictures[1:] == [slot.grab().toImage() for slot in slots][1:]  # the first was clicked


def test_the_first_curve_is_that_of_the_bundled_weights(lab: LabPanel, qtbot: QtBot) -> None:
    seen: set[str] = set()
    lab.state.stepsChanged.connect(
        lambda: seen.add(lab.state.learner.label) if lab.state.steps else None
    )
    shown = wait_for_curve(qtbot, lab.state)
    workspace = lab.state.workspace
    kept = open_run(resources.path("bundled", "glyphs")).load_checkpoint()
    learner = learner_of(kept, workspace.data.family)
    wanted = list(learner.adapt(workspace.in_view.task.episode(), lab.state.planned))
    assert_same_curve(shown, wanted)
    assert seen <= {"bundled"}
    assert lab.header.learner.currentText() == "Bundled example, 900 iterations"
    assert "bundled example  ·  900 iterations" in lab.header.caption.text()
    assert shown[-1].query_metric > 0.6


def test_it_is_offered_beside_the_untrained_weights(lab: LabPanel, qtbot: QtBot) -> None:
    wait_for_label(qtbot, lab, "bundled")
    choose(lab, qtbot, "Untrained")
    wait_for_label(qtbot, lab, "untrained")
    assert lab.header.learner.currentText() == "Untrained model"
    assert_same_curve(lab.state.steps, expected(lab.state))
    choose(lab, qtbot, "Bundled")
    wait_for_label(qtbot, lab, "bundled")
    lab.state.workspace.learners.use_fresh()
    wait_for_label(qtbot, lab, "untrained")
    choose(lab, qtbot, "Bundled")
    wait_for_label(qtbot, lab, "bundled")
    assert lab.header.learner.currentText().startswith("Bundled")
    lab.state.workspace.learners.use_fresh()
    wait_for_label(qtbot, lab, "untrained")


def test_other_settings_have_the_weights_they_start_from(lab: LabPanel, qtbot: QtBot) -> None:
    workspace = lab.state.workspace
    wait_for_label(qtbot, lab, "bundled")
    workspace.draft.set_value("algorithm", "inner_rate", 0.1)
    wait_for_label(qtbot, lab, "untrained")
    choose(lab, qtbot, "Bundled")
    wait_for_label(qtbot, lab, "bundled")
    workspace.draft.use_preset("glyphs")
    for field, value in (("shots", 2), ("ways", 3)):
        workspace.draft.set_value("task", field, value)
        wait_for_task(qtbot, workspace)
        wait_for_label(qtbot, lab, "bundled" if field == "shots" else "untrained")
    texts = [lab.header.learner.itemText(row) for row in range(lab.header.learner.count())]
    assert not any("Bundled" in text for text in texts)
    workspace.draft.set_value("task", "ways", 5)
    workspace.draft.set_value("task", "glyph_seed", 7)
    wait_for_task(qtbot, workspace)
    wait_for_label(qtbot, lab, "untrained")
    workspace.draft.use_preset("sinusoid")
    wait_for_task(qtbot, workspace)
    wait_for_label(qtbot, lab, "untrained")


def test_a_training_takes_over(lab: LabPanel, qtbot: QtBot) -> None:
    wait_for_label(qtbot, lab, "bundled")
    workspace = lab.state.workspace
    workspace.draft.set_value("training", "eval_tasks", 4)
    workspace.draft.set_value("training", "test_tasks", 4)
    workspace.draft.set_value("model", "filters", 8)
    workspace.start()
    wait_for_label(qtbot, lab, "live")
    assert lab.header.learner.currentText().startswith("Live model")
    assert lab.header.learner.itemText(1).startswith("Bundled")


@pytest.mark.parametrize("name", ["protonet", "transfer"])
def test_rivals_come_with_the_program(lab: LabPanel, qtbot: QtBot, name: str) -> None:
    wait_for_label(qtbot, lab, "bundled")
    qtbot.mouseClick(lab.header.findChild(QToolButton, "lab.compare"), LEFT)
    qtbot.waitUntil(lambda: bool(lab.compare.listing.examples))
    entry = lab.compare.menu.findChild(QAction, f"lab.compare.add.example.{name}")
    assert entry is not None and entry.isEnabled()
    entry.trigger()
    column = lab.compare.comparison.columns[1]
    qtbot.waitUntil(lambda: len(column.steps) == (1 if name == "protonet" else 4))
    task, family = lab.state.workspace.in_view.task, lab.state.workspace.data.family
    assert task is not None and family is not None
    kept = open_run(resources.path("bundled", f"glyphs-{name}")).load_checkpoint()
    steps = 0 if name == "protonet" else lab.state.planned
    torch.set_num_threads(1)
    wanted = list(learner_of(kept, family).adapt(task.episode(), steps))
    assert_same_curve(column.steps, wanted)
    assert wanted[-1].query_metric > 0.3
