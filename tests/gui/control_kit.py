"""Small tasks of control in the lab, and a hand on their maps."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import open_workspace, show_lab, wait_for_curve
from workbench.gui.kinds.control.map_view import MapView
from workbench.gui.kinds.control.maps import Place
from workbench.gui.kinds.control.page import ControlPage
from workbench.gui.lab.panel import LabPanel
from workbench.tasks.control.task import ControlTask

LEFT = Qt.MouseButton.LeftButton
SMALL: dict[str, dict[str, Any]] = {
    "task": {"shots": 4, "queries": 3, "horizon": 8},
    "model": {"hidden": [8]},
    "algorithm": {"test_steps": 2},
}


def control_lab(qtbot: QtBot, preset: str) -> LabPanel:
    """The lab on a task of four support trajectories, adapted in two steps."""
    panel = show_lab(qtbot, open_workspace(qtbot, preset, **SMALL))
    wait_for_curve(qtbot, panel.state)
    return panel


def page(lab: LabPanel) -> ControlPage:
    found = lab.page
    assert isinstance(found, ControlPage)
    return found


def task_of(lab: LabPanel) -> ControlTask:
    task = lab.state.task
    assert isinstance(task, ControlTask)
    return task


def pixel(view: MapView, place: Place) -> QPoint:
    return view.square.point(place).toPoint()


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, LEFT)
