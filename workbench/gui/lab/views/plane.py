"""Points in the plane of an embedding: large ones for the support set, small ones for the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import heat, plane_items
from workbench.gui.lab.views.plane_items import Item
from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing

if TYPE_CHECKING:
    from workbench.experiments.insight.embedding import Embedding

LARGE, SMALL = 9.0, 4.0
EDGE = 16
LEGEND = 140
NEAR = 9.0
"""Pixels within which a point is meant."""


class PlaneView(Drawing, QWidget):
    """Both axes have one unit; the limits hold for all steps."""

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self._found: Embedding | None = None
        self._ways: np.ndarray = np.zeros((0, 0, 2))
        """``[k + 1, S + Q, 2]``, support items first."""
        self.items: list[Item] = []
        self.step = 0
        self.setObjectName("lab.embedding.plane")
        self.setAccessibleName(self.tr("Support and query items in a plane"))
        self.setToolTip(self.tr("Point at an item to see what it is"))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 140)

    def clear(self) -> None:
        self._found, self.items = None, []
        self.update()

    def show_step(self, found: Embedding, step: int) -> None:
        if found is not self._found:
            self._found = found
            self._ways = np.concatenate([found.support.numpy(), found.query.numpy()], 1)
        self.step = step
        self.items = plane_items.items(self._state)
        wrong = sum(item.wrong for item in self.items)
        query = sum(not item.support for item in self.items)
        text = self.tr("Step {0}: {1} of {2} query items are predicted wrong")
        self.setAccessibleDescription(text.format(step, wrong, query))
        self.update()

    # --- where things are --------------------------------------------------------------------

    @property
    def box(self) -> QRectF:
        return QRectF(0, 0, self.room.width() - LEGEND, self.room.height())

    def places(self) -> np.ndarray:
        """``[k + 1, S + Q, 2]`` in pixels."""
        low = self._ways.reshape(-1, 2).min(0)
        span = np.maximum(self._ways.reshape(-1, 2).max(0) - low, 1e-9)
        box = self.box.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        unit = min(box.width() / span[0], box.height() / span[1])
        middle = np.array([box.center().x(), box.center().y()])
        offset = (self._ways - low - span / 2) * unit
        placed: np.ndarray = middle + offset * np.array([1.0, -1.0])
        return placed

    def item_at(self, place: QPointF) -> Item | None:
        """The item at most `NEAR` away; support items are larger and come first."""
        if not self.items:
            return None
        away = np.hypot(*(self.places()[self.step] - (place.x(), place.y())).T)
        support = np.array([item.support for item in self.items])
        away = away - np.where(support, LARGE - SMALL, 0.0)
        best = int(away.argmin())
        return self.items[best] if away[best] <= NEAR else None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item = self.item_at(QPointF(event.pos()))
            if item is not None:
                QToolTip.showText(event.globalPos(), plane_items.tip(self._state, item), self)
                return True
        return super().event(event)

    # --- painting ----------------------------------------------------------------------------

    @property
    def drawn(self) -> bool:
        """Whether what was computed is of the task in view."""
        items = plane_items.items(self._state)
        return self._found is not None and len(items) == self._ways.shape[1]

    def draw(self, painter: QPainter) -> None:
        if not self.drawn:
            return
        items = self.items if self.on_screen else plane_items.items(self._state)
        painter.setFont(paint.small_font(self.font()))
        painter.setPen(QPen(paint.colors().border, 1))
        painter.setBrush(paint.colors().paper)
        painter.drawRoundedRect(self.box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        places = self.places()
        self._paint_trails(painter, places[: self.step + 1], items)
        order = sorted(range(len(items)), key=lambda index: items[index].support)
        for index in order:
            self._paint_item(painter, QPointF(*places[self.step, index]), items[index])
        self._paint_legend(painter)

    def _paint_trails(self, painter: QPainter, places: np.ndarray, items: list[Item]) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, item in enumerate(items):
            tone = QColor(item.color)
            tone.setAlphaF(0.3)
            painter.setPen(QPen(tone, 1))
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in places[:, index]]))

    def _paint_item(self, painter: QPainter, at: QPointF, item: Item) -> None:
        size = LARGE if item.support else SMALL
        edge = paint.colors().text if item.support else paint.colors().paper
        painter.setPen(QPen(edge, 1.2 if item.support else 0.8))
        painter.setBrush(item.color)
        painter.drawPath(plane_items.outline(item.shape, at, size))
        if item.support and item.letter:
            painter.setPen(heat.ink_on(item.color))
            box = QRectF(at.x() - 10, at.y() - 10, 20, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, item.letter)
        if item.wrong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(paint.colors().bad, 1.6))
            painter.drawEllipse(at, SMALL + 3.5, SMALL + 3.5)

    def _paint_legend(self, painter: QPainter) -> None:
        """What sizes, rings and colours mean."""
        left, colors = self.box.right() + 16, paint.colors()
        regression = self._state.spec is not None and not self._state.spec.labels
        kinds = [(self.tr("support item"), True, False), (self.tr("query item"), False, False)]
        if not regression:
            kinds.append((self.tr("predicted wrong"), False, True))
        for number, (text, support, wrong) in enumerate(kinds):
            at = QPointF(left + 8, 12 + 22 * number)
            self._paint_item(painter, at, Item(support, 0, 0, "", colors.truth, wrong))
            painter.setPen(colors.muted)
            room = QRectF(at.x() + 16, at.y() - 8, LEGEND - 34, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        scale = plane_items.input_scale(self._state) if regression else None
        if scale is not None:
            top = QRectF(left, 50, LEGEND - 16, 18)
            painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, self.tr("colour: input x"))
            heat.paint_bar(
                painter, QRectF(left + 2, 72, 60, min(self.room.height() - 80, 120)), scale
            )
        else:
            top = QRectF(left, 74, LEGEND - 16, 34)
            text = self.tr("colour, shape: class\nthin line: way so far")
            painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, text)
