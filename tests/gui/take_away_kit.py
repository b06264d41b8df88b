"""Plots with something on them, and what is taken away of them."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess

import numpy as np
import pytest
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QWidget

from workbench.core.curve import Curve as Measured
from workbench.core.events import Evaluated, StepDone
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.takeaway import write
from workbench.gui.takeaway.form import Form
from workbench.gui.takeaway.menu import TakeAwayButton, TakeAwayMenu
from workbench.gui.takeaway.sheet import Sheet

RSVG, PDFTOPPM = shutil.which("rsvg-convert"), shutil.which("pdftoppm")
PLAIN = Form(800, 500, 1, "print")
CLOSE = 3.0
"""Of 255: what two renderers differ by at the edges of letters and lines."""
needs_rsvg = pytest.mark.skipif(RSVG is None, reason="rsvg-convert (librsvg2-bin) is not installed")
needs_pdftoppm = pytest.mark.skipif(
    PDFTOPPM is None, reason="pdftoppm (poppler-utils) is not installed"
)


def evaluated(at: int, after: float) -> Evaluated:
    mean, ends = (4.0, after), (0.3, 0.4)
    return Evaluated(at, Measured("mse", "val", 100, False, mean, ends, mean, mean), True)


def feed(workspace: Workspace) -> None:
    """Three evaluations and sixty steps reach the plots."""
    steps = [StepDone(n, n * 0.01, 4.0, 3.0 / n, 0.5, 1.0, 0.001) for n in range(1, 61)]
    workspace.history.begin(workspace.draft.config)
    workspace.history.tell([evaluated(0, 3.5), *steps, evaluated(30, 1.5), evaluated(60, 0.5)])


def buttons(window: QWidget) -> list[TakeAwayButton]:
    return window.findChildren(TakeAwayButton)


def sheets(window: QWidget) -> dict[str, Sheet]:
    found = {button.objectName().rpartition(".")[0]: button.take() for button in buttons(window)}
    return {name: sheet for name, sheet in found.items() if sheet is not None}


def gap(window: MainWindow) -> Sheet:
    sheet = window.train.figures()[0].sheet()
    assert sheet is not None
    return sheet


def pixels(data: bytes) -> np.ndarray:
    """``[rows, columns, 3]``"""
    image = QImage.fromData(data).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def by_rsvg(data: bytes) -> np.ndarray:
    command = [str(RSVG), "--format=png"]
    return pixels(subprocess.run(command, input=data, capture_output=True, check=True).stdout)


def numbers(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(write.encoded(sheet, "csv", PLAIN).decode())))


def use(window: MainWindow, name: str) -> None:
    """Choose in the window's own menu: ``gap.takeAway.png``."""
    for menu in window.menuBar().findChildren(TakeAwayMenu):
        menu.refresh()
    action = window.menuBar().findChild(QAction, f"file.{name}")
    assert action is not None
    action.trigger()
