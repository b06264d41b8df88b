"""Two columns of a task of measurements: support rows under the hand, query rows, predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu

from workbench.gui.kinds.curves.points import SupportPoints
from workbench.gui.kinds.measured import plot_sheet
from workbench.gui.kinds.measured.axes import Axes
from workbench.gui.kinds.measured.editing import RowEditing
from workbench.gui.kinds.measured.fitted import Fitted
from workbench.gui.kinds.measured.room import room_of
from workbench.gui.kinds.measured.words import tr
from workbench.gui.lab.state import LabState
from workbench.gui.plots.chart import Chart, pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.tasks.measured.task import Rows

NUDGES = 50
"""Presses of an arrow from one end of an axis to the other."""
MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
GHOSTS = 12
"""Functions drawn thin beside the one looked at."""


class MeasuredPlot(Chart):
    """With one input the fitted function of every step, with more what is predicted of each query.

    With the mouse: a click on empty ground adds a row, a drag moves one, the context menu removes
    or keeps one. The keys stand in `key_help`; Tab and Shift+Tab are left to the window.
    """

    def __init__(self, state: LabState, editing: RowEditing, axes: Axes) -> None:
        super().__init__("lab.measured.plot")
        self._state, self._axes, self.editing = state, axes, editing
        self.fitted = Fitted(state)
        self.fits: list[pg.PlotDataItem] = []
        self.asked = self.plot.plot([], [], pen=None, symbol="o", symbolSize=8)
        self.predicted = self.plot.plot([], [], pen=None, symbol="x", symbolSize=9)
        self.points = SupportPoints()
        self.plot.addItem(self.points)
        for item, height in ((self.asked, 5), (self.predicted, 15), (self.points, 20)):
            item.setZValue(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Measurements and what is predicted of them"))
        self.setToolTip(
            tr(
                "Filled: support rows. Rings: what is asked. Line or crosses: what is predicted.\n"
                "Click to add a row, drag one to move it, right-click one to remove it."
            )
        )
        self.take_away = TakeAwayButton(self.sheet, "lab.measured.plot", self, clicks=False)
        self.add_corner(self.take_away)
        self.points.moved.connect(self._on_moved)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_hover)
        editing.choiceChanged.connect(self._place_points)
        axes.changed.connect(self.show_axes)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self._place_points)
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
    def _place_points(self) -> None:
        task = self.editing.task
        if task is not None:
            locked = {index for _, index in self._state.workspace.in_view.locked}
            chosen = self.editing.chosen if self.hasFocus() else -1
            self.points.place(np.stack(self._columns(task.support), 1), chosen, locked)

    @Slot()
    def show_fits(self) -> None:
        """The functions along the steps, the one looked at bold; or the predictions as crosses."""
        task, step = self.editing.task, self._state.current
        if task is None:
            return
        functions = self._functions()
        while len(self.fits) < len(functions):
            self.fits.append(self.plot.plot([], [], connect="finite"))
        for line in self.fits[len(functions) :]:
            line.setData([], [])
        for line, (number, x, y) in zip(self.fits, functions, strict=False):
            self._show_fit(line, number, x, y)
        outputs = None if step is None or functions else step.query_outputs
        if outputs is None or len(outputs) != len(task.query):
            self.predicted.setData([], [])
            return
        x, _ = self._columns(task.query)
        y = _bounded(task.scaled.y.own(outputs)[:, self._axes.parts[1].number].numpy())
        self.predicted.setData(x[np.isfinite(y)], y[np.isfinite(y)])

    def _functions(self) -> list[tuple[int, np.ndarray, np.ndarray]]:
        """Step, places and values of those that are drawn; none where there are more inputs."""
        count, output = len(self._state.steps), self._axes.parts[1].number
        way = np.linspace(0, count - 1, min(count, GHOSTS)).round().astype(int).tolist()
        steps = sorted({*way, self._state.cursor}) if count else []
        found = [(step, self.fitted.at(step)) for step in steps]
        return [(step, at[0], _bounded(at[1][:, output])) for step, at in found if at is not None]

    def _show_fit(self, line: pg.PlotDataItem, number: int, x: np.ndarray, y: np.ndarray) -> None:
        colors, looked_at = paint.colors(), number == self._state.cursor
        part = number / max(len(self._state.steps) - 1, 1)
        color = colors.accent if looked_at else paint.blend(colors.muted, colors.accent, part)
        if not looked_at:
            color.setAlphaF(0.35 + 0.3 * part)
        line.setPen(pen(color, 3 if looked_at else 1))
        line.setZValue(10 if looked_at else 1)
        there = np.isfinite(y).any()
        line.setData(x if there else [], y if there else [])

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

    @Slot(int, float, float)
    def _on_moved(self, row: int, x: float, y: float) -> None:
        across, up = self._axes.parts
        self.editing.move(row, {across: x, up: y})
        self.editing.choiceChanged.emit()

    @Slot(object)
    def _on_click(self, event: Any) -> None:
        """On a point: choose it. On empty ground: a new row; a double click adds no second."""
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
        where, (across, up) = self.plot.getViewBox().mapSceneToView(place), self._axes.parts
        self.editing.add({across: where.x(), up: where.y()})

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key means the chosen row, the mouse what is under it."""
        place = self.mapToScene(event.pos())
        asked_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.editing.chosen if asked_by_key else self.points.under(place)
        if self.editing.task is None or not (index is not None or self._on_ground(place)):
            return
        menu = QMenu(self)
        menu.setObjectName("lab.measured.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if index is not None:
            self.editing.choose(index)
            menu.addAction(tr("Remove this row"), self.editing.remove)
            locked = (0, index) in self._state.workspace.in_view.locked
            text = tr("Let new draws replace it") if locked else tr("Keep it in new draws")
            menu.addAction(text, self.editing.toggle_lock)
        else:
            menu.addAction(tr("Add a row here"), lambda: self._add_at(place))
        menu.addSeparator()
        menu.addMenu(self.take_away.take_away)
        menu.popup(event.globalPos())

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return tr("A measurement in the plot"), (
            (tr("Choose the row before, after"), "[, ]"),
            (tr("Move it"), "Alt+←, Alt+→, Alt+↑, Alt+↓"),
            (tr("Add a row"), "Ins"),
            (tr("Remove it"), "Del"),
            (tr("Keep it in new draws"), "L"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, hand = event.key(), self.editing
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if hand.task is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            hand.choose(hand.chosen + (1 if key == Qt.Key.Key_BracketRight else -1))
        elif alt and key in MOVES:
            self._nudge(*MOVES[Qt.Key(key)])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            hand.remove()
        elif key == Qt.Key.Key_Insert:
            hand.add()
        elif key == Qt.Key.Key_L:
            hand.toggle_lock()
        else:
            super().keyPressEvent(event)

    def _nudge(self, *directions: int) -> None:
        moved = {}
        for part, way, (low, high) in zip(
            self._axes.parts, directions, self.plot.viewRange(), strict=True
        ):
            moved[part] = self.editing.place(part) + way * (high - low) / NUDGES
        self.editing.move(self.editing.chosen, moved)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._place_points()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._place_points()

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
