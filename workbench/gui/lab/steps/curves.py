"""The heart of the lab: losses and metric after every inner step, and where they diverge."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.core.metric import named
from workbench.gui.lab.state import LabState
from workbench.gui.lab.steps.bound_lines import BoundLines
from workbench.gui.lab.steps.step_plot import PERCENT, StepPlot
from workbench.gui.lab.walk import diverged_at
from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme, words
from workbench.gui.style.widgets import strong
from workbench.gui.takeaway.graph import Level, look
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

LOW = 260
"""Pixels of both plots together, from which on every line counts."""


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
        self.bounds = BoundLines(self.metric_plot.plot)
        self.loss_bounds = BoundLines(self.loss_plot.plot)
        self.diverged = QLabel()
        self._loss_title, self._metric_title = QLabel(), QLabel()
        for plot, sheet in (
            (self.loss_plot, self.loss_sheet),
            (self.metric_plot, self.metric_sheet),
        ):
            plot.add_corner(TakeAwayButton(sheet, plot.objectName(), plot))
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
        levels = self._state.bounds if self._squared else {}
        self.loss_plot.show_lines(
            [s.support_loss for s in steps],
            [s.query_loss for s in steps],
            levels=tuple(levels.values()),
        )
        self.loss_bounds.show(levels, min, self.loss_plot.plot.getAxis("left").logMode)
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
        larger = spec is None or named(spec.metric).larger_is_better
        self.bounds.show(self._state.bounds, max if larger else min)
        if chance is None:
            self.metric_plot.view_all()
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
        query = ""
        if step is None or step.judged:
            query = self._legend("after", self.tr("query"), step.query_loss if step else None)
        title = self.tr("Squared error") if squared else self.tr("Loss")
        self._keep_width(title)
        self._loss_title.setText(f"{strong(title)}&nbsp; {support}&nbsp; {query}")
        metric = "accuracy" if self._state.spec is None else self._state.spec.metric
        name = self.tr("Query {0}").format(words.metric_name(metric))
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

    def loss_sheet(self) -> Sheet | None:
        if not self._state.steps:
            return None
        title = self.tr("Loss after every inner step")
        name = self.tr("loss")
        if self._squared:
            title, name = self.tr("Squared error after every inner step"), self.tr("squared error")
        looks = [look(self.tr("support"), "before"), look(self.tr("query"), "after")]
        graph = self.loss_plot.graph(looks, name, 1.0, self.loss_bounds.levels(1.0))
        return Sheet("loss", title, graph, graph.table(), self._told(), graph.keys())

    def metric_sheet(self) -> Sheet | None:
        spec = self._state.spec
        if not self._state.steps or spec is None:
            return None
        unit, metric = words.scale(spec.metric), words.metric_name(spec.metric)
        looks, levels = [look(self.tr("query"), "after")], list[Level]()
        if spec.chance is not None:
            levels.append(Level(self.tr("chance"), "faint", unit * spec.chance))
        levels += self.bounds.levels(unit)
        graph = self.metric_plot.graph(looks, words.axis_title(spec.metric), unit, levels)
        title = self.tr("Query {0} after every inner step").format(metric)
        return Sheet("metric", title, graph, graph.table(), self._told(), graph.keys())

    def _told(self) -> tuple[str, ...]:
        return (self.diverged.text(),) if diverged_at(self._state.steps) is not None else ()

    @Slot()
    def restyle(self) -> None:
        for plot in (self.loss_plot, self.metric_plot):
            plot.restyle()
        self.loss_plot.style_line(self.support_line, "before")
        self.loss_plot.style_line(self.query_line, "after")
        self.metric_plot.style_line(self.metric_line, "after")
        self.chance_line.setPen(pen(paint.colors().muted, 1, dashed=True))
        self.bounds.restyle()
        self.loss_bounds.restyle()
        self.refresh()
