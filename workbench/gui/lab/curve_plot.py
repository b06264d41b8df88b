"""A curve task by hand: drag a support point and see the fitted function at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from workbench.gui import theme
from workbench.gui.lab import look
from workbench.gui.lab.chart import Chart, pen
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

LIMIT = 5.0
HEIGHT = 6.0
NUDGE = 0.1
GHOSTS = 12
"""Functions drawn thin beside the one looked at."""


class SupportPoints(pg.GraphItem):  # type: ignore[misc]
    """Points that the mouse can drag; `moved` says which, and where to."""

    moved = Signal(int, float, float)

    def __init__(self) -> None:
        super().__init__()
        self._grabbed: int | None = None
        self._offset = QPointF()
        self._positions = np.zeros((0, 2))

    def place(self, positions: np.ndarray, chosen: int) -> None:
        self._positions = positions
        colors = look.colors()
        sizes = np.where(np.arange(len(positions)) == chosen, 15, 12)
        self.setData(
            pos=positions,
            size=sizes,
            symbol="o",
            symbolBrush=pg.mkBrush(theme.current().color("before")),
            symbolPen=pen(colors.surface, 1.5),
        )

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if event.isStart() and not self._grab(event.buttonDownPos()):
            event.ignore()
            return
        if self._grabbed is None:
            event.ignore()
            return
        event.accept()
        target = event.pos() + self._offset
        self.moved.emit(self._grabbed, target.x(), target.y())
        if event.isFinish():
            self._grabbed = None

    def _grab(self, position: QPointF) -> bool:
        under = [int(point.index()) for point in self.scatter.pointsAt(position)]
        if not under:
            return False
        clicked = np.array([position.x(), position.y()])
        grabbed = min(under, key=lambda i: float(np.abs(self._positions[i] - clicked).sum()))
        self._grabbed = grabbed
        self._offset = QPointF(*self._positions[grabbed]) - position
        return True


class CurvePlot(Chart):
    """Truth, support points and the learner's function from step 0 (muted) to k (accent).

    With the keyboard: Tab and Shift+Tab is left to the window; the keys [ and ] choose a point,
    Alt+arrows move it.
    """

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__("lab.curvePlot", parent)
        self._state = state
        self.chosen = 0
        self.fits: list[pg.PlotDataItem] = []
        self.truth = self.plot.plot([], [])
        self.points = SupportPoints()
        self.plot.addItem(self.points)
        self.points.setZValue(20)
        self.points.moved.connect(self.move_point)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Curve with its support points"))
        self.setToolTip(
            self.tr("Drag a point; or choose one with [ and ], move it with Alt+arrows")
        )
        self.plot.setXRange(-LIMIT, LIMIT, padding=0.03)
        self.plot.setYRange(-HEIGHT, HEIGHT, padding=0)
        state.taskChanged.connect(self.show_task)
        state.stepsChanged.connect(self.show_fits)
        state.cursorChanged.connect(self.show_fits)
        self.restyle()

    @property
    def task(self) -> CurveTask | None:
        spec = self._state.spec
        curve = spec is not None and spec.kind == "regression"
        return self._state.task if curve else None  # type: ignore[return-value]

    @Slot()
    def show_task(self) -> None:
        task = self.task
        if task is None:
            return
        if not self._state.edited:
            height = min(max(3.0, 1.2 * abs(float(task.amplitude)) + 0.5), HEIGHT)
            self.plot.setYRange(-height, height, padding=0)
        x = np.linspace(-LIMIT, LIMIT, 201)
        self.truth.setData(x, task.amplitude * np.sin(x - task.phase))
        positions = np.stack([task.support_x.numpy(), task.support_y.numpy()], 1)
        self.chosen = min(self.chosen, len(positions) - 1)
        self.points.place(positions, self.chosen if self.hasFocus() else -1)

    @Slot()
    def show_fits(self) -> None:
        """The function along the steps, on the query inputs; the one looked at is bold."""
        task = self.task
        steps = self._state.steps if task is not None else []
        shown = self._shown(len(steps))
        while len(self.fits) < len(shown):
            self.fits.append(self.plot.plot([], [], connect="finite"))
        for line in self.fits[len(shown) :]:
            line.setData([], [])
        if task is None:
            return
        x = task.query_x.numpy()
        order = np.argsort(x)
        for line, number in zip(self.fits, shown, strict=False):
            y = np.clip(steps[number].query_outputs.numpy()[:, 0], -1e6, 1e6)
            self._show_fit(line, number, x[order], y[order])

    def _shown(self, count: int) -> list[int]:
        """The steps that are drawn: all of a few, else some on the way, and the one looked at."""
        on_the_way = np.linspace(0, count - 1, min(count, GHOSTS)).round().astype(int)
        return sorted({*on_the_way.tolist(), self._state.cursor}) if count else []

    def _show_fit(self, line: pg.PlotDataItem, number: int, x: np.ndarray, y: np.ndarray) -> None:
        colors, looked_at = look.colors(), number == self._state.cursor
        part = number / max(len(self._state.steps) - 1, 1)
        color = colors.accent if looked_at else look.blend(colors.muted, colors.accent, part)
        if not looked_at:
            color.setAlphaF(0.35 + 0.3 * part)
        line.setPen(pen(color, 3 if looked_at else 1))
        line.setZValue(10 if looked_at else 1)
        if np.isfinite(y).any():
            line.setData(x, y)
        else:
            line.setData([], [])

    @Slot(int, float, float)
    def move_point(self, index: int, x: float, y: float) -> None:
        if self.task is not None:
            self.chosen = index
            x = min(max(x, -LIMIT), LIMIT)
            y = min(max(y, -HEIGHT), HEIGHT)
            self._state.edit(self.task.with_point(index, x, y))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-NUDGE, 0.0),
            Qt.Key.Key_Right: (NUDGE, 0.0),
            Qt.Key.Key_Up: (0.0, NUDGE),
            Qt.Key.Key_Down: (0.0, -NUDGE),
        }
        key, task = event.key(), self.task
        if task is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            step = 1 if key == Qt.Key.Key_BracketRight else -1
            self.chosen = (self.chosen + step) % len(task.support_x)
            self.show_task()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and key in moves:
            dx, dy = moves[Qt.Key(key)]
            x, y = float(task.support_x[self.chosen]), float(task.support_y[self.chosen])
            self.move_point(self.chosen, x + dx, y + dy)
        else:
            super().keyPressEvent(event)

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        self.truth.setPen(pen(look.colors().muted, 1.5, dashed=True))
        self.show_task()
        self.show_fits()
