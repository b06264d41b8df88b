"""How far each layer moved in the step looked at, relative to its own size."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.lab import look
from workbench.gui.lab.state import LabState

ROW = 18
NAME_WIDTH = 132
VALUE_WIDTH = 60
COLUMN = 330
GAP = 24


class LayerBars(QWidget):
    """One bar a tensor, the longest one full."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.norms: dict[str, float] = {}
        self.setObjectName("lab.layers")
        self.setAccessibleName(self.tr("Update norm of each layer"))
        self.setToolTip(self.tr("Norm of this step's change, relative to the layer's own norm"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        state.stepsChanged.connect(self.refresh)
        state.cursorChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        step = self._state.current
        self.norms = dict(step.update_norms) if step is not None else {}
        self.setFixedHeight(self.sizeHint().height())
        self.setAccessibleDescription(
            ", ".join(f"{name} {value:.2g}" for name, value in self.norms.items())
        )
        self.update()

    @property
    def _columns(self) -> int:
        return max(self.width() // COLUMN, 1)

    @property
    def _rows(self) -> int:
        return max(-(-len(self.norms) // self._columns), 1)

    def sizeHint(self) -> QSize:
        return QSize(COLUMN, self._rows * ROW + 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.small_font(self.font()))
        if not self.norms:
            painter.setPen(look.colors().muted)
            text = self.tr("Nothing moves before the first step.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
            return
        finite = [value for value in self.norms.values() if math.isfinite(value)]
        longest = max(finite, default=0.0) or 1.0
        width = (self.width() + GAP) / self._columns
        for number, (name, value) in enumerate(self.norms.items()):
            column, row = divmod(number, self._rows)
            part = min(value / longest, 1.0) if math.isfinite(value) else 1.0
            box = QRectF(column * width, row * ROW + 4, width - GAP, ROW)
            self._paint_bar(painter, box, name, value, part)

    def _paint_bar(
        self, painter: QPainter, box: QRectF, name: str, value: float, part: float
    ) -> None:
        colors = look.colors()
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH - 8)
        painter.setPen(colors.muted)
        painter.drawText(box, middle, shown)
        track = box.adjusted(NAME_WIDTH, ROW / 2 - 3, -VALUE_WIDTH, -(ROW / 2 - 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.border)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(colors.accent if math.isfinite(value) else colors.bad)
        track.setWidth(track.width() * part)
        painter.drawRoundedRect(track, 3, 3)
        painter.setPen(colors.text)
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, f"{value:.2g}")
