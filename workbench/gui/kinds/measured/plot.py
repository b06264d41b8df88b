"""Two columns of a task of measurements: support rows under the hand, query rows, predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot

from workbench.gui.kinds.curves.point_plot import PointPlot, Words
from workbench.gui.kinds.curves.step_lines import Function, drawn_steps
from workbench.gui.kinds.measured import plot_sheet
from workbench.gui.kinds.measured.axes import Axes
from workbench.gui.kinds.measured.editing import RowEditing
from workbench.gui.kinds.measured.fitted import Fitted
from workbench.gui.kinds.measured.room import room_of
from workbench.gui.kinds.measured.words import tr
from workbench.gui.lab.state import LabState
from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.tasks.measured.task import Rows

NUDGES = 50
"""Presses of an arrow from one end of an axis to the other."""


def words() -> Words:
    return Words(
        title=tr("A measurement in the plot"),
        choose=tr("Choose the row before, after"),
        move=tr("Move it"),
        add=tr("Add a row"),
        add_here=tr("Add a row here"),
        remove=tr("Remove it"),
        remove_this=tr("Remove this row"),
        keep=tr("Keep it in new draws"),
        let_go=tr("Let new draws replace it"),
    )


class MeasuredPlot(PointPlot):
    """With one input the function of every step, with more what is predicted of each query row."""

    def __init__(self, state: LabState, editing: RowEditing, axes: Axes) -> None:
        super().__init__("lab.measured.plot", words(), state, editing)
        self._axes, self.editing = axes, editing
        self.fitted = Fitted(state)
        self.asked = self.plot.plot([], [], pen=None, symbol="o", symbolSize=8)
        self.predicted = self.plot.plot([], [], pen=None, symbol="x", symbolSize=9)
        for item, height in ((self.asked, 5), (self.predicted, 15)):
            item.setZValue(height)
        self.setAccessibleName(tr("Measurements and what is predicted of them"))
        self.setToolTip(
            tr(
                "Filled: support rows. Rings: what is asked. Line or crosses: what is predicted.\n"
                "Click to add a row, drag one to move it, right-click one to remove it."
            )
        )
        axes.changed.connect(self.show_axes)
        state.taskChanged.connect(self.show_task)
        for shown in (state.stepsChanged, state.cursorChanged, self.fitted.changed):
            shown.connect(self.show_fits)
        self.restyle()

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_axes(self) -> None:
        """Other columns: the whole of them is seen."""
        self._fit_room(whole=True)
        self._show_all()

    @Slot()
    def show_task(self) -> None:
        if self.editing.task is not None:
            self._fit_room(whole=not self._state.edited)
            self._show_all()

    def _show_all(self) -> None:
        self._show_rows()
        self._place_points()
        self.show_fits()

    def _fit_room(self, whole: bool) -> None:
        """It never shrinks under the hand, or points would leave the plot."""
        task = self.editing.task
        if task is None:
            return
        parts = self._axes.parts
        ends = room_of(task, parts)
        if not whole:
            ends = [  # type: ignore[assignment]
                (min(low, before), max(high, behind))
                for (low, high), (before, behind) in zip(ends, self.plot.viewRange(), strict=True)
            ]
        self.plot.setXRange(*ends[0], padding=0)
        self.plot.setYRange(*ends[1], padding=0)
        names = task.scaled.x.names[parts[0].number], task.scaled.y.names[parts[1].number]
        for side, name in zip(("bottom", "left"), names, strict=True):
            self.plot.setLabel(side, name if len(name) < 40 else f"{name[:38]}…")

    def _columns(self, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
        """What a set has in the two columns that are drawn."""
        x, y = self._axes.parts
        return rows.x[:, x.number].numpy(), rows.y[:, y.number].numpy()

    def _show_rows(self) -> None:
        assert self.editing.task is not None
        x, y = self._columns(self.editing.task.query)
        there = np.isfinite(y)
        self.asked.setData(x[there], y[there])

    @Slot()
    def show_fits(self) -> None:
        """The functions along the steps, the one looked at bold; or the predictions as crosses."""
        if self.editing.task is not None:
            functions = self._functions()
            self.fits.show(functions, self._state.cursor, len(self._state.steps))
            self._show_predicted(where_no_line_is=not functions)

    def _show_predicted(self, where_no_line_is: bool) -> None:
        task, step = self.editing.task, self._state.current
        assert task is not None
        outputs = step.query_outputs if step is not None and where_no_line_is else None
        if outputs is None or len(outputs) != len(task.query):
            self.predicted.setData([], [])
            return
        x, _ = self._columns(task.query)
        y = _bounded(task.scaled.y.own(outputs)[:, self._axes.parts[1].number].numpy())
        self.predicted.setData(x[np.isfinite(y)], y[np.isfinite(y)])

    def _functions(self) -> list[Function]:
        """Those that are drawn; none where there are more inputs."""
        output = self._axes.parts[1].number
        steps = drawn_steps(len(self._state.steps), self._state.cursor)
        found = [(step, self.fitted.at(step)) for step in steps]
        return [(step, at[0], _bounded(at[1][:, output])) for step, at in found if at is not None]

    def sheet(self) -> Sheet | None:
        task, step = self.editing.task, self._state.current
        if task is None:
            return None
        x, y = self._axes.parts
        outputs = None if step is None else task.scaled.y.own(step.query_outputs)[:, y.number]
        drawn = plot_sheet.Drawn(
            (task.scaled.x.names[x.number], task.scaled.y.names[y.number]),
            self._columns(task.support),
            self._columns(task.query),
            None if outputs is None else outputs.numpy(),
            [one for one in self._functions() if one[0] == self._state.cursor],
        )
        (left, right), (low, high) = self.plot.viewRange()
        return plot_sheet.sheet(self.accessibleName(), drawn, ((left, right), (low, high)))

    # --- under the hand ----------------------------------------------------------------------

    def _positions(self) -> np.ndarray:
        assert self.editing.task is not None
        return np.stack(self._columns(self.editing.task.support), 1)

    def _add(self, x: float, y: float) -> None:
        across, up = self._axes.parts
        self.editing.add({across: x, up: y})

    def _move(self, index: int, x: float, y: float) -> None:
        across, up = self._axes.parts
        self.editing.move(index, {across: x, up: y})
        self.editing.choiceChanged.emit()

    def _nudge(self, across: int, up: int) -> None:
        moved = {}
        for part, way, (low, high) in zip(
            self._axes.parts, (across, up), self.plot.viewRange(), strict=True
        ):
            moved[part] = self.editing.place(part) + way * (high - low) / NUDGES
        self.editing.move(self.editing.chosen, moved)

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        colors, color = paint.colors(), theme.current().color
        self.asked.setSymbolBrush(pg.mkBrush(colors.surface))
        self.asked.setSymbolPen(pen(color("after"), 1.6))
        self.predicted.setSymbolBrush(pg.mkBrush(colors.accent))
        self.predicted.setSymbolPen(pen(colors.accent, 1))
        for side in ("bottom", "left"):
            self.plot.getAxis(side).label.setDefaultTextColor(colors.muted)
        self.show_task()


def _bounded(values: Any) -> np.ndarray:
    """What a learner that went astray predicts is drawn at the edge of the world."""
    bounded: np.ndarray = np.clip(np.asarray(values, dtype=float), -1e30, 1e30)
    return bounded
