"""How all tasks lie at the step looked at: a histogram with mean and median."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import NOTHING
from workbench.gui.state.series import Array
from workbench.gui.style import words
from workbench.gui.takeaway.sheet import Cell, Sheet, Table

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState


class Distribution(Figure):
    def __init__(self, state: ExplorerState) -> None:
        super().__init__(
            "explorer.distribution", self.tr("Distribution"), "", self.tr("No tasks to show yet")
        )
        self._state = state
        self._top = 1.0
        self._bins: list[tuple[float, float, float]] = []
        self._metric = ""
        self.whole = False
        self.set_axis_title(self.tr("tasks"))
        self.add_band("bars", "", "after", 0.22)
        self.add_line("outline", self.tr("tasks"), "after")
        self.add_line("mean", self.tr("mean"), "text", dashed=True, width=2)
        self.add_line("median", self.tr("median"), "text", width=2)
        self.add_line("pointed", "", "before", width=3)
        state.changed.connect(self.show_step)
        state.stepChanged.connect(self.show_step)
        state.pointedChanged.connect(self.show_pointed)

    def show_step(self) -> None:
        from workbench.experiments.tasks_seen.ranking import histogram

        seen, step = self._state.seen, self._state.step
        if seen is None:
            self.clear()
            return
        self._metric = seen.metric
        scale, measure = words.scale(seen.metric), seen.measure(step)
        found = histogram(seen.values[:, step])
        counts = found.counts.numpy()
        self._top = float(counts.max()) if len(counts) else 1.0
        ends = (found.edges.numpy() * scale).tolist()
        self._bins = list(zip(ends, ends[1:], counts.tolist(), strict=False))
        x = np.repeat(found.edges.numpy() * scale, 2)
        y = np.concatenate([[0.0], np.repeat(counts, 2), [0.0]])
        self.set_band("bars", x, np.zeros(len(x)), y)
        self.set_line("outline", x, y)
        low, high = float(x.min()), float(x.max())
        for name, value in (("mean", measure.mean), ("median", measure.median)):
            self.set_line(name, *self._upright(value, scale, low, high))
        self.set_title(self._heading(step))
        self.set_x_axis(words.axis_title(seen.metric))
        beyond = self.tr("{n} beyond the edge or diverged").format(n=words.thousands(found.beyond))
        self.note.setText(beyond if found.beyond else "")
        self.show_pointed()

    def sheet(self) -> Sheet | None:
        """A row a bin, and the strokes, which stand at one place."""
        taken, title = super().sheet(), words.axis_title(self._metric)
        if taken is None:
            return None
        header = ("series", self.tr("{0} from").format(title), self.tr("to"), self.tr("tasks"))
        rows: list[tuple[Cell, ...]] = [(self.tr("tasks"), *row) for row in self._bins]
        for line in (self._lines[name] for name in ("mean", "median", "pointed")):
            if line.has_data:
                rows.append((line.title, float(line.x[0]), float(line.x[0]), ""))
        return replace(taken, table=Table(header, rows))

    def show_pointed(self) -> None:
        seen, task = self._state.seen, self._state.pointed
        if seen is None or not 0 <= task < seen.tasks:
            self.set_line("pointed", NOTHING, NOTHING)
            return
        value, scale = float(seen.values[task, self._state.step]), words.scale(seen.metric)
        self.set_line_title("pointed", self.tr("task {n}").format(n=task))
        self.set_line("pointed", *self._upright(value, scale, -np.inf, np.inf))

    def _heading(self, step: int) -> str:
        seen = self._state.seen
        assert seen is not None
        if not seen.last:
            return self.tr("Distribution, given the support set")
        return (
            self.tr("Distribution {after}").format(after=words.steps_text(step))
            if step
            else (self.tr("Distribution before adapting"))
        )

    def _upright(
        self, value: float | None, scale: float, low: float, high: float
    ) -> tuple[Array, Array]:
        """A stroke as high as the bars; none for what lies beyond them."""
        if value is None or not np.isfinite(value) or not low <= value * scale <= high:
            return NOTHING, NOTHING
        return np.full(2, value * scale), np.array([0.0, self._top])
