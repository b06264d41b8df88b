"""A bar a tensor: its first-order part and its curvature, and where the first order points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.lab.views.layers import shortened
from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing

if TYPE_CHECKING:
    from workbench.experiments.insight.xray import LayerXray

ROW, BAR, HEAD = 20, 8, 20
IN_SIGHT = 8
LEAST_BAR, SHARE_WIDTH, ANGLE_WIDTH, GAP = 70, 44, 44, 28


class XrayBars(Drawing, QWidget):
    """In as many columns as fit; tensors without a gradient are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: tuple[LayerXray, ...] = ()
        self._short: dict[str, str] = {}
        self.setObjectName("lab.xray.bars")
        self.setProperty("page", True)
        self.setAccessibleName(self.tr("Curvature of each layer"))
        self.setToolTip(
            self.tr(
                "Left: norm of the first-order part. Right: norm of the curvature, with its share "
                "of both. Last: the angle between the full gradient and its first-order part."
            )
        )

    def show_layers(self, layers: tuple[LayerXray, ...]) -> None:
        self.layers = tuple(layer for layer in layers if layer.first_order or layer.curvature)
        self._short = shortened(layer.name for layer in self.layers)
        self.setAccessibleDescription(
            ", ".join(
                f"{layer.name} {100 * layer.share:.0f} %, {angle_text(layer.cosine)}"
                for layer in self.layers
            )
        )
        self._fit()
        self.update()

    def needs(self, width: int) -> float:
        return HEAD + self._shape(width)[1] * ROW + 4

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(int(self.needs(self.width())))

    def _name_width(self) -> int:
        metrics = QFontMetrics(paint.small_font(self.font()))
        return max(map(metrics.horizontalAdvance, self._short.values()), default=0) + 12

    def _shape(self, width: float) -> tuple[int, int]:
        """Columns and rows: as few columns as keep the rows in sight, or as many as fit."""
        each = self._name_width() + LEAST_BAR + SHARE_WIDTH + ANGLE_WIDTH + GAP
        fitting = max(int((width + GAP) // each), 1)
        columns = max(min(fitting, -(-len(self.layers) // IN_SIGHT)), 1)
        return columns, -(-len(self.layers) // columns)

    def draw(self, painter: QPainter) -> None:
        painter.setFont(paint.small_font(self.font()))
        columns, rows = self._shape(self.room.width())
        width = (self.room.width() + GAP) / columns
        high = ROW * self.spread
        used = -(-len(self.layers) // max(rows, 1))
        for column in range(used):
            self._paint_head(painter, QRectF(column * width, 0, width - GAP, HEAD))
        for number, layer in enumerate(self.layers):
            column, row = divmod(number, rows)
            box = QRectF(column * width, HEAD + row * high, width - GAP, high)
            self._paint(painter, box, layer)

    def _paint_head(self, painter: QPainter, box: QRectF) -> None:
        colors, middle = paint.colors(), Qt.AlignmentFlag.AlignVCenter
        right = middle | Qt.AlignmentFlag.AlignRight
        painter.setPen(colors.accent)
        track = self._track(box)
        painter.drawText(track, middle, self.tr("first order"))
        painter.setPen(colors.support)
        ends = QRectF(track.left(), box.top(), track.width() + SHARE_WIDTH, box.height())
        painter.drawText(ends, right, self.tr("curvature"))
        painter.setPen(colors.muted)
        painter.drawText(box, right, self.tr("angle"))

    def _track(self, box: QRectF) -> QRectF:
        names = self._name_width()
        return box.adjusted(names, 0, -SHARE_WIDTH - ANGLE_WIDTH, 0)

    def _paint(self, painter: QPainter, box: QRectF, layer: LayerXray) -> None:
        colors, middle = paint.colors(), Qt.AlignmentFlag.AlignVCenter
        right = middle | Qt.AlignmentFlag.AlignRight
        painter.setPen(colors.muted)
        painter.drawText(box, middle, self._short[layer.name])
        beside = (box.height() - BAR * self.spread**0.5) / 2
        track = self._track(box).adjusted(0, beside, 0, -beside)
        share = layer.share if math.isfinite(layer.share) else 0.0
        painter.fillRect(track, colors.accent)
        part = track.width() * share
        painter.fillRect(
            QRectF(track.right() - part, track.top(), part, track.height()), colors.support
        )
        painter.fillRect(
            QRectF(track.right() - part - 1, track.top(), 2, track.height()), colors.surface
        )
        painter.setPen(colors.text)
        shares = QRectF(track.right(), box.top(), SHARE_WIDTH - 4, box.height())
        painter.drawText(shares, right, f"{100 * share:.0f} %")
        painter.drawText(box, right, angle_text(layer.cosine))


def angle_text(cosine: float) -> str:
    """In degrees."""
    if not math.isfinite(cosine):
        return "–"
    return f"{math.degrees(math.acos(min(max(cosine, -1.0), 1.0))):.0f}°"
