"""Pictures of one's own in the lab: dropped, drawn, predicted, scored, undone, beside the task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    drag,
    draw_folder,
    open_workspace,
    picture_workspace,
    show_lab,
    wait_for_curve,
)
from workbench.experiments.predicting import adapted_file
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.predicting.predictor import beside
from workbench.gui.kinds.pictures.class_title import ClassTitle
from workbench.gui.kinds.pictures.own.panel import OwnPanel
from workbench.gui.kinds.pictures.own.row import HEIGHT, OwnRow
from workbench.gui.lab.panel import LabPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_folder(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def lab(qtbot: QtBot, folder: Path) -> Iterator[LabPanel]:
    panel = show_lab(qtbot, picture_workspace(qtbot, folder))
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert panel.state.workspace.shut_down()


def own_of(lab: LabPanel) -> OwnPanel:
    found: OwnPanel = lab.page.own  # type: ignore[attr-defined]
    return found


def drop(lab: LabPanel, *files: Path) -> None:
    side, data = lab.page.right, QMimeData()
    assert side is not None
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    where, keys = QPointF(side.rect().center()), Qt.KeyboardModifier.NoModifier
    copied = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where.toPoint(), copied, data, LEFT, keys)
    QApplication.sendEvent(side, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(side, QDropEvent(where, copied, data, LEFT, keys))


def rows(lab: LabPanel) -> list[OwnRow]:
    return own_of(lab).rows.rows


def predicted(lab: LabPanel, qtbot: QtBot, count: int) -> list[list[float]]:
    """The probabilities in view, once all the rows have them."""
    own = own_of(lab)
    qtbot.waitUntil(
        lambda: (
            len(rows(lab)) == count
            and own.asking._job is None
            and all(row.verdict.chances for row in rows(lab))
        )
    )
    return [list(row.verdict.chances) for row in rows(lab)]


def by_predictor(lab: LabPanel, step: int) -> list[list[float]]:
    """What the predictor of the command line says of the same pictures."""
    state, family = lab.state, lab.state.workspace.data.family
    assert family is not None and state.learner is not None and state.episode is not None
    pixels = torch.stack([own.pixels for own in own_of(lab).pictures.held])
    answers = Answers.classes(("a", "b", "c"))
    with beside(state.learner, answers, state.episode.support, step, family) as predictor:
        assert predictor.alone
        return [chances.tolist() for chances in predictor.probabilities(pixels)]


def choose(lab: LabPanel, row: OwnRow, action: str) -> None:
    """An entry of the menu that a click on a row opens."""
    row.click()
    menu = own_of(lab).findChildren(QMenu, "lab.own.menu")[-1]
    found = menu.findChild(QAction, f"lab.own.menu.{action}")
    assert found is not None
    found.trigger()
    menu.close()


def two(lab: LabPanel, folder: Path) -> list[Path]:
    """A picture of each of the first two classes of the task."""
    task = lab.state.task
    return [folder / task.data_title(way) / "03.png" for way in (0, 1)]  # type: ignore[union-attr]


def test_dropped_pictures_are_predicted_as_by_the_command_line_and_follow_the_step(
    lab: LabPanel, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    accuracy = [step.query_metric for step in lab.state.steps]
    drop(lab, *two(lab, folder), bad)
    last = predicted(lab, qtbot, 2)
    np.testing.assert_allclose(last, by_predictor(lab, 3), atol=1e-5)
    assert "1 file was skipped" in lab.notice.text() and "bad.png" in lab.notice.text()
    lab.state.set_cursor(0)
    first = predicted(lab, qtbot, 2)
    np.testing.assert_allclose(first, by_predictor(lab, 0), atol=1e-5)
    assert np.abs(np.array(first) - last).max() > 1e-3
    assert [step.query_metric for step in lab.state.steps] == accuracy
    assert all(row.verdict.right is None for row in rows(lab))
    lab.state.workspace.in_view.resample(seed=7)
    wait_for_curve(qtbot, lab.state)
    again = predicted(lab, qtbot, 2)
    np.testing.assert_allclose(again, by_predictor(lab, lab.state.cursor), atol=1e-5)


def test_a_class_given_is_scored_and_every_change_can_be_undone(
    lab: LabPanel, qtbot: QtBot, folder: Path
) -> None:
    undo = lab.state.workspace.draft.undo
    drop(lab, *two(lab, folder))
    likeliest = int(np.argmax(predicted(lab, qtbot, 2)[0]))
    choose(lab, rows(lab)[0], f"class.{likeliest}")
    choose(lab, rows(lab)[1], f"class.{((rows(lab)[1].verdict.predicted or 0) + 1) % 3}")
    assert [row.verdict.right for row in rows(lab)] == [True, False]
    assert own_of(lab).tally.text() == "1 of 2 right"
    taken = own_of(lab).rows.sheet()
    assert taken is not None
    assert [row[2] for row in taken.table.rows] == [
        row.verdict.titles[row.verdict.truth or 0] for row in rows(lab)
    ]
    qtbot.keyClick(rows(lab)[1], Qt.Key.Key_Delete)
    assert own_of(lab).tally.text() == "1 of 1 right"
    for _ in range(3):
        undo.undo()
    assert [row.verdict.truth for row in rows(lab)] == [None, None]
    undo.undo()
    assert not rows(lab)
    undo.redo()
    assert len(rows(lab)) == 2


def test_folders_named_as_classes_label_their_pictures(
    lab: LabPanel, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    file = two(lab, folder)[1]
    (tmp_path / "new" / file.parent.name.upper()).mkdir(parents=True)
    copy(file, tmp_path / "new" / file.parent.name.upper())
    copy(file, tmp_path / "new" / "loose.png")
    drop(lab, tmp_path / "new")
    predicted(lab, qtbot, 2)
    assert sorted((row.verdict.truth for row in rows(lab)), key=str) == [1, None]


def test_a_drawn_picture_grows_with_its_strokes_and_comes_into_view(
    lab: LabPanel, qtbot: QtBot, folder: Path
) -> None:
    own, files = own_of(lab), two(lab, folder)
    drop(lab, *files, *files)
    predicted(lab, qtbot, 4)
    qtbot.mouseClick(own.draw, LEFT)
    canvas = own.adding.drawing.canvas
    drag(canvas, [QPoint(40, 40), QPoint(180, 60)])
    one = own.pictures.held[-1].pixels
    drag(canvas, [QPoint(40, 180), QPoint(180, 180)])
    own.adding.drawing.hide()
    assert len(own.pictures.held) == 5
    assert own.pictures.held[-1].pixels.sum() > one.sum() > 0
    assert rows(lab)[-1].visibleRegion().boundingRect().height() == HEIGHT
    assert rows(lab)[0].visibleRegion().isEmpty()
    np.testing.assert_allclose(predicted(lab, qtbot, 5), by_predictor(lab, 3), atol=1e-5)


def test_the_saved_learner_predicts_the_same_by_the_names_given(
    lab: LabPanel, qtbot: QtBot, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *given, **more: ("my own", True))
    title = lab.findChild(ClassTitle, "lab.class.1")
    assert title is not None
    qtbot.mouseDClick(title, LEFT)
    assert "my own" in title.text()
    wait_for_curve(qtbot, lab.state)
    drop(lab, *two(lab, folder))
    said = predicted(lab, qtbot, 2)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(tmp_path / "mine"), ""))
    lab.keeping.action.trigger()
    file = tmp_path / "mine.adapted"
    qtbot.waitUntil(lambda: f"predict {file} PATH" in lab.notice.text())
    kept = adapted_file.read(file)
    assert kept.about.names[1] == "my own" and kept.about.steps == lab.state.cursor
    with kept.predictor() as predictor:
        pixels = torch.stack([own.pixels for own in own_of(lab).pictures.held])
        again = [chances.tolist() for chances in predictor.probabilities(pixels)]
    np.testing.assert_allclose(again, said, atol=1e-5)


def test_a_learner_of_points_is_not_kept(qtbot: QtBot) -> None:
    panel = show_lab(qtbot, open_workspace(qtbot, "sinusoid"))
    wait_for_curve(qtbot, panel.state)
    assert not panel.keeping.action.isEnabled()
    assert "pictures, boxes and measurements" in panel.keeping.action.toolTip()
    assert panel.state.workspace.shut_down()


def test_two_classes_are_not_called_the_same(
    lab: LabPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, editing = lab.state.task, lab.page.support.editing  # type: ignore[attr-defined]
    taken = task.class_title(0)  # type: ignore[union-attr]
    monkeypatch.setattr(QInputDialog, "getText", lambda *given, **more: (taken, True))
    editing.ask_name(1)
    assert taken in lab.notice.text() and lab.state.task is task


def test_a_scene_keeps_the_pictures_and_says_which_are_missing(
    lab: LabPanel, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    drop(lab, *sorted((folder / "angle 01").glob("*.png"))[:3])
    chances = predicted(lab, qtbot, 3)
    pictures = own_of(lab).pictures
    title = lab.state.task.data_title(1)  # type: ignore[union-attr]
    pictures.replace(pictures.held[0], replace(pictures.held[0], label=title))
    before = [(own.name, own.label) for own in pictures.held]
    file = tmp_path / "kept.mlab"
    lab.scenes.save(file)
    pictures.remove(pictures.held)
    lab.scenes.open(file)
    assert predicted(lab, qtbot, 3) == chances
    assert [(own.name, own.label) for own in pictures.held] == before
    lab.scenes.open(file)
    assert len(pictures.held) == 3, "what is there already comes no second time"
    pictures.remove(pictures.held)
    values = json.loads(file.read_text())
    values["own"][1]["pixels"] = values["own"][0]["pixels"]
    file.write_text(json.dumps(values))
    lab.scenes.open(file)
    qtbot.waitUntil(lambda: "1 of 3 pictures of your own are missing" in lab.notice.text())
    assert before[1][0] in lab.notice.text() and len(pictures.held) == 2
