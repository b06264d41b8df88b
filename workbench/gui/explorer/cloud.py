"""The adaptation curves of all tasks, with mean, median and where most of them lie."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal, Slot

from workbench.gui.explorer import cloud_sheet
from workbench.gui.explorer.curves import Cloud
from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import NOTHING
from workbench.gui.state.series import Array
from workbench.gui.style import theme, words
from workbench.gui.takeaway.graph import Graph
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState

NEAR = 14
"""Pixels within which the pointer means a curve."""


class CurvesFigure(Figure):
    """A curve a task; `pointed` comes with the task under the pointer, and -1 where there is none,
    `pressed` with one that is clicked."""

    pointed = Signal(int)
    pressed = Signal(int)

    def __init__(self, name: str, title: str, x_title: str, empty: str) -> None:
        super().__init__(name, title, x_title, empty)
        self._x, self._values = NOTHING, np.empty((0, 0))
        self.note.setProperty("role", "small")
        self.cloud = Cloud(self.tr("a task each"), "after", log=self.fitting.log)
        self.add_band("most", self.tr("90 % of the tasks"), "text", 0.05, told=True)
        self.add_band("half", self.tr("50 % of the tasks"), "text", 0.08, told=True)
        self.add(self.cloud, "cloud")
        self.view.addItem(self.cloud.density, ignoreBounds=True)
        self.add_line("mean", self.tr("mean"), "text", dashed=True, width=2)
        self.add_line("median", self.tr("median"), "text", width=2)
        self.add_line("pointed", "", "before", width=3, symbol="o")
        scene = self.view.scene()
        scene.sigMouseMoved.connect(self._on_move)
        scene.sigMouseClicked.connect(self._on_click)

    def show_curves(self, x: Array, values: Array, middle: dict[str, Array]) -> None:
        """``values [T, S]`` at ``x [S]``; ``middle`` has mean, median and quantiles, ``[S]``."""
        self._x, self._values = x, values
        self.cloud.set_curves(x, values)
        self.set_line("cloud", self.cloud.x, self.cloud.y)
        self.set_band("most", x, middle["q05"], middle["q95"])
        self.set_band("half", x, middle["q25"], middle["q75"])
        for name in ("mean", "median"):
            self.set_line(name, x, middle[name])
        self.note.setText(self.tr("shaded: 90 % and 50 % of the tasks"))
        self.mark(-1, "")

    def sheet(self) -> Sheet | None:
        """A curve a task, with its number in the table."""
        taken = super().sheet()
        if taken is None:
            return None
        assert isinstance(taken.content, Graph)
        graph = cloud_sheet.expanded(taken.content, self.cloud)
        return replace(taken, content=graph, table=graph.table(), legend=graph.keys())

    def mark(self, task: int, title: str) -> None:
        """Let the curve of a task stand out; none for -1."""
        there = 0 <= task < len(self._values)
        x, y = (self._x, self._values[task]) if there else (NOTHING, NOTHING)
        self.set_line_title("pointed", title if there else "")
        self.set_line("pointed", x, y)

    @Slot(bool)
    def set_log(self, on: bool) -> None:
        self.cloud.log = on
        super().set_log(on)
        self.cloud.draw(0, 0)

    def at(self, place: QPointF) -> int:
        """The task whose curve lies nearest to a place of the scene; -1 where none is near."""
        if not len(self._values):
            return -1
        box = self.view.getViewBox()
        spot = box.mapSceneToView(place)
        column = int(np.abs(self._x - spot.x()).argmin())
        y = self._values[:, column]
        if self.fitting.log:
            y = np.log10(np.where(y > 0, y, np.nan))
        apart = np.abs(y - spot.y()) / max(abs(box.viewPixelSize()[1]), 1e-12)
        if not np.isfinite(apart).any():
            return -1
        nearest = int(np.nanargmin(apart))
        return nearest if apart[nearest] <= NEAR else -1

    @Slot(object)
    def _on_move(self, place: QPointF) -> None:
        self.pointed.emit(self.at(place))

    @Slot(object)
    def _on_click(self, event: Any) -> None:
        task = self.at(event.scenePos())
        if task >= 0 and not event.double():
            self.pressed.emit(task)


class CloudFigure(CurvesFigure):
    """The step looked at is an upright line that can be dragged."""

    def __init__(self, state: ExplorerState) -> None:
        title = self.tr("Every task's curve")
        empty = self.tr("No tasks to show yet")
        super().__init__("explorer.cloud", title, self.tr("inner step"), empty)
        self._state = state
        self._marker = pg.InfiniteLine(0, movable=True)
        self.view.addItem(self._marker, ignoreBounds=True)
        self._marker.sigPositionChanged.connect(self._on_drag)
        state.changed.connect(self.refresh)
        state.stepChanged.connect(self.show_step)
        state.pointedChanged.connect(self.show_pointed)
        theme.current().follow(self._paint_marker)
        self._paint_marker()

    @Slot()
    def refresh(self) -> None:
        """Other curves."""
        seen = self._state.seen
        if seen is None:
            self.clear()
            return
        scale = words.scale(seen.metric)
        names = ("mean", "median", "q05", "q25", "q75", "q95")
        middle = {name: seen.quantile(name).numpy() * scale for name in names}
        self.set_axis_title(words.axis_title(seen.metric))
        self.count_steps(max(seen.last, 1))
        x = np.arange(seen.last + 1, dtype=float)
        self.show_curves(x, seen.values.numpy() * scale, middle)
        self.show_step()
        self.show_pointed()

    @Slot()
    def show_step(self) -> None:
        seen, step = self._state.seen, self._state.step
        last = 0 if seen is None else seen.last
        self._marker.setVisible(last > 0)
        self._marker.setBounds((0, last))
        if round(float(self._marker.value())) != step:
            self._marker.setValue(step)

    @Slot()
    def show_pointed(self) -> None:
        task = self._state.pointed
        self.mark(task, self.tr("task {n}").format(n=task))

    @Slot()
    def _paint_marker(self) -> None:
        look = theme.current()
        self._marker.setPen(pg.mkPen(look.color("before", 0.8), width=1))
        self._marker.setHoverPen(pg.mkPen(look.color("before"), width=3))

    @Slot(object)
    def _on_drag(self, line: Any) -> None:
        self._state.set_step(round(float(line.value())))
