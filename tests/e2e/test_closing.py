"""Closing the window while the lab computes ends the process in good order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from PySide6.QtCore import QTimer
from workbench.gui.shell import app

made = app.make_window

def make_window():
    window, workspace = made()
    state = window.lab.state
    timer = QTimer(window, interval=50)

    def close_once_it_adapts():
        if state.steps and not state.busy:
            timer.stop()
            state.set_planned(1000)
            state.stepsChanged.connect(close_in_its_midst)

    def close_in_its_midst():
        if state.busy and 1 < len(state.steps) < 1000:
            state.stepsChanged.disconnect(close_in_its_midst)
            window.close()

    timer.timeout.connect(close_once_it_adapts)
    timer.start()
    return window, workspace

app.make_window = make_window
raise SystemExit(app.run_window(["workbench"]))
"""


def test_a_long_adaptation_does_not_hold_up_the_end(tmp_path: Path) -> None:
    places = {f"XDG_{name}_HOME": str(tmp_path) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "terminate" not in done.stderr and "Traceback" not in done.stderr
