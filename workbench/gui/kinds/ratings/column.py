"""What one learner of a comparison makes of the items: its ranking, a line each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.kinds.ratings.ranks import Ranked, Ranks, ranked
from workbench.gui.kinds.ratings.stars import Scale
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.flow import Flow
from workbench.gui.takeaway.lines import fixed, least
from workbench.gui.takeaway.sheet import Sheet, Table

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.rated.rated_task import RatedTask

LINE, NUMBER, VALUE, TRUTH, SMALL = 18, 18, 26, 26, 11
"""Pixels of a line, of its place, of what is predicted, of what was given, and of letters."""
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class RankColumn(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Items as this learner ranks them"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._task: RatedTask | None = None
        self.rows = Ranks()
        self.rows.setParent(self)

    def show_task(self, task: RatedTask, episode: Episode, images: Sequence[QImage]) -> None:
        self._task = task
        self.setFixedHeight(LINE * len(task.query) + 2)
        self.show_outputs(None, QColor())

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        """``[Q, 1]``; None where nothing is known."""
        task = self._task
        if task is None:
            return
        scale = Scale(task.pool.lowest, task.pool.highest)
        self.rows.show(ranked(task, outputs, outputs), scale)
        first = ", ".join(row.text for row in self.rows.rows[:3] if row.now is not None)
        self.setAccessibleDescription(first)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(NUMBER + VALUE + TRUTH, LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, seen = QPainter(self), event.rect()
        for place, row in enumerate(self.rows.rows):
            if seen.top() - LINE <= place * LINE <= seen.bottom():
                _paint_row(place, row, painter, QRectF(0, place * LINE, self.width(), LINE))

    def sheet(self) -> Sheet | None:
        rows = self.rows.rows
        if not any(row.now is not None for row in rows):
            return None
        blocks = [fixed(LINE, partial(_paint_row, *pair)) for pair in enumerate(rows)]
        table = Table(
            ("place", "item", "predicted", "rated"),
            [
                (
                    place,
                    row.text,
                    "" if row.now is None else row.now,
                    "" if math.isnan(row.truth) else row.truth,
                )
                for place, row in enumerate(rows, 1)
            ],
        )
        width = least(row.text for row in rows)
        return Sheet("ranking", self.accessibleName(), Flow(blocks, width), table)

    def row_at(self, place: QPoint) -> Ranked | None:
        at = place.y() // LINE
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos())
            QToolTip.showText(
                event.globalPos(), "" if row is None else self.rows.described(row), self
            )
            return True
        return super().event(event)


def _paint_row(place: int, row: Ranked, painter: QPainter, box: QRectF) -> None:
    """Place, what is predicted, what was given, and as much of the name as fits."""
    colors = paint.colors()
    painter.setFont(theme.current().font(SMALL))
    painter.setPen(colors.muted)
    number = "" if row.now is None else f"{place + 1}"
    painter.drawText(box, CENTER, number)
    box = box.adjusted(NUMBER, 0, 0, 0)
    if row.now is not None:
        painter.setPen(colors.text)
        painter.drawText(box, CENTER, f"{row.now:.1f}")
    box = box.adjusted(VALUE, 0, 0, 0)
    if not math.isnan(row.truth):
        painter.setPen(colors.truth)
        painter.drawText(box, CENTER, f"★ {row.truth:g}")
        box = box.adjusted(TRUTH, 0, 0, 0)
    painter.setPen(colors.muted)
    cut = Qt.TextElideMode.ElideRight
    painter.drawText(box, CENTER, painter.fontMetrics().elidedText(row.text, cut, int(box.width())))
