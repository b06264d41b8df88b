"""Does adapting help held-out tasks, and how much: validations before and after, as they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import whiskers
from workbench.gui.state.series import Array
from workbench.gui.style import words

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec
    from workbench.gui.state.history import History

BOUNDS = ("third", "faint", "support", "muted")
"""Colours of what a metric is measured by."""


def tr(text: str) -> str:
    return QCoreApplication.translate("GapFigure", text)


class GapFigure(Figure):
    """The metric before and after adapting over the outer iterations, with what it gains."""

    def __init__(self, empty: str) -> None:
        super().__init__("gap", _title(True), tr("outer iteration"), empty)
        self._metric = ""
        self.add_band("gap", tr("what adapting gains"), "after", 0.10)
        self.add_band("ci", tr("95 % interval"), "after", 0.22)
        self.add_line("chance", tr("chance"), "faint", dashed=True)
        for place, token in enumerate(BOUNDS):
            self.add_line(f"bound{place}", "", token, dashed=True)
        self.add_line("before", tr("before adapting"), "before", symbol="o")
        self.add_line("before.spread", "", "before", symbol="_")
        self.add_line("after.spread", "", "after", symbol="_")
        self.add_line("median", tr("its median"), "after", dashed=True, alpha=0.7)
        self.add_line("after", tr("after adapting"), "after", symbol="o")

    def clear(self) -> None:
        super().clear()
        self._metric = ""

    def show_history(self, history: History, spec: ProblemSpec | None) -> None:
        """Draw a history with at least one evaluation, and chance where ``spec`` knows it."""
        newest = history.newest
        assert newest is not None
        self._metric = newest.metric
        self.set_axis_title(words.axis_title(self._metric))
        scale = words.scale(self._metric)
        x, *columns = (history.evaluations.column(i)[:] for i in range(8))
        before, after, median = (columns[place] * scale for place in (0, 3, 6))
        early, late = (columns[first : first + 2] for first in (1, 4))
        self.set_band("gap", x, before, after)
        self.set_band("ci", x, late[0] * scale, late[1] * scale)
        self.reserve(float(x[-1]))
        count = len(newest.mean) - 1
        if count:
            self._draw_points("before", x, before, early[0] * scale, early[1] * scale)
        self._draw_points("after", x, after, late[0] * scale, late[1] * scale)
        if np.isfinite(median).any():
            self.set_line("median", x, median)
        mode = words.protocol(newest.transductive, newest.seen_classes)
        self.set_line_title("after", f"{words.steps_text(count)} ({mode})")
        self.set_title(_title(count > 0))
        self.show_chance(x, spec)
        self._draw_bounds(x, newest.bounds)
        gain = words.gain_text(self._metric, newest.before, newest.after)
        self.note.setText(tr("gain now: {gain}").format(gain=gain) if count else "")

    def show_chance(self, x: Any, spec: ProblemSpec | None) -> None:
        """From the first to the last iteration that is drawn."""
        if spec is not None and spec.chance and self._metric == spec.metric:
            self.set_line("chance", self._ends(x), self._level(spec.chance))

    def _draw_bounds(self, x: Array, bounds: Mapping[str, float]) -> None:
        """What the metric is measured by: the best there is, and doing nothing."""
        for place, (name, value) in zip(range(len(BOUNDS)), bounds.items(), strict=False):
            self.set_line_title(f"bound{place}", name)
            self.set_line(f"bound{place}", self._ends(x), self._level(value))

    def _ends(self, x: Any) -> Array:
        return np.array([x[0], max(x[-1], self.least)])

    def _level(self, value: float) -> Array:
        return np.full(2, words.scale(self._metric) * value)

    def _draw_points(self, name: str, x: Array, y: Array, low: Array, high: Array) -> None:
        """A line; a single point, which has no band, with its interval."""
        alone = slice(None) if len(x) == 1 else slice(0)
        self.set_line(name, x, y, low, high)
        self.set_line(f"{name}.spread", *whiskers(x[alone], low[alone], high[alone]))


def _title(stepwise: bool) -> str:
    if stepwise:
        return tr("Held-out tasks, before and after adapting")
    return tr("Held-out tasks, given their support sets")
