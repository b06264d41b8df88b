"""The fitted function of one column, small: beside the true curve, through the support points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.kinds.curves import curve_sheet
from workbench.gui.kinds.curves.room import room_of, true_curve
from workbench.gui.style import paint
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.sinusoid import CurveTask

HEIGHT = 84
DOT = 2.5


class SmallFit(QWidget):
    """Truth dashed, support points as dots, the function at the step looked at as a line."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Fitted function"))
        self.setToolTip(self.tr("Dashed: the true curve. Dots: the support points."))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._task: CurveTask | None = None
        self._tone = QColor()
        self.fitted: np.ndarray | None = None

    def sheet(self) -> Sheet | None:
        if self._task is None or self.fitted is None:
            return None
        task = self._task
        drawn = (curve_sheet.function(task, self.fitted), *curve_sheet.support(task))
        return curve_sheet.sheet(self.accessibleName(), task, room_of(task).y, drawn)

    def sizeHint(self) -> QSize:
        return QSize(100, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 60)

    def show_task(self, task: CurveTask, episode: Episode, images: Sequence[QImage]) -> None:
        self._task, self.fitted = task, None
        self.update()

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        """``outputs [Q, 1]``, the values at the query inputs; None where nothing is known."""
        self._tone = tone
        self.fitted = None if outputs is None else outputs.numpy()[:, 0]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._task is None:
            return
        painter, colors, task = QPainter(self), paint.colors(), self._task
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(colors.border, 1))
        painter.setBrush(colors.paper)
        painter.drawRoundedRect(box, 4, 4)
        painter.setClipRect(box.adjusted(1, 1, -1, -1))
        if task.known:
            self._draw(painter, *true_curve(task), colors.muted, dashed=True)
        if self.fitted is not None:
            at = task.query_x.numpy()
            order = np.argsort(at)
            self._draw(painter, at[order], self.fitted[order], self._tone)
        painter.setPen(QPen(colors.surface, 1))
        painter.setBrush(colors.support)
        for px, py in zip(task.support_x.tolist(), task.support_y.tolist(), strict=True):
            painter.drawEllipse(self._place(px, py), DOT, DOT)

    def _draw(
        self, painter: QPainter, x: np.ndarray, y: np.ndarray, tone: QColor, dashed: bool = False
    ) -> None:
        """Nothing is drawn where values are not finite."""
        y = np.clip(y, -1e4, 1e4)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(tone, 1.2 if dashed else 2, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        finite = np.isfinite(y)
        line = QPolygonF([self._place(a, b) for a, b in zip(x[finite], y[finite], strict=True)])
        painter.drawPolyline(line)

    def _place(self, x: float, y: float) -> QPointF:
        assert self._task is not None
        (left, right), (low, high) = room_of(self._task)
        across, up = (x - left) / (right - left), (y - low) / (high - low)
        return QPointF(4 + across * (self.width() - 8), (1 - up) * self.height())
