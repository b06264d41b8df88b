"""The true curve, its support points under the hand, and the fitted function at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.curves import curve_sheet
from workbench.gui.kinds.curves.editing import HEIGHT, PointEditing
from workbench.gui.kinds.curves.points import SupportPoints
from workbench.gui.kinds.curves.room import LIMIT, room_of, true_curve
from workbench.gui.lab.state import LabState
from workbench.gui.plots.chart import Chart, pen
from workbench.gui.style import paint
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

NUDGE = 0.1
MOVES = {
    Qt.Key.Key_Left: (-NUDGE, 0.0),
    Qt.Key.Key_Right: (NUDGE, 0.0),
    Qt.Key.Key_Up: (0.0, NUDGE),
    Qt.Key.Key_Down: (0.0, -NUDGE),
}
GHOSTS = 12
"""Functions drawn thin beside the one looked at."""


class CurvePlot(Chart):
    """Truth, support points and the learner's function from step 0 (muted) to k (accent).

    With the mouse: a click on empty ground adds a point, a drag moves one, the context menu
    removes or locks one. The keys stand in the tooltip; Tab and Shift+Tab are left to the window.
    """

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__("lab.curvePlot", parent)
        self._state = state
        self.editing = PointEditing(state, self)
        self.fits: list[pg.PlotDataItem] = []
        self.truth = self.plot.plot([], [])
        self.points = SupportPoints()
        self.plot.addItem(self.points)
        self.points.setZValue(20)
        self.points.moved.connect(self.editing.move)
        self.editing.choiceChanged.connect(self._place_points)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        state.workspace.in_view.locksChanged.connect(self._place_points)
        state.stepsChanged.connect(self.show_fits)
        state.cursorChanged.connect(self.show_fits)
        self.take_away = TakeAwayButton(self.sheet, "lab.curvePlot", self, clicks=False)
        self.add_corner(self.take_away)
        self.restyle()

    # --- showing -----------------------------------------------------------------------------

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
    def _place_points(self) -> None:
        task = self.editing.task
        if task is not None:
            positions = np.stack([task.support_x.numpy(), task.support_y.numpy()], 1)
            locked = {index for _, index in self._state.workspace.in_view.locked}
            self.points.place(positions, self.editing.chosen if self.hasFocus() else -1, locked)

    @Slot()
    def show_fits(self) -> None:
        """The function along the steps, on the query inputs; the one looked at is bold."""
        task = self.editing.task
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
        colors, looked_at = paint.colors(), number == self._state.cursor
        part = number / max(len(self._state.steps) - 1, 1)
        color = colors.accent if looked_at else paint.blend(colors.muted, colors.accent, part)
        if not looked_at:
            color.setAlphaF(0.35 + 0.3 * part)
        line.setPen(pen(color, 3 if looked_at else 1))
        line.setZValue(10 if looked_at else 1)
        if np.isfinite(y).any():
            line.setData(x, y)
        else:
            line.setData([], [])

    def sheet(self) -> Sheet | None:
        task = self.editing.task
        if task is None:
            return None
        steps = self._state.steps
        outputs = [(step, steps[step].query_outputs[:, 0]) for step in self._shown(len(steps))]
        locked = {index for _, index in self._state.workspace.in_view.locked}
        (_, _), (low, high) = self.plot.viewRange()
        title = self.tr("Support points and fitted function")
        functions = curve_sheet.functions(task, outputs, self._state.cursor)
        drawn = (*functions, *curve_sheet.support(task, locked))
        return curve_sheet.sheet(title, task, (low, high), drawn)

    # --- under the hand ----------------------------------------------------------------------

    @Slot(object)
    def _on_click(self, event: Any) -> None:
        """On a point: choose it. On empty ground: a new point; a double click adds no second."""
        if event.button() != Qt.MouseButton.LeftButton or event.double():
            return
        index = self.points.under(event.scenePos())
        if index is not None:
            self.editing.choose(index)
        elif self._on_ground(event.scenePos()):
            self._add_at(event.scenePos())

    @Slot(object)
    def _on_hover(self, place: QPointF) -> None:
        over, ground = self.points.under(place) is not None, self._on_ground(place)
        shape = Qt.CursorShape.CrossCursor if ground else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if over else shape)

    def _on_ground(self, place: QPointF) -> bool:
        """Between the axes, and not on their numbers."""
        return bool(self.plot.getViewBox().sceneBoundingRect().contains(place))

    def _add_at(self, place: QPointF) -> None:
        where = self.plot.getViewBox().mapSceneToView(place)
        self.editing.add(where.x(), where.y())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key means the chosen point, the mouse what is under it."""
        place = self.mapToScene(event.pos())
        asked_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.editing.chosen if asked_by_key else self.points.under(place)
        if self.editing.task is None or not (index is not None or self._on_ground(place)):
            return
        menu = QMenu(self)
        menu.setObjectName("lab.curveMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if index is not None:
            self.editing.choose(index)
            menu.addAction(self.tr("Remove this point"), self.editing.remove)
            locked = (0, index) in self._state.workspace.in_view.locked
            text = self.tr("Let new draws move it") if locked else self.tr("Keep it in new draws")
            menu.addAction(text, self.editing.toggle_lock)
        else:
            menu.addAction(self.tr("Add a point here"), lambda: self._add_at(place))
        menu.addSeparator()
        menu.addMenu(self.take_away.take_away)
        menu.popup(event.globalPos())

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A point of a curve"), (
            (self.tr("Choose the point before, after"), "[, ]"),
            (self.tr("Move it"), "Alt+←, Alt+→, Alt+↑, Alt+↓"),
            (self.tr("Add a point"), "Ins"),
            (self.tr("Remove it"), "Del"),
            (self.tr("Keep it in new draws"), "L"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, hand = event.key(), self.editing
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if hand.task is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            hand.choose(hand.chosen + (1 if key == Qt.Key.Key_BracketRight else -1))
        elif alt and key in MOVES:
            (x, y), (dx, dy) = hand.place, MOVES[Qt.Key(key)]
            hand.move(hand.chosen, x + dx, y + dy)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            hand.remove()
        elif key == Qt.Key.Key_Insert:
            hand.add_anywhere()
        elif key == Qt.Key.Key_L:
            hand.toggle_lock()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._place_points()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._place_points()

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        self.truth.setPen(pen(paint.colors().muted, 1.5, dashed=True))
        self.show_task()
        self.show_fits()
