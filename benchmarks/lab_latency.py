"""How long after a support picture is swapped, or a curve's point moved, the new curve is painted.

    python -m benchmarks.lab_latency [--swaps 50] [--json]

Measured in the real lab panel with Conv4 (64 filters) on 5-way 1-shot glyphs, and with the 40-40
MLP on sinusoids, from the call that replaces the picture to the end of the paint event that draws
the last inner step. The target is 200 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from workbench.gui.kinds import known
from workbench.gui.lab.panel import LabPanel
from workbench.gui.state.workspace import Workspace

TARGET_MS = 200.0
FILTERS = 64
PATIENCE_S = 60.0


class Painted(QObject):
    """Whether the loss plot was painted after the last inner step reached it."""

    def __init__(self, panel: LabPanel) -> None:
        super().__init__()
        self.count = 0
        self.ready: int | None = None
        panel.state.completed.connect(self.on_completed)
        panel.middle.curves.loss_plot.viewport().installEventFilter(self)

    def on_completed(self) -> None:
        self.ready = self.count

    def after_last(self) -> bool:
        return self.ready is not None and self.count > self.ready

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--swaps", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    heartbeat = QTimer(app, interval=5)
    heartbeat.start()
    results = {
        "picture": summarise(measure(app, "glyphs", swap_pictures, options.swaps)),
        "point": summarise(measure(app, "sinusoid", move_points, options.swaps)),
    }
    if options.json:
        print(json.dumps(results))
        return
    for name, row in results.items():
        verdict = "within" if row["p95_ms"] <= TARGET_MS else "ABOVE"
        print(
            f"{name:8} median {row['median_ms']:6.1f} ms   p95 {row['p95_ms']:6.1f} ms   "
            f"max {row['max_ms']:6.1f} ms   {verdict} {TARGET_MS:.0f} ms"
        )


def measure(
    app: QApplication, preset: str, changes: Callable[[LabPanel], Iterator[Any]], count: int
) -> list[float]:
    """Milliseconds of ``count`` changes, after the first imports and three changes."""
    workspace, warm = Workspace(), []
    workspace.warmedUp.connect(lambda: warm.append(True))
    known.register()
    panel = LabPanel(workspace)
    panel.resize(1280, 800)
    panel.show()
    workspace.load()
    wait(app, lambda: workspace.ready)
    workspace.draft.use_preset(preset)
    if preset == "glyphs":
        workspace.draft.set_value("model", "filters", FILTERS)
    wait(app, lambda: workspace.in_view.task is not None and config_in_use(workspace))
    wait(app, lambda: complete(panel) and bool(warm))
    painted = Painted(panel)
    times = [time_one(app, panel, painted, change) for change in take(changes(panel), count + 3)]
    panel.hide()
    workspace.shut_down()
    return times[3:]


def time_one(
    app: QApplication, panel: LabPanel, painted: Painted, change: Callable[[], None]
) -> float:
    before = panel.state.steps
    painted.ready = None
    start = time.perf_counter()
    change()
    wait(app, lambda: panel.state.steps is not before and complete(panel) and painted.after_last())
    return 1000 * (time.perf_counter() - start)


def swap_pictures(panel: LabPanel) -> Iterator[Callable[[], None]]:
    """Other drawings of the classes of the task, slot after slot; none that is queried."""
    number = 0
    while True:
        way = number % panel.state.spec.outputs
        for entry in panel.state.task.candidates(way)[number % 7 :]:
            before = panel.state.task
            try:
                changed = before.with_item((way, 0), entry)
            except ValueError:
                continue
            yield lambda task=changed: panel.state.edit(task)
            break
        number += 1


def move_points(panel: LabPanel) -> Iterator[Callable[[], None]]:
    number = 0
    while True:
        index = number % len(panel.state.task.support_x)
        x = float(panel.state.task.support_x[index])
        y = 3.0 * ((number % 11) / 5 - 1)
        yield lambda i=index, x=x, y=y: panel.page.curve.editing.move(i, x, y)
        number += 1


def complete(panel: LabPanel) -> bool:
    return bool(panel.state.steps) and not panel.state.busy


def config_in_use(workspace: Workspace) -> bool:
    config, family = workspace.draft.config, workspace.data.family
    return config is not None and family is not None and family.params == config.task


def take(items: Iterator[Any], count: int) -> Iterator[Any]:
    for _ in range(count):
        yield next(items)


def wait(app: QApplication, until: Callable[[], bool]) -> None:
    """Let the event loop run as in the program: it sleeps when there is nothing to do."""
    deadline = time.monotonic() + PATIENCE_S
    waiting = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not answer")
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | waiting)


def summarise(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max_ms": round(ordered[-1], 1),
        "swaps": len(ordered),
    }


if __name__ == "__main__":
    main()
