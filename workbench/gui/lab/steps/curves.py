"""The heart of the lab: losses and metric after every inner step, and where they diverge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.walk import Walk, diverged_at
from workbench.gui.plots.chart import Chart, finite, pen
from workbench.gui.plots.range import EdgeMarks, visible
from workbench.gui.state.series import whole_step
from workbench.gui.style import paint, theme, words
from workbench.gui.style.widgets import strong

MARK = 7
CROWD = 40
"""Steps from which on their points are not marked."""
PERCENT = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))
LOW = 260
"""Pixels of both plots together, from which on every line counts."""
STEEP = 300.0
"""A loss that spans more than this ratio is drawn on a logarithmic axis."""


class StepPlot(Chart):
    """Curves over the inner steps 0..k with a line at the step looked at; a click moves it."""

    def __init__(self, name: str, walk: Walk, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._walk = walk
        self._lines: list[pg.PlotDataItem] = []
        self._shown: list[np.ndarray] = []
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

    def show_lines(self, *series: Sequence[float]) -> None:
        """One series a line; what is not finite leaves a gap."""
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
        room = 0.0 if high > low else 0.05 * abs(high) or 0.5
        self.plot.getViewBox().setYRange(low - room, high + room, padding=0.08)

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


class AdaptationCurves(QWidget):
    """Loss above, accuracy or squared error below."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.curves")
        self.setAccessibleName(self.tr("Adaptation curves"))
        self.loss_plot = StepPlot("lab.lossPlot", state, self)
        self.metric_plot = StepPlot("lab.metricPlot", state, self)
        self.support_line = self.loss_plot.add_line()
        self.query_line = self.loss_plot.add_line()
        self.metric_line = self.metric_plot.add_line()
        self.chance_line = pg.InfiniteLine(angle=0)
        self.metric_plot.plot.addItem(self.chance_line, ignoreBounds=True)
        self.diverged = QLabel()
        self._loss_title, self._metric_title = QLabel(), QLabel()
        self._name_parts()
        self._lay_out()
        theme.current().follow(self.restyle)
        state.stepsChanged.connect(self.refresh)
        state.cursorChanged.connect(self.show_cursor)
        state.plannedChanged.connect(self.refresh)
        self.restyle()

    @property
    def _squared(self) -> bool:
        """Where loss and metric are the same number, one plot shows it."""
        return self._state.spec is not None and self._state.spec.metric_is_loss

    def _name_parts(self) -> None:
        self.diverged.setObjectName("lab.diverged")
        self.diverged.setAccessibleName(self.tr("Divergence"))
        self.diverged.setProperty("role", "error")
        self.diverged.setWordWrap(True)
        self.loss_plot.setAccessibleName(self.tr("Support and query loss at every inner step"))
        self.loss_plot.setToolTip(self.tr("Click to look at a step"))
        self.metric_plot.setAccessibleName(self.tr("Query metric at every inner step"))
        self.metric_plot.setToolTip(self.tr("Click to look at a step"))
        for plot in (self.loss_plot, self.metric_plot):
            plot.plot.setLabel("bottom", self.tr("inner step"))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for title in (self._loss_title, self._metric_title):
            title.setTextFormat(Qt.TextFormat.RichText)
            title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._loss_title)
        layout.addWidget(self.loss_plot, 1)
        layout.addWidget(self._metric_title)
        layout.addWidget(self.metric_plot, 1)
        layout.addWidget(self.diverged)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, one axis of steps does for both plots."""
        super().resizeEvent(event)
        self.loss_plot.plot.showAxis("bottom", self._squared or self.height() > LOW)
        self._show_titles()

    @Slot()
    def refresh(self) -> None:
        steps = self._state.steps
        self.loss_plot.show_lines([s.support_loss for s in steps], [s.query_loss for s in steps])
        self.metric_plot.show_lines([s.query_metric for s in steps])
        self._show_metric_scale()
        self._show_titles()
        self._show_divergence()
        self.show_cursor()

    def _show_metric_scale(self) -> None:
        """All of the range for a share with its chance; for any other metric what there is."""
        spec, plot = self._state.spec, self.metric_plot.plot
        chance = None if spec is None else spec.chance
        self.chance_line.setVisible(chance is not None)
        plot.getAxis("left").setTicks(None if chance is None else [PERCENT])
        if chance is None:
            plot.getViewBox().enableAutoRange(axis="y")
        else:
            plot.getViewBox().setYRange(0.0, 1.0, padding=0.14)
            self.chance_line.setPos(chance)

    @Slot()
    def show_cursor(self) -> None:
        self.loss_plot.show_cursor()
        self.metric_plot.show_cursor()
        self._show_titles()

    def _show_titles(self) -> None:
        step, squared = self._state.current, self._squared
        for widget in (self.metric_plot, self._metric_title):
            widget.setVisible(not squared)
        self.loss_plot.plot.showLabel("bottom", squared)
        self.metric_plot.plot.showLabel("bottom", self.height() > LOW)
        support = self._legend("before", self.tr("support"), step.support_loss if step else None)
        query = self._legend("after", self.tr("query"), step.query_loss if step else None)
        title = self.tr("Squared error") if squared else self.tr("Loss")
        self._keep_width(title)
        self._loss_title.setText(f"{strong(title)}&nbsp; {support}&nbsp; {query}")
        metric = "accuracy" if self._state.spec is None else self._state.spec.metric
        name = self.tr("Query {0}").format(words.metric_title(metric).lower())
        number = "" if step is None else words.figure_text(metric, step.query_metric)
        self._metric_title.setText(f"{strong(name)} &nbsp; {number}")

    def _keep_width(self, title: str) -> None:
        """Wide enough for any numbers, so that the columns do not move with them."""
        width = self.fontMetrics().horizontalAdvance
        numbers = "   ● 0.0000   ● 0.0000   " if self._squared else " ● 0.000 ● 0.0000 "
        longest = self.tr("support") + self.tr("query") + numbers
        small = QFontMetrics(paint.small_font(self.font())).horizontalAdvance
        self._loss_title.setMinimumWidth(width(title) + small(longest) + 16)

    def _legend(self, token: str, name: str, value: float | None) -> str:
        color = theme.current().color(token).name()
        number = "" if value is None else f" {words.short(value, 2)}"
        dot = f'<span style="color:{color}">●</span>'
        return f'<span style="font-size:11px">{dot} {name}{number}</span>'

    def _show_divergence(self) -> None:
        step = diverged_at(self._state.steps)
        self.diverged.setVisible(step is not None)
        if step is not None:
            text = self.tr("Diverged at step {0}: the loss is no longer a finite number.")
            advice = self.tr("A smaller inner rate, or fewer steps, keeps it stable.")
            self.diverged.setText(f"{text.format(step)} {advice}")

    @Slot()
    def restyle(self) -> None:
        for plot in (self.loss_plot, self.metric_plot):
            plot.restyle()
        self.loss_plot.style_line(self.support_line, "before")
        self.loss_plot.style_line(self.query_line, "after")
        self.metric_plot.style_line(self.metric_line, "after")
        self.chance_line.setPen(pen(paint.colors().muted, 1, dashed=True))
        self.refresh()
