"""How far each layer moved in the step looked at, relative to its own size."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.lab import look
from workbench.gui.lab.state import LabState

ROW = 20
NAME_WIDTH = 140
VALUE_WIDTH = 64


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

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(320, max(len(self.norms), 1) * ROW + 8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.norms:
            painter.setPen(look.colors().muted)
            text = self.tr("Nothing moves before the first step.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
            return
        finite = [value for value in self.norms.values() if math.isfinite(value)]
        longest = max(finite, default=0.0) or 1.0
        for row, (name, value) in enumerate(self.norms.items()):
            part = min(value / longest, 1.0) if math.isfinite(value) else 1.0
            self._paint_row(painter, row * ROW + 4, name, value, part)

    def _paint_row(
        self, painter: QPainter, top: int, name: str, value: float, part: float
    ) -> None:
        colors = look.colors()
        middle = Qt.AlignmentFlag.AlignVCenter
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH - 8)
        painter.setPen(colors.muted)
        painter.drawText(QRectF(0, top, NAME_WIDTH - 8, ROW), middle, shown)
        room = self.width() - NAME_WIDTH - VALUE_WIDTH
        track = QRectF(NAME_WIDTH, top + ROW / 2 - 3, max(room, 10), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.border)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(colors.accent if math.isfinite(value) else colors.bad)
        track.setWidth(track.width() * part)
        painter.drawRoundedRect(track, 3, 3)
        painter.setPen(colors.text)
        box = QRectF(self.width() - VALUE_WIDTH, top, VALUE_WIDTH, ROW)
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, f"{value:.2g}")
