"""A sampled user in the browser: what is learned from, and what is asked afterwards."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.gui.kinds.ratings.stars import Scale, paint_stars, width
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.flow import Flow
from workbench.gui.takeaway.lines import fixed, least
from workbench.gui.takeaway.sheet import Key, Sheet, Table

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.rated.rated_task import RatedTask

LINE, STAR, LEFT = 20, 13, 20
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class Line(NamedTuple):
    kind: str
    """``support`` or ``query``."""
    text: str
    stars: float
    scale: Scale


class UserPreview(QWidget):
    """A dot before what is learned from; what is asked is muted."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tasks.episode.ratings")
        self.setAccessibleName(self.tr("Ratings of the sampled user"))
        self.setProperty("page", True)
        self.lines: list[Line] = []

    def show_task(self, task: RatedTask, episode: Episode) -> None:
        scale = Scale(task.pool.lowest, task.pool.highest)
        sets = (("support", task.support), ("query", task.query))
        self.lines = [
            Line(kind, task.name(r.item), r.stars, scale) for kind, part in sets for r in part
        ]
        self.setMinimumHeight(LINE * len(self.lines))
        text = self.tr("rated items of support: {0}, of query: {1}")
        self.setAccessibleDescription(text.format(len(task.support), len(task.query)))
        self.update()

    def fit(self, width: int) -> None:
        """Lines end where the width does."""

    def line_at(self, place: QPoint) -> Line | None:
        at = place.y() // LINE
        return self.lines[at] if 0 <= at < len(self.lines) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        seen = event.rect()
        for number, line in enumerate(self.lines):
            if seen.top() - LINE <= number * LINE <= seen.bottom():
                _paint_line(line, painter, QRectF(0, number * LINE, self.width(), LINE))

    def sheet(self) -> Sheet | None:
        if not self.lines:
            return None
        blocks = [fixed(LINE, partial(_paint_line, line)) for line in self.lines]
        rows = [
            (line.kind, line.text, "" if math.isnan(line.stars) else line.stars)
            for line in self.lines
        ]
        legend = (Key(self.tr("to learn from"), "before", symbol="o", line=False),)
        room = least(line.text for line in self.lines) + width(5, STAR)
        table = Table(("set", "item", "stars"), rows)
        return Sheet("episode", self.accessibleName(), Flow(blocks, room), table, legend=legend)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.line_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if line is None else self._told(line), self)
            return True
        return super().event(event)

    def _told(self, line: Line) -> str:
        learned = line.kind == "support"
        what = self.tr("To learn from") if learned else self.tr("Asked afterwards")
        return f"{plain(line.text)}: {line.stars:g}\n{what}"


def _paint_line(line: Line, painter: QPainter, box: QRectF) -> None:
    colors = paint.colors()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    support = line.kind == "support"
    if support:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.support)
        painter.drawEllipse(QRectF(box.left() + 7, box.center().y() - 3, 6, 6))
    stars = width(line.scale.count, STAR)
    place = QRectF(box.left() + LEFT, box.center().y() - STAR / 2, stars, STAR)
    tone = colors.accent if support else colors.muted
    paint_stars(painter, place, line.scale, line.stars, tone)
    text = box.adjusted(LEFT + stars + 8, 0, -4, 0)
    painter.setFont(theme.current().font(12))
    painter.setPen(colors.text if support else colors.muted)
    cut = Qt.TextElideMode.ElideRight
    painter.drawText(
        text, CENTER, painter.fontMetrics().elidedText(line.text, cut, int(text.width()))
    )
