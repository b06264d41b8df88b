"""The window in a process of its own: a closed terminal closes it in order, and Qt is not heard."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.processes import SELF_SIGNALLED, begin, ended, wait_for
from workbench.experiments.store import open_run

TRAINING = """
import os, sys
from PySide6.QtCore import QTimer
from workbench.gui.shell import app
from workbench.start.main import program
made = app.make_window

def make_window():
    window, workspace = made()
    timer = QTimer(window, interval=50)

    def start_once_ready():
        if workspace.ready and workspace.data.family is not None:
            timer.stop()
            workspace.draft.use_preset("sinusoid")
            workspace.start()

    timer.timeout.connect(start_once_ready)
    timer.start()
    return window, workspace

app.make_window = make_window
program()
"""


def home(folder: Path) -> dict[str, str]:
    places = {f"XDG_{name}_HOME": str(folder / name) for name in ("DATA", "CONFIG", "STATE")}
    return {**places, "DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}


@pytest.mark.parametrize(
    "number", [signal.SIGHUP, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_a_training_in_the_window_is_kept(number: signal.Signals, tmp_path: Path) -> None:
    process = begin(script=TRAINING, **home(tmp_path))
    wait_for(lambda: list(tmp_path.rglob("metrics.jsonl")))
    (metrics,) = tmp_path.rglob("metrics.jsonl")
    wait_for(lambda: b'"step"' in metrics.read_bytes())
    process.send_signal(number)
    process.send_signal(number)  # a bounce
    code, output, errors = ended(process)
    assert (code, output, errors) == (0, "", "")
    assert open_run(metrics.parent).iterations()


STARTS = {20: (-2, "", ""), 250: (130, "", "Stopped.\n"), 1500: (0, "", "")}
"""Before there is a guard; while the window is made; behind the window, on a thread."""


@pytest.mark.parametrize("imports", STARTS)
def test_while_it_starts_it_ends_in_one_word(imports: int, tmp_path: Path) -> None:
    own = {"SIGNAL": str(int(signal.SIGINT)), "IMPORTS": str(imports)}
    process = begin(script=SELF_SIGNALLED, **own, **home(tmp_path))
    assert ended(process) == STARTS[imports]


RAISED = """
from PySide6.QtCore import QTimer
from workbench.gui.shell import app
from workbench.start.main import program
made = app.make_window

def make_window():
    window, workspace = made()
    QTimer.singleShot(0, window.raise_)
    return window, workspace

app.make_window = make_window
program()
"""
"""The offscreen platform complains of what it cannot do for a window."""


def test_what_qt_says_is_in_the_log_alone(tmp_path: Path) -> None:
    process = begin(script=RAISED, **home(tmp_path))
    log = tmp_path / "STATE" / "maml-workbench" / "log" / "workbench.log"
    wait_for(lambda: log.exists() and "Qt: This plugin does not support" in log.read_text())
    process.send_signal(signal.SIGTERM)
    code, output, errors = ended(process)
    assert (code, output, errors) in [(0, "", ""), (143, "", "Stopped.\n")]
