"""A plot over the inner steps: its lines, the step looked at, and what of it is taken away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.lab.walk import Walk
from workbench.gui.plots.chart import Chart, finite, pen
from workbench.gui.plots.figure_sheet import edge_curves
from workbench.gui.plots.range import EdgeMarks, visible
from workbench.gui.state.ticks import whole_step
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.graph import Curve, Graph, Level

MARK = 7
CROWD = 40
"""Steps from which on their points are not marked."""
PERCENT = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))
STEEP = 300.0
"""A loss that spans more than this ratio is drawn on a logarithmic axis."""


class StepPlot(Chart):
    """Curves over the inner steps 0..k with a line at the step looked at; a click moves it."""

    def __init__(self, name: str, walk: Walk, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._walk = walk
        self._lines: list[pg.PlotDataItem] = []
        self._shown: list[np.ndarray] = []
        self._levels: Sequence[float] = ()
        self._all = False
        self._edge = EdgeMarks()
        self.plot.addItem(self._edge.item, ignoreBounds=True)
        self._cursor = pg.InfiniteLine(angle=90)
        self.plot.addItem(self._cursor)
        self.scene().sigMouseClicked.connect(self._on_click)

    def add_line(self) -> pg.PlotDataItem:
        line = self.plot.plot([], [], connect="finite", symbol="o", symbolSize=MARK)
        self._lines.append(line)
        return line

    def show_lines(self, *series: Sequence[float], levels: Sequence[float] = ()) -> None:
        """One series a line; what is not finite leaves a gap. The axis holds the ``levels`` too."""
        self._levels = levels
        drawn = [finite(values) for values in series]
        self.plot.setLogMode(y=self._steep([v[m] for v, m in drawn]))
        for line, (values, mask) in zip(self._lines, drawn, strict=True):
            if mask.any():
                line.setSymbol("o" if len(values) <= CROWD else None)
                line.setData(np.arange(len(values)), values)
            else:
                line.setData([], [])
        self._shown = [values for values, _ in drawn]
        self._fit()
        last = max(len(self._walk.steps) - 1, self._walk.planned, 1)
        self.plot.setXRange(0, last, padding=0.04)
        self._set_ticks(last)

    def _fit(self) -> None:
        """A step that goes astray does not flatten the others; a double click shows it too."""
        log = self.plot.getAxis("left").logMode
        with np.errstate(invalid="ignore", divide="ignore"):
            series = [np.log10(values) if log else values for values in self._shown]
        found = visible(series, keep_first=True)
        if found is None:
            return
        low, high = found[1] if self._all else found[0]
        points = [(np.arange(len(values), dtype=float), values) for values in series]
        self._edge.show(points, (low, high))
        low, high = self._with_levels(low, high, log)
        room = 0.0 if high > low else 0.05 * abs(high) or 0.5
        self.plot.getViewBox().setYRange(low - room, high + room, padding=0.08)

    def _with_levels(self, low: float, high: float, log: bool) -> tuple[float, float]:
        """The axis holds the levels too; a logarithmic one none below, such as an error of 0."""
        if log:
            return low, max([high, *(math.log10(value) for value in self._levels if value > 0)])
        return min([low, *self._levels]), max([high, *self._levels])

    def view_all(self) -> None:
        """The axis holds every value, and nothing is marked beyond its edges."""
        self._edge.show((), (0.0, 0.0))
        self.plot.getViewBox().enableAutoRange(axis="y")

    def _steep(self, series: list[np.ndarray]) -> bool:
        values = np.concatenate(series) if series else np.empty(0)
        return bool(values.size and values.min() > 0 and values.max() / values.min() > STEEP)

    def _set_ticks(self, last: int) -> None:
        every = whole_step(last, 8)
        ticks = [(step, str(step)) for step in range(0, last + 1, every)]
        self.plot.getAxis("bottom").setTicks([ticks])

    def show_cursor(self) -> None:
        self._cursor.setVisible(bool(self._walk.steps))
        self._cursor.setPos(self._walk.cursor)

    def style_line(self, line: pg.PlotDataItem, token: str, dashed: bool = False) -> None:
        color = theme.current().color(token)
        line.setPen(pen(color, 2, dashed))
        line.setSymbolBrush(color)
        line.setSymbolPen(pen(paint.colors().surface, 1))

    def graph(
        self, looks: Sequence[Curve | None], y_title: str, unit: float, levels: Sequence[Level] = ()
    ) -> Graph:
        """A look a line, without numbers: these are drawn now. ``unit`` is what 1 is written as."""
        log = self.plot.getAxis("left").logMode
        x_range, (low, high) = self.plot.viewRange()
        edges = edge_curves(self._edge, log)
        curves = [
            replace(look, x=np.arange(len(y), dtype=float), y=y * unit)
            for look, y in zip(looks, self._shown, strict=True)
            if look is not None and np.isfinite(y).any()
        ]
        return Graph(
            x_title=self.tr("inner step"),
            y_title=y_title,
            x_range=(x_range[0], x_range[1]),
            y_range=(low, high) if log else (low * unit, high * unit),
            curves=[*curves, *(replace(edge, y=edge.y * unit) for edge in edges)],
            levels=levels,
            log=log,
            whole=True,
        )

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        self._edge.paint()
        self._cursor.setPen(pen(paint.colors().muted, 1, dashed=True))

    @Slot(object)
    def _on_click(self, event: object) -> None:
        if event.double():  # type: ignore[attr-defined]
            self._all = not self._all
            self._fit()
            return
        position: QPointF = event.scenePos()  # type: ignore[attr-defined]
        if self._walk.steps and event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            x = self.plot.getViewBox().mapSceneToView(position).x()
            self._walk.set_cursor(round(x))
