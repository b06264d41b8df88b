"""The heat map of the time machine: checkpoints upwards, inner steps to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.core.metric import named
from workbench.gui.lab.views import heat
from workbench.gui.state.ticks import whole_step
from workbench.gui.style import paint, words
from workbench.gui.takeaway.drawing import Drawing

if TYPE_CHECKING:
    from workbench.experiments.insight.time_machine import Moment

LEFT, TOP, BELOW = 62, 14, 18
TALLEST = 30
TEXT_HEIGHT = 13
MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


class MomentMap(Drawing, QWidget):
    """`chosen` comes with row (0 is the oldest) and step; `cell` keeps them."""

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.cell: tuple[int, int] | None = None
        self.measure = "accuracy"
        self.values = np.zeros((0, 0))
        self._moments: tuple[Moment, ...] = ()
        self._scale: heat.Scale | None = None
        self._step = 0
        self.setObjectName("lab.timeMachine.map")
        self.setAccessibleName(self.tr("Checkpoints by inner steps"))
        self.setToolTip(self.tr("Click a cell, or walk with the arrow keys"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def show_moments(self, moments: tuple[Moment, ...], metric: str) -> None:
        self._moments, self.measure = moments, metric
        self.values = np.array([moment.query_metric for moment in moments])
        rows, columns = self.values.shape
        if self.cell is not None and not (self.cell[0] < rows and self.cell[1] < columns):
            self.cell = None
        known = named(metric)
        if known.percent:
            self._scale = heat.Scale(0.0, 1.0)
        else:
            errors = not known.larger_is_better
            self._scale = heat.Scale.around(self.values, log=errors, inverted=errors)
        self.update()

    def mark_step(self, step: int) -> None:
        self._step = step
        self.update()

    @property
    def box(self) -> QRectF:
        rows = max(len(self._moments), 1)
        width = self.room.width() - LEFT - heat.BAR_WIDTH - 12
        room = self.room.height() - TOP - BELOW
        height = min(room, rows * TALLEST) if self.on_screen else room
        return QRectF(LEFT, TOP, width, height)

    def cell_box(self, row: int, step: int) -> QRectF:
        rows, columns = self.values.shape
        box = self.box
        width, height = box.width() / columns, box.height() / rows
        top = box.bottom() - (row + 1) * height
        return QRectF(box.left() + step * width, top, width, height)

    def at(self, place: QPointF) -> tuple[int, int] | None:
        box = self.box
        if not self.values.size or not box.contains(place):
            return None
        rows, columns = self.values.shape
        row = min(int((box.bottom() - place.y()) / box.height() * rows), rows - 1)
        return row, min(int((place.x() - box.left()) / box.width() * columns), columns - 1)

    def describe(self, row: int, step: int) -> str:
        moment = self._moments[row]
        text = self.tr("Iteration {0}, step {1}: query {2} {3}, query loss {4}")
        metric = words.metric_name(self.measure)
        value = words.metric_text(self.measure, moment.query_metric[step])
        loss = words.short(moment.query_loss[step])
        return text.format(words.thousands(moment.iteration), step, metric, value, loss)

    def _choose(self, cell: tuple[int, int]) -> None:
        self.cell = cell
        self.setAccessibleDescription(self.describe(*cell))
        self.update()
        self.chosen.emit(*cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A cell of the time machine"), (
            (self.tr("Go to the next cell"), "←, →, ↑, ↓"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = MOVES.get(Qt.Key(event.key()))
        if move is None or not self.values.size:
            super().keyPressEvent(event)
            return
        rows, columns = self.values.shape
        if self.cell is None:
            self._choose((rows - 1, min(self._step, columns - 1)))
            return
        row, step = self.cell[0] + move[0], self.cell[1] + move[1]
        self._choose((min(max(row, 0), rows - 1), min(max(step, 0), columns - 1)))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.at(QPointF(event.pos()))
            if cell is not None:
                QToolTip.showText(event.globalPos(), self.describe(*cell), self)
                return True
        return super().event(event)

    def draw(self, painter: QPainter) -> None:
        if not self.values.size or self._scale is None:
            return
        painter.setFont(paint.small_font(self.font()))
        rows, columns = self.values.shape
        for row in range(rows):
            for step in range(columns):
                self._paint_cell(painter, row, step)
        self._paint_rows(painter)
        self._paint_columns(painter)
        if self.on_screen:
            self._paint_chosen(painter)
        beside = QRectF(self.box.right() + 12, TOP, heat.BAR_WIDTH, max(self.box.height(), 60))
        heat.paint_bar(painter, beside, self._scale, self.measure)

    def _paint_cell(self, painter: QPainter, row: int, step: int) -> None:
        assert self._scale is not None
        value, box = float(self.values[row, step]), self.cell_box(row, step)
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        if not np.isfinite(value):
            heat.paint_missing(painter, inner)
            return
        ground = self._scale.color(value)
        painter.fillRect(inner, ground)
        text = heat.number(self.measure, value)
        fits = box.width() > painter.fontMetrics().horizontalAdvance(text) + 4
        if fits and box.height() >= TEXT_HEIGHT:
            painter.setPen(heat.ink_on(ground))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_rows(self, painter: QPainter) -> None:
        colors, rows = paint.colors(), len(self._moments)
        every = max(-(-TEXT_HEIGHT // max(int(self.box.height() / rows), 1)), 1)
        painter.setPen(colors.muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in range(rows - 1, -1, -every):
            box = self.cell_box(row, 0)
            text = words.thousands(self._moments[row].iteration)
            painter.drawText(QRectF(0, box.center().y() - 8, LEFT - 6, 16), right, text)
        painter.drawText(QRectF(0, 0, LEFT - 6, TOP), right, self.tr("iteration"))

    def _paint_columns(self, painter: QPainter) -> None:
        colors, columns, box = paint.colors(), self.values.shape[1], self.box
        center = Qt.AlignmentFlag.AlignCenter
        for step in range(0, columns, whole_step(columns - 1, 12)):
            cell = self.cell_box(0, step)
            painter.setPen(colors.muted)
            painter.drawText(
                QRectF(cell.center().x() - 16, box.bottom(), 32, 16), center, f"{step}"
            )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, box.bottom(), LEFT - 6, 16), right, self.tr("inner step"))
        if self.on_screen and self._step < columns:
            cell = self.cell_box(0, self._step)
            mark = QRectF(cell.left() + 1, box.bottom() + 1, cell.width() - 2, 2)
            painter.fillRect(mark, colors.accent)

    def _paint_chosen(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.cell is None:
            if self.hasFocus():
                painter.setPen(QPen(paint.colors().accent, 2))
                painter.drawRect(self.box)
            return
        box = self.cell_box(*self.cell)
        for color, width in ((paint.colors().surface, 4.0), (paint.colors().accent, 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawRect(box)
