"""A real workspace for the tests of the lab and the task browser, and a mouse that drags."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.core.algorithm import AdaptStep
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.state import LabState
from workbench.gui.state import data
from workbench.gui.state.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


def open_workspace(qtbot: QtBot, preset: str, **values: dict[str, Any]) -> Workspace:
    """A workspace with that preset's data ready and a task sampled from it."""
    workspace = Workspace()
    workspace.load()
    qtbot.waitUntil(lambda: workspace.ready)
    with no_pause_while_typing():
        workspace.draft.use_preset(preset)
        for section, fields in values.items():
            for name, value in fields.items():
                workspace.draft.set_value(section, name, value)
        wait_for_task(qtbot, workspace)
    return workspace


@contextmanager
def no_pause_while_typing() -> Iterator[None]:
    """For what comes before a test: data is prepared at once, not after the last keystroke."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "SETTLE_MS", 0)
        yield


def picture_workspace(qtbot: QtBot, root: Path, test_steps: int = 3) -> Workspace:
    """On the pictures of `draw_folder`, 3-way 2-shot, with a small network."""
    workspace = open_workspace(qtbot, "sinusoid")
    with no_pause_while_typing():
        workspace.draft.choose("task", "image_folder")
        workspace.draft.choose("model", "conv4")
        for section, field, value in (
            ("task", "root", str(root)),
            ("task", "invert", True),
            ("task", "ways", 3),
            ("task", "shots", 2),
            ("task", "queries", 4),
            ("model", "filters", 8),
            ("algorithm", "inner_rate", 0.4),
            ("algorithm", "test_steps", test_steps),
        ):
            workspace.draft.set_value(section, field, value)
        wait_for_task(qtbot, workspace)
    return workspace


def show_lab(qtbot: QtBot, workspace: Workspace, width: int = 1200, height: int = 700) -> LabPanel:
    """The lab of a workspace, on the screen."""
    panel = LabPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(width, height)
    panel.show()
    return panel


def wait_for_task(qtbot: QtBot, workspace: Workspace) -> None:
    """Until the data of the draft is prepared and a task drawn from it."""

    def drawn() -> bool:
        family, config = workspace.data.family, workspace.draft.config
        ready = family is not None and config is not None and family.params == config.task
        return ready and workspace.in_view.task is not None

    qtbot.waitUntil(drawn)


def wait_for_curve(qtbot: QtBot, state: LabState) -> list[AdaptStep]:
    """The steps shown once the newest adaptation is complete."""
    qtbot.waitUntil(lambda: settled(state))
    return state.steps


def settled(state: LabState) -> bool:
    return bool(state.steps) and not (state.busy or state.turns.waiting)


def expected(state: LabState, steps: int | None = None) -> list[AdaptStep]:
    """What the learner itself says about the task in view, on one core as the lab has it.

    Sums in another order differ in the last digit, and batch normalisation makes more of it.
    """
    torch.set_num_threads(1)
    assert state.learner is not None and state.workspace.in_view.task is not None
    count = state.planned if steps is None else steps
    return list(state.learner.adapt(state.workspace.in_view.task.episode(), count))


def assert_same_curve(shown: list[AdaptStep], wanted: list[AdaptStep]) -> None:
    assert len(shown) == len(wanted)
    for a, b in zip(shown, wanted, strict=True):
        np.testing.assert_allclose(a.support_loss, b.support_loss, rtol=1e-5)
        np.testing.assert_allclose(a.query_loss, b.query_loss, rtol=1e-5)
        np.testing.assert_allclose(a.query_outputs, b.query_outputs, rtol=1e-4, atol=1e-6)


def draw_folder(root: Path, classes: int = 18, pictures: int = 12) -> Path:
    """A folder a class of dark strokes on white: every class its own angle, every picture noise."""
    for number in range(classes):
        folder = root / f"angle {number:02d}"
        folder.mkdir(parents=True)
        for index in range(pictures):
            _stroke(number * 180 / classes, index).save(folder / f"{index:02d}.png")
    return root


def _stroke(angle: float, index: int) -> Image.Image:
    sheet = Image.new("L", (56, 56), 255)
    turn = math.radians(angle + index % 5 - 2)
    dx, dy = 20 * math.cos(turn), 20 * math.sin(turn)
    x, y = 28 + index % 3 - 1, 28 + index % 4 - 2
    ImageDraw.Draw(sheet).line((x - dx, y - dy, x + dx, y + dy), fill=0, width=4 + index % 3)
    return sheet


def drag(widget: QWidget, path: list[QPoint], release: bool = True) -> None:
    """Press at the first point, move through the others, release at the last."""
    _mouse(widget, QEvent.Type.MouseButtonPress, path[0], LEFT)
    for point in path[1:]:
        _mouse(widget, QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)
    if release:
        _mouse(widget, QEvent.Type.MouseButtonRelease, path[-1], LEFT)


def _mouse(widget: QWidget, kind: QEvent.Type, point: QPoint, button: Qt.MouseButton) -> None:
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    where = QPointF(widget.mapToGlobal(point))
    event = QMouseEvent(kind, QPointF(point), where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()
