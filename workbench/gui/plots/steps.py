"""How adapting goes on held-out tasks: over the inner steps, or as points where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import whiskers
from workbench.gui.state.series import Array
from workbench.gui.style import counts, words

if TYPE_CHECKING:
    from workbench.core.curve import Curve
    from workbench.gui.state.history import History


def tr(text: str) -> str:
    return QCoreApplication.translate("StepsFigure", text)


class StepsFigure(Figure):
    """The first evaluation, the newest one, and the test at the end."""

    def __init__(self, empty: str) -> None:
        super().__init__("steps", tr("Adaptation, step by step"), tr("inner step"), empty)
        self.fitting.keep_first = True
        self.add_band("ci", tr("95 % interval"), "after", 0.2)
        self.add_line("first.spread", "", "support", symbol="_")
        self.add_line("newest.spread", "", "after", symbol="_")
        self.add_line("test.spread", "", "third", symbol="_")
        self.add_line("newest.median", tr("median"), "after", symbol="d", dashed=True, alpha=0.7)
        self.add_line("test.median", tr("median"), "third", symbol="d", dashed=True, alpha=0.7)
        self.add_line("first", tr("first evaluation"), "support", symbol="o", dashed=True)
        self.add_line("newest", tr("newest"), "after", symbol="o")
        self.add_line("test", "", "third", symbol="o")

    def show_history(self, history: History) -> None:
        """Draw a history with at least one evaluation."""
        newest = history.newest
        assert newest is not None
        curves = {"first": history.first, "newest": newest, "test": history.test}
        if history.test is not None:
            self.set_line_title(
                "test", tr("test, {tasks}").format(tasks=counts.tasks(history.test.tasks))
            )
        self.set_axis_title(words.axis_title(newest.metric))
        stepwise = len(newest.mean) > 1
        title = tr("Adaptation, step by step") if stepwise else tr("In one step, without gradients")
        self.set_title(title)
        if stepwise:
            self.set_x_axis(tr("inner step"))
            self.count_steps(len(newest.mean) - 1)
            self._show_band(newest)
        else:
            self.set_x_axis("", (tr("first"), tr("newest"), tr("test")))
        for place, (name, curve) in enumerate(curves.items()):
            if curve is not None:
                self._show_curve(name, curve, None if stepwise else place)

        last, shown = ("test", history.test) if history.test is not None else ("newest", newest)
        self._show_median(last, shown, None if stepwise else list(curves).index(last))
        self.note.setText(words.ruled_text(shown.to_json()))

    def _show_band(self, curve: Curve) -> None:
        low, high = ends_of(curve)
        self.set_band("ci", np.arange(len(low), dtype=float), low, high)

    def _show_median(self, name: str, curve: Curve, place: int | None) -> None:
        """Of the last word alone."""
        for other in ("newest.median", "test.median"):
            self.set_line(other, np.empty(0), np.empty(0))
        if curve.spread:
            y = np.asarray([spread.median for spread in curve.spread]) * words.scale(curve.metric)
            x = np.arange(len(y), dtype=float) if place is None else np.array([float(place)])
            self.set_line(f"{name}.median", x, y)

    def _show_curve(self, name: str, curve: Curve, place: int | None) -> None:
        """Over the steps, or at a place of its own; the last word has its interval."""
        y, (low, high) = np.asarray(curve.mean) * words.scale(curve.metric), ends_of(curve)
        x = np.arange(len(y), dtype=float) if place is None else np.array([float(place)])
        self.set_line(name, x, y, low, high)
        ends = slice(0) if place is None and name != "test" else slice(-1, None)
        self.set_line(f"{name}.spread", *whiskers(x[ends], low[ends], high[ends]))


def ends_of(curve: Curve) -> tuple[Array, Array]:
    """The lower and the upper end of the interval at every step, as it is drawn."""
    ends = [curve.measure(step).ends for step in range(len(curve.mean))]
    low, high = (np.asarray(side) * words.scale(curve.metric) for side in zip(*ends, strict=True))
    return low, high
