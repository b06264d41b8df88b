"""The true curve, its support points under the hand, and the fitted function at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.kinds.curves import curve_sheet
from workbench.gui.kinds.curves.editing import HEIGHT, PointEditing
from workbench.gui.kinds.curves.point_plot import PointPlot, Words
from workbench.gui.kinds.curves.room import LIMIT, room_of, true_curve
from workbench.gui.kinds.curves.step_lines import drawn_steps
from workbench.gui.lab.state import LabState
from workbench.gui.plots.chart import pen
from workbench.gui.style import paint
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

NUDGE = 0.1


def tr(text: str) -> str:
    return QCoreApplication.translate("CurvePlot", text)


def words() -> Words:
    return Words(
        title=tr("A point of a curve"),
        choose=tr("Choose the point before, after"),
        move=tr("Move it"),
        add=tr("Add a point"),
        add_here=tr("Add a point here"),
        remove=tr("Remove it"),
        remove_this=tr("Remove this point"),
        keep=tr("Keep it in new draws"),
        let_go=tr("Let new draws move it"),
    )


class CurvePlot(PointPlot):
    """Truth, support points and the learner's function from step 0 (muted) to k (accent)."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        editing = PointEditing(state)
        super().__init__("lab.curvePlot", words(), state, editing, parent)
        self.editing = editing
        self.truth = self.plot.plot([], [])
        self.setAccessibleName(self.tr("Curve with its support points"))
        self.setToolTip(
            self.tr(
                "Click to add a point, drag one to move it, right-click one to remove it.\n"
                "Keys: [ and ] choose, Alt+arrows move, Delete removes, Insert adds, L locks: a\n"
                "locked point, a square, stays in new draws, and the curve with it."
            )
        )
        self.plot.setXRange(-LIMIT, LIMIT, padding=0.03)
        self.plot.setYRange(-HEIGHT, HEIGHT, padding=0)
        self._known = True
        """Whether what is shown are points of a curve that is known."""
        state.taskChanged.connect(self.show_task)
        state.stepsChanged.connect(state.turns.take(self.show_fits))
        state.cursorChanged.connect(self.show_fits)
        self.restyle()

    @Slot()
    def show_task(self) -> None:
        task = self.editing.task
        if task is None:
            return
        if task.known:
            self.truth.setData(*true_curve(task))
        else:
            self.truth.setData([], [])
        self._fit_room(task)
        self._place_points()

    def _fit_room(self, task: CurveTask) -> None:
        """It never shrinks under the hand, or points would leave the plot."""
        (left, right), (low, high) = room_of(task)
        same = self._known == task.known
        if task.known:
            most = task.function.height
            low, high = max(low, -most), min(high, most)
        if same and self._state.edited:
            (_, _), (lowest, highest) = self.plot.viewRange()
            low, high = min(low, lowest), max(high, highest)
        self._known = task.known
        self.plot.setXRange(left, right, padding=0.03)
        self.plot.setYRange(low, high, padding=0)

    @Slot()
    def show_fits(self) -> None:
        """The function along the steps, on the query inputs; the one looked at is bold."""
        task, steps, cursor = self.editing.task, self._state.steps, self._state.cursor
        if task is None:
            self.fits.show((), cursor, 0)
            return
        x = task.query_x.numpy()
        order = np.argsort(x)
        functions = []
        for number in drawn_steps(len(steps), cursor):
            y = np.clip(steps[number].query_outputs.numpy()[:, 0], -1e6, 1e6)
            functions.append((number, x[order], y[order]))
        self.fits.show(functions, cursor, len(steps))

    def sheet(self) -> Sheet | None:
        task = self.editing.task
        if task is None:
            return None
        steps, cursor = self._state.steps, self._state.cursor
        drawn = drawn_steps(len(steps), cursor)
        outputs = [(step, steps[step].query_outputs[:, 0]) for step in drawn]
        (_, _), (low, high) = self.plot.viewRange()
        title = self.tr("Support points and fitted function")
        functions = curve_sheet.functions(task, outputs, cursor)
        support = curve_sheet.support(task, self._locked())
        return curve_sheet.sheet(title, task, (low, high), (*functions, *support))

    # --- under the hand ----------------------------------------------------------------------

    def _positions(self) -> np.ndarray:
        task = self.editing.task
        assert task is not None
        return np.stack([task.support_x.numpy(), task.support_y.numpy()], 1)

    def _add(self, x: float, y: float) -> None:
        self.editing.add(x, y)

    def _move(self, index: int, x: float, y: float) -> None:
        self.editing.move(index, x, y)

    def _nudge(self, across: int, up: int) -> None:
        x, y = self.editing.place
        self.editing.move(self.editing.chosen, x + NUDGE * across, y + NUDGE * up)

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        self.truth.setPen(pen(paint.colors().muted, 1.5, dashed=True))
        self.show_task()
        self.show_fits()
