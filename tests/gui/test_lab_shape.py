"""The support set by hand beyond single pictures: locks, classes, shots, strokes, scenes, undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    drag,
    expected,
    open_workspace,
    settled,
    show_lab,
    wait_for_curve,
)
from tests.gui.quiet import quiet
from workbench.experiments.scene import digest, read
from workbench.experiments.session import refitted
from workbench.gui.lab.panel import LabPanel
from workbench.start.main import main

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(params=["maml"])
def lab(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[LabPanel]:
    workspace = open_workspace(
        qtbot,
        "glyphs",
        task={"ways": 3, "shots": 2, "queries": 3},
        model={"filters": 8},
        algorithm={"test_steps": 2},
    )
    if request.param != "maml":
        workspace.draft.choose("algorithm", request.param)
    panel = show_lab(qtbot, workspace)
    panel.activateWindow()
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def press(lab: LabPanel, name: str) -> None:
    button = lab.findChild(QToolButton, name)
    assert button is not None
    button.click()


def choose(lab: LabPanel, menu: str, action: str) -> None:
    """Right-click opens the menu; its entry is triggered as a click would."""
    QApplication.processEvents()
    opened = [m for m in lab.findChildren(QMenu, menu) if m.isVisible()]
    assert opened
    entry = opened[-1].findChild(QAction, action)
    assert entry is not None
    entry.trigger()
    opened[-1].close()


def test_a_locked_picture_stays_in_new_draws(qtbot: QtBot, lab: LabPanel) -> None:
    view, slot = lab.state.workspace.in_view, lab.page.support.slot(1, 0)
    before: Any = view.task
    slot.setFocus()
    qtbot.keyClick(slot, Qt.Key.Key_L)
    assert slot.locked and "Locked" in slot.toolTip() and lab.header.restore.isEnabled()
    for _ in range(3):
        qtbot.mouseClick(lab.header.dice, LEFT)
        now: Any = view.task
        assert now.support[1][0] == before.support[1][0] and now.classes[1] == before.classes[1]
        assert now.query[1] == before.query[1]
        assert now.classes[0] != before.classes[0] or now.support[0] != before.support[0]
    assert lab.page.support.slot(1, 0).locked
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))
    seed = view.seed
    qtbot.mouseClick(lab.header.restore, LEFT)
    assert not lab.page.support.slot(1, 0).locked and view.seed == seed
    assert view.task.support == lab.state.workspace.data.family.draw("val", seed).support  # type: ignore


def test_the_seed_is_shown_and_typed(qtbot: QtBot, lab: LabPanel) -> None:
    lab.header.seed.setFocus()
    lab.header.seed.selectAll()
    qtbot.keyClicks(lab.header.seed, "77")
    qtbot.keyClick(lab.header.seed, Qt.Key.Key_Return)
    family: Any = lab.state.workspace.data.family
    shown: Any = lab.state.task
    assert shown.support == family.draw("val", 77).support
    qtbot.mouseClick(lab.header.dice, LEFT)
    assert lab.header.seed.value() == lab.state.workspace.in_view.seed


def test_another_class_asks_before_the_head_starts_anew(qtbot: QtBot, lab: LabPanel) -> None:
    learner, before = lab.state.learner, lab.state.task
    press(lab, "lab.addClass")
    qtbot.waitUntil(lab.misfit.isVisible)
    assert "4 classes" in lab.misfit.text.text() and "tells 3 apart" in lab.misfit.text.text()
    assert lab.state.steps == [] and len(lab.page.queries.cards) == 12
    qtbot.mouseClick(lab.misfit.yes, LEFT)
    steps = wait_for_curve(qtbot, lab.state)
    task: Any = lab.state.task
    family: Any = lab.state.workspace.data.family
    assert learner is not None
    fitted, anew = refitted(learner, family.fitting(task))
    assert all("head" in name or "classifier" in name for name in anew) and len(anew) == 2
    assert_same_curve(steps, list(fitted.adapt(task.episode(), 2)))
    assert steps[-1].query_outputs.shape == (12, 4) and not lab.misfit.isVisible()
    assert "new head" in lab.header.caption.text()
    press(lab, "lab.addClass")
    qtbot.waitUntil(
        lambda: bool(lab.state.steps) and lab.state.steps[-1].query_outputs.shape[1] == 5
    )
    lab.state.workspace.draft.undo.undo()
    lab.state.workspace.draft.undo.undo()
    assert lab.state.task is before and lab.state.learner is learner
    wait_for_curve(qtbot, lab.state)
    assert_same_curve(lab.state.steps, expected(lab.state))


def test_a_learner_fitted_meanwhile_is_used_at_last(qtbot: QtBot, lab: LabPanel) -> None:
    """Newer weights of a training come while a long adaptation goes on."""
    state, learners = lab.state, lab.state.workspace.learners
    press(lab, "lab.addClass")
    qtbot.waitUntil(lab.misfit.isVisible)
    qtbot.mouseClick(lab.misfit.yes, LEFT)
    wait_for_curve(qtbot, state)
    state.set_planned(60)
    wait_for_curve(qtbot, state)
    base = state.base
    assert base is not None
    moved = {name: weight + 0.05 for name, weight in base.weights.items()}
    learners._live = replace(base, weights=moved, iteration=99, label="live")
    learners._live_spec = state.workspace.data.family.spec  # type: ignore[union-attr]
    learners.changed.emit()
    qtbot.waitUntil(
        lambda: settled(state) and state.learner is not None and state.learner.iteration == 99,
    )
    assert_same_curve(state.steps, expected(state))


def test_the_misfit_is_undone_by_its_button(qtbot: QtBot, lab: LabPanel) -> None:
    before = lab.state.task
    lab.page.support.editing.remove_class(2)
    qtbot.waitUntil(lab.misfit.isVisible)
    assert "2 classes" in lab.misfit.text.text()
    qtbot.mouseClick(lab.misfit.no, LEFT)
    assert lab.state.task is before
    qtbot.waitUntil(lambda: not lab.misfit.isVisible())
    wait_for_curve(qtbot, lab.state)


@pytest.mark.parametrize("lab", ["protonet"], indirect=True)
def test_a_learner_that_compares_takes_another_class_at_once(qtbot: QtBot, lab: LabPanel) -> None:
    wait_for_curve(qtbot, lab.state)
    qtbot.waitUntil(lambda: not lab.state.stepwise)
    press(lab, "lab.addClass")
    qtbot.waitUntil(
        lambda: bool(lab.state.steps) and lab.state.steps[0].query_outputs.shape == (12, 4),
    )
    assert not lab.misfit.isVisible()


def test_shots_come_and_go_by_button_key_and_menu(qtbot: QtBot, lab: LabPanel) -> None:
    press(lab, "lab.addShot")
    assert [len(row) for row in lab.state.task.support] == [3, 3, 3]  # type: ignore[union-attr]
    slot = lab.page.support.slot(0, 2)
    slot.setFocus()
    qtbot.keyClick(slot, Qt.Key.Key_Delete)
    lab.page.support.slot(1, 1).contextMenuEvent(_menu_at(lab.page.support.slot(1, 1)))
    choose(lab, "lab.slot.menu", "lab.slot.menu.remove")
    lab.page.support.slot(2, 0).contextMenuEvent(_menu_at(lab.page.support.slot(2, 0)))
    choose(lab, "lab.slot.menu", "lab.class.menu.more")
    task: Any = lab.state.task
    assert [len(row) for row in task.support] == [2, 2, 4]
    steps = wait_for_curve(qtbot, lab.state)
    assert len(steps[-1].support_outputs) == 8
    assert_same_curve(steps, expected(lab.state))
    for _ in range(2):
        lab.page.support.editing.remove_shot(0, 0)
    assert lab.notice.isVisible() and "would have no support image" in lab.notice.text()


def _menu_at(slot: Any) -> Any:
    from PySide6.QtGui import QContextMenuEvent

    at = slot.rect().center()
    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, slot.mapToGlobal(at))


def test_a_replaced_picture_comes_back_with_undo(qtbot: QtBot, lab: LabPanel) -> None:
    before: Any = lab.state.task
    lab.page.support.editing.replace(0, 0, before.candidates(0)[-1])
    assert lab.state.edited and lab.state.task is not before
    lab.state.workspace.draft.undo.undo()
    assert lab.state.task is before and not lab.state.edited
    lab.state.workspace.draft.undo.redo()
    assert lab.state.edited
    lab.state.workspace.in_view.resample(seed=9)
    drawn = lab.state.task
    lab.state.workspace.draft.undo.undo()
    assert lab.state.task is drawn


def test_undo_does_not_reach_past_a_new_draw(qtbot: QtBot, lab: LabPanel) -> None:
    view, undo = lab.state.workspace.in_view, lab.state.workspace.draft.undo
    first: Any = view.task
    view.edit(first.with_item((0, 0), first.candidates(0)[-1]), "same kind")
    view.resample(seed=21)
    drawn: Any = view.task
    view.edit(drawn.with_item((0, 0), drawn.candidates(0)[-1]), "same kind")
    undo.undo()
    assert view.task is drawn
    lab.page.support.editing.replace(0, 0, drawn.candidates(0)[-1])
    lab.page.support.editing.toggle_lock(1, 1)
    undo.undo()
    assert view.task is drawn and view.locked == {(1, 1)}
    wait_for_curve(qtbot, lab.state)


def test_a_setting_changed_and_back_leaves_the_hand_made_task(qtbot: QtBot, lab: LabPanel) -> None:
    workspace: Any = lab.state.workspace
    lab.page.support.editing.replace(0, 0, workspace.in_view.task.candidates(0)[-1])
    mine = workspace.in_view.task
    workspace.draft.set_value("task", "shots", 3)
    workspace.draft.undo.undo()
    quiet(qtbot, workspace)
    assert workspace.in_view.task is mine and workspace.data.family.params.shots == 2
    wait_for_curve(qtbot, lab.state)


def test_an_empty_sheet_gives_back_what_it_covered(qtbot: QtBot, lab: LabPanel) -> None:
    popup, before = lab.page.support.editing.drawing, lab.state.workspace.in_view.task
    for way in (0, 1):
        lab.page.support.editing.draw(lab.page.support.slot(way, 0))
        drag(popup.canvas, [QPoint(40, 40), QPoint(120, 160)])
        popup.hide()
    lab.page.support.editing.remove_class(0)
    lab.page.support.editing.draw(lab.page.support.slot(0, 0))
    qtbot.mouseClick(popup.clear, LEFT)
    popup.hide()
    after: Any = lab.state.workspace.in_view.task
    assert after.support[0][0] == before.support[1][0]  # type: ignore[union-attr]


def test_a_drawing_is_gone_on_with_and_the_pen_draws(qtbot: QtBot, lab: LabPanel) -> None:
    slot, popup = lab.page.support.slot(2, 1), lab.page.support.editing.drawing
    lab.page.support.editing.draw(slot)
    drag(popup.canvas, [QPoint(40, 40), QPoint(120, 160), QPoint(180, 60)])
    first = lab.state.task.support[2][1]  # type: ignore[union-attr]
    assert len(first.strokes) == 1 and first.strokes[0][0] == (round(40 / 224, 4),) * 2
    popup.hide()
    lab.page.support.editing.draw(lab.page.support.slot(0, 0))
    assert popup.canvas.empty
    popup.hide()
    lab.page.support.editing.draw(slot)
    assert popup.canvas.strokes() == first.strokes
    for kind, x in (("TabletPress", 20), ("TabletMove", 200), ("TabletRelease", 200)):
        _pen(popup.canvas, getattr(QEvent.Type, kind), QPointF(x, 200))
    second = lab.state.task.support[2][1]  # type: ignore[union-attr]
    assert len(second.strokes) == 2 and second.pixels.sum() > first.pixels.sum() + 5
    popup.hide()
    wait_for_curve(qtbot, lab.state)


def _pen(canvas: Any, kind: QEvent.Type, at: QPointF) -> None:
    pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
    device = QPointingDevice.primaryPointingDevice()
    keys = Qt.KeyboardModifier.NoModifier
    place = QPointF(canvas.mapToGlobal(at.toPoint()))
    event = QTabletEvent(kind, device, at, place, 0.5, 0, 0, 0, 0, 0, keys, LEFT, pressed)
    QApplication.sendEvent(canvas, event)


def test_a_scene_comes_back_in_the_window_and_on_the_command_line(
    qtbot: QtBot, lab: LabPanel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, file = lab.state.workspace, tmp_path / "mine"
    lab.page.support.editing.draw(lab.page.support.slot(2, 1))
    drag(lab.page.support.editing.drawing.canvas, [QPoint(40, 40), QPoint(180, 60)])
    lab.page.support.editing.drawing.hide()
    lab.page.support.editing.toggle_lock(1, 1)
    lab.state.set_planned(4)
    saved = wait_for_curve(qtbot, lab.state)
    lab.scenes.save(file)
    file = file.with_suffix(".mlab")
    assert "mine.mlab" in lab.notice.text() and read(file).locked == ((1, 1),)
    workspace.draft.set_value("task", "shots", 1)
    qtbot.waitUntil(
        lambda: workspace.data.family is not None and workspace.data.family.params.shots == 1
    )
    lab.state.set_planned(1)
    wait_for_curve(qtbot, lab.state)
    lab.scenes.open(file)
    qtbot.waitUntil(lambda: len(lab.state.steps) == 5)
    opened = wait_for_curve(qtbot, lab.state)
    assert_same_curve(opened, saved)
    assert lab.page.support.slot(1, 1).locked and "as they were saved" in lab.notice.text()
    picture = lab.state.task.support[2][1]  # type: ignore[union-attr]
    assert picture.strokes[0][0] == (round(40 / 224, 4),) * 2
    _check_on_the_command_line(lab, file, tmp_path / "run", saved, capsys)


def _check_on_the_command_line(
    lab: LabPanel, file: Path, run: Path, saved: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The very weights of the lab as a run that `adapt` reads."""
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.store import Run

    learner, family = lab.state.learner, lab.state.workspace.data.family
    assert learner is not None and family is not None
    record = Run.create(learner.config, run)
    weights = learner.weights
    copies = {name: weight.clone() for name, weight in weights.items()}
    record.save_checkpoint(Checkpoint(learner.config.to_json(), 0, 0.0, weights, copies, None, 0))
    assert digest(weights) == read(file).learner
    capsys.readouterr()
    assert main(["adapt", str(run), "--scene", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])["steps"]
    np.testing.assert_allclose(
        [step["query_loss"] for step in told], [s.query_loss for s in saved], rtol=1e-5
    )


def test_a_scene_keeps_its_steps_and_is_not_mistaken(
    qtbot: QtBot, lab: LabPanel, tmp_path: Path
) -> None:
    file = tmp_path / "four.mlab"
    lab.state.set_planned(5)
    press(lab, "lab.addClass")
    qtbot.waitUntil(lab.misfit.isVisible)
    lab.scenes.save(file)
    assert read(file).steps == 5
    lab.state.workspace.in_view.resample(seed=3)
    lab.state.set_planned(2)
    wait_for_curve(qtbot, lab.state)
    lab.scenes.open(file)
    qtbot.waitUntil(lab.misfit.isVisible)
    assert lab.state.planned == 5
    qtbot.mouseClick(lab.header.dice, LEFT)
    wait_for_curve(qtbot, lab.state)
    assert not lab.notice.isVisible()


def test_a_scene_of_other_data_is_refused(qtbot: QtBot, lab: LabPanel, tmp_path: Path) -> None:
    file, before = tmp_path / "a.mlab", lab.state.task
    lab.scenes.save(file)
    values = json.loads(file.read_text())
    file.write_text(json.dumps({**values, "data": "0" * 64}))
    lab.scenes.open(file)
    qtbot.waitUntil(lambda: "other data" in lab.notice.text())
    assert lab.state.task is before
    file.write_text("{")
    lab.scenes.open(file)
    assert str(file) in lab.notice.text()
