"""How long a plot that holds ten million points takes to be drawn anew, and what the points weigh.

    python -m benchmarks.long_curves [--points 10000000]

A figure like that of the loss (offscreen where there is no display) with a curve and its smoothed
copy, filled as a training fills it, a list of rows at a time. Then rows keep coming, and each time
the figure is drawn and painted at once: all of it, moved to a hundredth of it and to ten thousand
points, with smoothing and without. The promise: a 99th percentile below 33 ms, and never more
memory than 16 bytes a point and 50 MB besides.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

PUMPED = 20_000
"""Points that come at a time while the figure fills."""
COMING = 100
"""Points that come between two measured drawings."""
ROUNDS = 300
Spent = tuple[float, float]
"""Milliseconds of wall clock and of this process: others use the machine too."""
PROMISE_MS, POINT_BYTES, BESIDES_MB = 33.0, 16, 50


class Plot:
    """The figure and its numbers."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QWidget

        from workbench.gui.plots.figure import Figure
        from workbench.gui.state.series import Series

        self._random = np.random.default_rng(0)
        self.series = Series(2)
        self._window = QWidget()
        self.figure = Figure("long", "Meta-training loss", "outer iteration", "")
        self.figure.setParent(self._window)
        self.figure.add_line("raw", "", "after", alpha=0.25)
        self.figure.add_line("smooth", "query, after", "after", smooth=True)
        self.figure.resize(1200, 500)
        self._window.resize(1200, 500)
        self._window.show()

    def take(self, count: int) -> None:
        x = np.arange(len(self.series), len(self.series) + count) + 1.0
        y = 1 / np.sqrt(x) + 0.02 * self._random.exponential(size=count)
        self.series.extend(list(zip(x.tolist(), y.tolist(), strict=True)))

    def draw(self) -> Spent:
        """Until the numbers there are now have been painted."""
        from PySide6.QtWidgets import QApplication

        began = time.perf_counter(), time.process_time()
        x, y = self.series.column(0), self.series.column(1)
        for name in ("raw", "smooth"):
            self.figure.set_line(name, x, y)
        self.figure.reserve(float(x[-1]))
        QApplication.processEvents()
        ended = time.perf_counter(), time.process_time()
        return 1e3 * (ended[0] - began[0]), 1e3 * (ended[1] - began[1])

    def look_at(self, points: int | None) -> None:
        """Move to so many points in the middle, as the wheel does; to all of them without."""
        box: Any = self.figure.view.getViewBox()
        if points is None:
            self.figure.fit()
            return
        middle = len(self.series) / 2
        box.setXRange(middle, middle + points, padding=0)
        box.sigRangeChangedManually.emit(box.state["mouseEnabled"])

    def settle(self) -> None:
        from workbench.gui.shell import app

        app.wait(lambda: not any(line.unfinished for line in self.figure._lines.values()), 120)


def megabytes(field: str) -> float:
    """What this process holds (``VmRSS``), or has held at most (``VmHWM``)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def filled(plot: Plot, points: int) -> list[Spent]:
    """Each drawing while the numbers come in."""
    spent = []
    while len(plot.series) < points:
        plot.take(min(PUMPED, points - len(plot.series)))
        spent.append(plot.draw())
    return spent


def looked_at(plot: Plot) -> Iterator[tuple[str, list[Spent]]]:
    for reach in (25, 100, 0):
        plot.figure.set_smoothing(reach)
        plot.settle()
        for name, part in (
            ("all", None),
            ("a hundredth", len(plot.series) // 100),
            ("10,000", 10_000),
        ):
            plot.look_at(part)
            plot.draw()
            spent = []
            for _ in range(ROUNDS):
                plot.take(COMING)
                spent.append(plot.draw())
            yield f"{name}, smoothed ±{reach}" if reach else f"{name}, not smoothed", spent


def say(name: str, spent: list[Spent]) -> float:
    """A line of the table; the 99th percentile of what this process alone has spent."""
    sides = np.array(spent).T
    cells = [(*np.quantile(side, [0.5, 0.99]), side.max()) for side in sides]
    print(f"{name:30}", *(f"{cell:8.1f}" for side in cells for cell in side), flush=True)
    return float(cells[1][1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000_000)
    given = parser.parse_args()
    from workbench.gui.shell import app

    if not app.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()
    _application = app.make_application(["long_curves"])
    plot = Plot()
    plot.take(PUMPED)
    plot.draw()
    before = megabytes("VmRSS")
    print(f"{'milliseconds':30} {'wall':>8} {'p99':>8} {'max':>8} {'own':>8} {'p99':>8} {'max':>8}")
    worst = say("while they come", filled(plot, given.points))
    worst = max([worst, *(say(name, spent) for name, spent in looked_at(plot))])
    held = megabytes("VmHWM") - before
    allowed = POINT_BYTES * len(plot.series) / 2**20 + BESIDES_MB
    print(f"{len(plot.series):,} points: at most {held:.0f} MB more; promised {allowed:.0f}")
    print(f"worst p99 {worst:.1f} ms; promised {PROMISE_MS:g}")
    return int(worst > PROMISE_MS or held > allowed)


if __name__ == "__main__":
    sys.exit(main())
