"""A study in the real window: ranges typed into the form, stopped, gone on with after a restart.

    xvfb-run -a -s "-screen 0 1280x800x24" python -m benchmarks.study_in_window [--out FOLDER]

The sinusoid as in docs/search.md: 300 iterations a trial, 100 validation tasks, three ranges, TPE
with the median pruner. The first life of the program types and clicks until half of the trials are
there, stops and closes; the second opens the study from the queue, goes on with it, and saves each
of its pictures. In the end its best is held against that of the grid.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from workbench.gui.forms.fields import FieldRow
from workbench.gui.forms.searched_bar import SearchedBar
from workbench.gui.search.window import StudyWindow
from workbench.gui.shell import app
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style import theme

GRID_BEST, WITHIN = 0.249, 1.05
"""The best validation MSE of a grid of 245 trials (docs/search.md), and what is good enough."""
TRAINING = {"iterations": 300, "eval_interval": 100, "eval_tasks": 100, "test_tasks": 100}
RANGES = {
    "algorithm.inner_rate": "log:1e-3..1",
    "training.outer_rate": "log:1e-4..1e-1",
    "algorithm.inner_steps": "1..5",
}
LIVES = ("begun", "ended")
PATIENCE = 3600.0
SETTLE = 0.6
"""Seconds until what was changed is painted."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "study")
    parser.add_argument("--life", choices=LIVES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.life:
        return live(given)
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": home for name in ("DATA", "CONFIG", "STATE")}
        for life in LIVES:
            words = ["--trials", str(given.trials), "--out", str(given.out), "--life", life]
            command = [sys.executable, "-m", "benchmarks.study_in_window", *words]
            if code := subprocess.run(command, env={**os.environ, **places}).returncode:
                return code
    return 0


def live(given: argparse.Namespace) -> int:
    """One life of the program."""
    app.make_application(["study_in_window"])
    theme.current().use("light")
    window, workspace = app.make_window()
    window.show()
    window.activateWindow()
    workspace.load()
    until(lambda: workspace.ready)
    code = begin(window, given) if given.life == LIVES[0] else end(window, given)
    window.close()
    workspace.shut_down()
    return code


def begin(window: MainWindow, given: argparse.Namespace) -> int:
    """Type the study, start it, stop it half way."""
    workspace = window.workspace
    workspace.draft.use_preset("sinusoid")
    until(lambda: workspace.data.family is not None and workspace.draft.preset == "sinusoid")
    for field, value in TRAINING.items():
        row_of(window, f"training.{field}").show()  # some are folded away
        write(window.findChild(QLineEdit, f"param.training.{field}"), str(value))
    for field, text in RANGES.items():
        row_of(window, field).make_menu().actions()[-1].trigger()
        write(window.findChild(QLineEdit, f"param.{field}.range"), text)
    assert workspace.draft.ranges == RANGES and not workspace.draft.range_problems
    save(window, given.out, "study-form")
    bar = window.findChild(SearchedBar)
    assert bar is not None
    click(bar.button)
    dialog = window.searches.dialog
    assert dialog is not None
    QTest.keyClicks(dialog.terms.pruner, "Median")
    write(dialog.findChild(QSpinBox, "search.trials"), str(given.trials))
    save(dialog, given.out, "study-dialog")
    click(dialog.deciding[0])
    until(lambda: window.searches.window is not None)
    study = window.searches.window
    assert study is not None
    until(lambda: study.seen is not None and len(study.seen.trials) > given.trials // 2)
    click(study.stop)
    until(lambda: not workspace.training.busy)
    until(lambda: study.seen is not None and study.seen.counts["stopped"] == 1)
    print("stopped:", study.counts.text(), flush=True)
    study.close()
    return 0


def end(window: MainWindow, given: argparse.Namespace) -> int:
    """Open it from the queue, go on with it to its end, and save its pictures."""
    began = time.monotonic()
    assert window.workspace.draft.ranges == RANGES  # there again after the restart
    until(lambda: window.queue.model.rowCount() > 0)
    window.queue.view.setCurrentIndex(window.queue.model.index(0))
    click(window.queue.buttons["open"])
    study = window.searches.window
    assert study is not None
    until(study.go_on.isEnabled)
    click(study.go_on)
    until(lambda: study.seen is not None and study.seen.over)
    until(lambda: not window.workspace.training.busy)
    for page in study.pages:
        study.tabs.setCurrentWidget(page)
        settle()
        save(study, given.out, page.objectName().replace(".", "-"))
    return told(study, time.monotonic() - began)


def told(study: StudyWindow, seconds: float) -> int:
    seen = study.seen
    assert seen is not None and seen.best is not None and seen.best.score is not None
    near = seen.best.score <= WITHIN * GRID_BEST
    result: dict[str, Any] = {
        "trials": len(seen.trials),
        "counts": dict(seen.counts),
        "best": seen.best.score,
        "values": dict(seen.best.values),
        "grid": GRID_BEST,
        "within 5 %": near,
        "seconds of the second life": round(seconds),
    }
    print(json.dumps(result), flush=True)
    study.close()
    return int(not near)


# --- hands and eyes ---------------------------------------------------------------------------


def until(done: Callable[[], bool]) -> None:
    app.wait(done, PATIENCE)
    assert done(), "waited in vain"


def settle() -> None:
    app.wait(lambda: False, SETTLE)


def row_of(window: MainWindow, field: str) -> FieldRow:
    found = window.findChildren(FieldRow)
    return next(row for row in found if row.target.objectName() == f"param.{field}")


def write(line: QLineEdit | QSpinBox | None, text: str) -> None:
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, text)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def save(window: QWidget, folder: Path, name: str) -> None:
    """What stands on the screen, with whatever lies over it."""
    settle()
    window.raise_()
    settle()
    box = window.frameGeometry()
    picture = window.screen().grabWindow(0, box.x(), box.y(), box.width(), box.height())
    assert picture.save(str(folder / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(main())
