"""The default training in the window with every view of the lab used: do the bits stay the same?

    python -m benchmarks.live_views [--rounds 5]

While the default preset trains, every view of the lab is opened, made to compute and closed, the
luck of the support set measured, learners compared and an influence asked for, again and again. In
the end the weights are held against those of the same training without a window.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import torch
from PySide6.QtTest import QTest

from tests.gui.test_lab_ownership import alone, use_comparison, use_influence, use_luck, use_views
from workbench.experiments.store import open_run
from workbench.gui.shell import app
from workbench.gui.shell.main_window import MainWindow

PATIENCE = 600.0


class PointEditing:
    """What the tests' functions ask of a `QtBot`, without pytest."""

    def mouseClick(self, widget: Any, button: Any) -> None:  # noqa: N802
        QTest.mouseClick(widget, button)

    def waitUntil(self, done: Callable[[], bool], timeout: int = 0) -> None:  # noqa: N802
        app.wait(done, PATIENCE)
        assert done(), "waited in vain"

    def wait(self, milliseconds: int) -> None:
        app.wait(lambda: False, milliseconds / 1000)


def rounds(window: MainWindow, count: int) -> int:
    """Use everything as often as asked while the training goes on; returns how often it could."""
    hand: Any = PointEditing()
    for number in range(count):
        if window.workspace.training.state != "RUNNING":
            return number
        began, at = time.monotonic(), window.workspace.history.iteration
        use_luck(window.lab, hand)
        used = use_views(window.lab, hand)
        use_comparison(window.lab, hand)
        use_influence(window.lab, hand)
        now = window.workspace.history.iteration
        spent = time.monotonic() - began
        print(f"round {number + 1}: {len(used)} views, iterations {at} to {now}, {spent:.0f} s")
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(folder / name)
    app.make_application(["workbench"])
    window, workspace = app.make_window()
    window.resize(1280, 800)
    window.show()
    workspace.load()
    app.wait(lambda: workspace.ready and workspace.in_view.task is not None)
    workspace.start()
    window.tabs.setCurrentWidget(window.lab)
    first = workspace.draft.config.training.checkpoint_interval if workspace.draft.config else 0
    # The time machine looks at checkpoints: there has to be one.
    app.wait(lambda: workspace.history.iteration > first, PATIENCE)
    done = rounds(window, given.rounds)
    app.wait(lambda: workspace.training.state == "FINISHED", PATIENCE)
    finished, path, config = (
        workspace.history.finished,
        workspace.training.path,
        workspace.draft.config,
    )
    assert path is not None and config is not None
    print(f"{done} rounds; the training ended: {finished.reason if finished else 'not'}")
    watched = open_run(path).load_checkpoint()
    unwatched = alone(config, watched.iteration, folder / "alone")
    same = all(torch.equal(watched.weights[name], unwatched[name]) for name in unwatched)
    print(f"iteration {watched.iteration}: weights {'equal bit for bit' if same else 'DIFFER'}")
    workspace.shut_down()
    window.close()
    return int(not same or done < given.rounds)


if __name__ == "__main__":
    sys.exit(main())
