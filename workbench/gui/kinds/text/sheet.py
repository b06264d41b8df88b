"""A sampled episode of sentences: class by class, those to learn from and those that are asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.gui.kinds.text.row_delegate import paint_class
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.flow import Flow
from workbench.gui.takeaway.lines import fixed, least
from workbench.gui.takeaway.sheet import Key, Sheet, Table

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.texts.text_task import TextTask

HEAD, LINE, GAP, LEFT = 24, 19, 6, 20
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class Line(NamedTuple):
    kind: str
    """``class``, ``S`` for a support sentence or ``Q`` for a query sentence."""
    way: int
    top: int
    text: str
    group: str = ""

    @property
    def high(self) -> int:
        return HEAD if self.kind == "class" else LINE


class EpisodeSentences(QWidget):
    """A dot before what is learned from; what is asked is muted. Tooltips have the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tasks.episode.sentences")
        self.setAccessibleName(self.tr("Sentences of the sampled episode"))
        self.setProperty("page", True)
        self.lines: list[Line] = []

    def show_task(self, task: TextTask, episode: Episode) -> None:
        self.lines, top = [], 0
        sets = zip(task.support_texts, task.query_texts, strict=True)
        for way, (support, query) in enumerate(sets):
            self.lines.append(Line("class", way, top, task.class_title(way), task.group_title(way)))
            top += HEAD
            told = [("S", text) for text in support] + [("Q", text) for text in query]
            for kind, text in told:
                self.lines.append(Line(kind, way, top, text))
                top += LINE
            top += GAP
        self.setMinimumHeight(top)
        text = self.tr("{0} classes; sentences of support: {1}, of query: {2}")
        counts = (len(task.classes), len(episode.support.y), len(episode.query.y))
        self.setAccessibleDescription(text.format(*counts))
        self.update()

    def fit(self, width: int) -> None:
        """Lines end where the width does."""

    def line_at(self, place: QPoint) -> Line | None:
        found = (line for line in reversed(self.lines) if line.top <= place.y())
        return next(found, None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = event.rect()
        for line in self.lines:
            if seen.top() - HEAD <= line.top <= seen.bottom():
                _paint_line(line, painter, QRectF(0, line.top, self.width(), line.high))

    def sheet(self) -> Sheet | None:
        if not self.lines:
            return None
        blocks = [fixed(line.high, partial(_paint_line, line)) for line in self.lines]
        names = {line.way: line.text for line in self.lines if line.kind == "class"}
        sets = {"S": "support", "Q": "query"}
        rows = [
            (sets[line.kind], paint.letter(line.way), names[line.way], line.text)
            for line in self.lines
            if line.kind in sets
        ]
        legend = (Key(self.tr("to learn from"), "before", symbol="o", line=False),)
        table = Table(("set", "class", "name", "sentence"), rows)
        title = self.accessibleName()
        return Sheet(
            "episode",
            title,
            Flow(blocks, least(line.text for line in self.lines)),
            table,
            legend=legend,
        )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.line_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if line is None else self._told(line), self)
            return True
        return super().event(event)

    def _told(self, line: Line) -> str:
        if line.kind == "class":
            return plain(f"{line.text} ({line.group})" if line.group else line.text)
        learned = self.tr("To learn from") if line.kind == "S" else self.tr("Asked afterwards")
        return f"{plain(line.text)}\n{learned}"


def _paint_line(line: Line, painter: QPainter, box: QRectF) -> None:
    colors = paint.colors()
    if line.kind == "class":
        paint_class(painter, box, line.way, line.text, line.group)
        return
    if line.kind == "S":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.support)
        painter.drawEllipse(QRectF(box.left() + 7, box.top() + LINE / 2 - 3, 6, 6))
    box = box.adjusted(LEFT, 0, -4, 0)
    painter.setFont(theme.current().font(12))
    painter.setPen(colors.text if line.kind == "S" else colors.muted)
    cut = Qt.TextElideMode.ElideRight
    painter.drawText(
        box, CENTER, painter.fontMetrics().elidedText(line.text, cut, int(box.width()))
    )
