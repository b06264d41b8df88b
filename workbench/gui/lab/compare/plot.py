"""The metric of every column over the inner steps, in one picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.metric import named
from workbench.gui.lab.compare import column_look, column_words
from workbench.gui.lab.compare.column import Column
from workbench.gui.lab.compare.column_look import MOST
from workbench.gui.lab.steps.bound_lines import BoundLines
from workbench.gui.lab.steps.step_plot import CROWD, PERCENT, StepPlot
from workbench.gui.lab.walk import Walk, diverged_at
from workbench.gui.plots.chart import finite, pen
from workbench.gui.style import paint, theme, words
from workbench.gui.takeaway.graph import Curve, Level, look
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec

LEAST_HEIGHT = 96


class MetricPlot(StepPlot):
    """A line a column; a closed form has no steps and lies level, dashed."""

    def __init__(self, walk: Walk, parent: QWidget | None = None) -> None:
        super().__init__("lab.compare.plot", walk, parent)
        self._walk = walk
        self._closed: set[int] = set()
        self._columns: list[Column] = []
        self._spec: ProblemSpec | None = None
        self.setAccessibleName(self.tr("Query metric of every learner at every inner step"))
        self.setToolTip(self.tr("Click to look at a step"))
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.lines = [self.add_line() for _ in range(MOST)]
        self.lines[0].setZValue(1)
        self.bounds = BoundLines(self.plot)
        self._chance = pg.InfiniteLine(angle=0)
        self.plot.addItem(self._chance, ignoreBounds=True)
        self.restyle()
        self.restyle_lines()
        theme.current().follow(self.restyle_lines)

    def sizeHint(self) -> QSize:
        return QSize(300, LEAST_HEIGHT)

    def show_columns(
        self, columns: list[Column], spec: ProblemSpec, bounds: dict[str, float]
    ) -> None:
        self.bounds.show(bounds)
        self._columns, self._spec = list(columns), spec
        last = max(len(self._walk.steps) - 1, self._walk.planned, 1)
        series: list[list[float]] = [[] for _ in range(MOST)]
        for column in columns:
            values = [step.query_metric for step in column.steps]
            series[column.place] = values if column.stepwise else values * (last + 1)
        self._show_closed({column.place for column in columns if not column.stepwise})
        self._draw(series)
        self._count(last)
        self._show_scale(spec, columns)
        self.show_cursor()

    def _draw(self, series: list[list[float]]) -> None:
        """What is not finite leaves a gap."""
        drawn = [finite(values) for values in series]
        self._shown = [values for values, _ in drawn]
        self.plot.setLogMode(y=self._steep([values[mask] for values, mask in drawn]))
        for place, (line, (values, mask)) in enumerate(zip(self.lines, drawn, strict=True)):
            marked = place not in self._closed and len(values) <= CROWD
            line.setSymbol(column_look.SYMBOLS[place] if marked else None)
            if mask.any():
                line.setData(np.arange(len(values)), values)
            else:
                line.setData([], [])

    def _show_scale(self, spec: ProblemSpec, columns: list[Column]) -> None:
        """The whole range for a share; for an error, the range of the values that are shown.

        Of a learner that diverges only the first step counts, so that the others stay apart; its
        line leaves the picture.
        """
        box, axis = self.plot.getViewBox(), self.plot.getAxis("left")
        self._chance.setVisible(spec.chance is not None)
        share = named(spec.metric).percent
        axis.setTicks([PERCENT] if share else None)
        if spec.chance is not None:
            self._chance.setPos(spec.chance)
        if share:
            box.setYRange(0.0, 1.0, padding=0.14)
            return
        shown = [c.steps if diverged_at(c.steps) is None else c.steps[:1] for c in columns]
        found = [step.query_metric for steps in shown for step in steps]
        values, mask = finite([*found, *self.bounds.values()])
        if not mask.any():
            return
        low, high = values[mask].min(), values[mask].max()
        if axis.logMode:
            axis.setTicks([_decades(low, high)])
            low, high = np.log10(low), np.log10(high)
        box.setYRange(low, high, padding=0.1)

    def sheet(self, *notes: str) -> Sheet | None:
        """What is drawn now, to be taken away; None where nothing is."""
        spec = self._spec
        if spec is None or not any(np.isfinite(values).any() for values in self._shown):
            return None
        looks: list[Curve | None] = [None] * MOST
        for column in self._columns:
            place, closed = column.place, column.place in self._closed
            symbol = "" if closed else column_look.SYMBOLS[place]
            title = column_words.one_line(column)
            looks[place] = look(title, column_look.token(place), symbol=symbol, dashed=closed)
        unit, chance = words.scale(spec.metric), spec.chance
        levels = [] if chance is None else [Level(self.tr("chance"), "faint", unit * chance)]
        levels += self.bounds.levels(unit)
        graph = self.graph(looks, words.axis_title(spec.metric), unit, levels)
        metric = words.metric_name(spec.metric)
        title = self.tr("Query {0} of several learners on one task").format(metric)
        return Sheet("comparison", title, graph, graph.table(), notes, graph.keys())

    def _show_closed(self, closed: set[int]) -> None:
        if closed != self._closed:
            self._closed = closed
            self.restyle_lines()

    @Slot()
    def restyle_lines(self) -> None:
        for place, line in enumerate(self.lines):
            self.style_line(line, column_look.token(place), dashed=place in self._closed)
        self._chance.setPen(pen(paint.colors().muted, 1, dashed=True))
        self.bounds.restyle()


def _decades(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks of a logarithmic axis: powers of ten, and no others, or they would overlap."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [(float(power), words.short(10.0**power)) for power in powers]
