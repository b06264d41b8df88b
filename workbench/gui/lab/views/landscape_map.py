"""A map of losses with the path of the inner steps over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.gui.lab.views import heat
from workbench.gui.style import paint, words
from workbench.gui.takeaway.drawing import Drawing

if TYPE_CHECKING:
    from workbench.experiments.insight.landscape import Landscape

HALO, LINE = QColor("#10141c"), QColor("#ffffff")
BELOW, BESIDE = 18, 20
FINE = 2
"""Pixels of a file's map to one of its page."""
CROWD = 30
"""Steps from which on their points are not marked."""


class LandscapeMap(Drawing, QWidget):
    """Low losses stand out. Rows that have not been computed yet are left open."""

    def __init__(self) -> None:
        super().__init__()
        self.query = True
        self.scale: heat.Scale | None = None
        self.losses = np.zeros((0, 0))
        self._found: Landscape | None = None
        self._cursor = 0
        self.setObjectName("lab.landscape.map")
        self.setAccessibleName(self.tr("Loss surface with the path of the inner steps"))
        self.setToolTip(self.accessibleName())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def show_landscape(self, found: Landscape, cursor: int) -> None:
        self._found, self._cursor = found, min(cursor, len(found.path) - 1)
        chosen = found.query_loss if self.query else found.support_loss
        self.losses = chosen.numpy()
        self.scale = heat.Scale.around(self.losses, log=True, inverted=True)
        self.update()

    @property
    def box(self) -> QRectF:
        """Where the map is."""
        width = self.room.width() - BESIDE - heat.BAR_WIDTH - 12
        return QRectF(BESIDE, 1, width, self.room.height() - BELOW - 2)

    def place(self, x: float, y: float) -> QPointF:
        """Of a point of the plane; a cell reaches half a grid step around its own point."""
        assert self._found is not None
        columns, rows = self._found.x.numpy(), self._found.y.numpy()
        across = ((x - columns[0]) / (columns[-1] - columns[0]) * (len(columns) - 1) + 0.5) / len(
            columns
        )
        up = ((y - rows[0]) / (rows[-1] - rows[0]) * (len(rows) - 1) + 0.5) / len(rows)
        box = self.box
        return QPointF(box.left() + across * box.width(), box.bottom() - up * box.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._describe(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)

    def _describe(self, at: QPointF) -> str:
        if not self.box.contains(at) or not self.losses.size:
            return ""
        rows, columns = self.losses.shape
        column = min(int((at.x() - self.box.left()) / self.box.width() * columns), columns - 1)
        row = min(int((self.box.bottom() - at.y()) / self.box.height() * rows), rows - 1)
        name = self.tr("Query loss") if self.query else self.tr("Support loss")
        return f"{name} {words.short(float(self.losses[row, column]))}"

    def draw(self, painter: QPainter) -> None:
        if self._found is None or self.scale is None:
            return
        colors = paint.colors()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(paint.small_font(self.font()))
        painter.drawImage(self.box, self._image(self.scale))
        painter.setPen(QPen(colors.border, 1))
        painter.drawRect(self.box)
        self._paint_axes(painter)
        painter.save()
        painter.setClipRect(self.box)
        self._paint_path(painter)
        painter.restore()
        beside = QRectF(self.box.right() + 12, 1, heat.BAR_WIDTH, self.box.height())
        heat.paint_bar(painter, beside, self.scale)

    def _image(self, scale: heat.Scale) -> QImage:
        """In a file already as large as it is drawn: viewers enlarge pixels as they like."""
        image = heat.image(self.losses[::-1], scale)
        if self.on_screen:
            return image
        keep, smooth = (
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        return image.scaled((self.box.size() * FINE).toSize(), keep, smooth)

    def _paint_axes(self, painter: QPainter) -> None:
        center, box = Qt.AlignmentFlag.AlignCenter, self.box
        painter.setPen(paint.colors().muted)
        below = QRectF(box.left(), box.bottom() + 2, box.width(), BELOW - 2)
        painter.drawText(below, center, self.tr("from the first weights to the last  →"))
        painter.save()
        painter.translate(BESIDE / 2 - 2, box.center().y())
        painter.rotate(-90)
        room = QRectF(-box.height() / 2, -8, box.height(), 16)
        painter.drawText(room, center, self.tr("where the path bends  →"))
        painter.restore()

    def _paint_path(self, painter: QPainter) -> None:
        assert self._found is not None
        points = [self.place(*point) for point in self._found.path.tolist()]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((HALO, 4.5), (LINE, 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(HALO, 1.2))
        painter.setBrush(LINE)
        for point in points if len(points) <= CROWD else points[:1]:
            painter.drawEllipse(point, 3.5, 3.5)
        at = points[self._cursor]
        painter.setBrush(paint.colors().accent)
        for color, width in ((HALO, 5.0), (LINE, 2.5)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(at, 6.5, 6.5)
        self._label(painter, points[0], "0")
        if self._cursor:
            self._label(painter, at, str(self._cursor))

    def _label(self, painter: QPainter, at: QPointF, text: str) -> None:
        width = painter.fontMetrics().horizontalAdvance(text) + 8
        box = QRectF(at.x() + 10, at.y() - 20, width, 15)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(HALO)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(LINE)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
