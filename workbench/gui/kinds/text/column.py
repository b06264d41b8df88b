"""What one learner of a comparison says of the query sentences: a line each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.kinds.text import bars
from workbench.gui.kinds.text.query_rows import Query, QueryRows, best, rows_of, told
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.flow import Flow
from workbench.gui.takeaway.lines import fixed, least
from workbench.gui.takeaway.sheet import Sheet, Table

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.texts.text_task import TextTask

LINE, GAP, LETTER, VERDICT, SMALL = 18, 6, 16, 62, 11
"""Pixels of a sentence, between classes, of a class's letter, of what is predicted, of text."""
LEAST_TEXT = 60
"""With less than this a sentence says nothing; the tooltip has all of it."""
CENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class SentenceColumn(QWidget):
    """✓ or ✗, the likeliest class and its probability, and as much of the sentence as fits."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Query sentences predicted right and wrong"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows = QueryRows()
        self._rows.setParent(self)

    @property
    def queries(self) -> list[Query]:
        """With what is predicted of them."""
        return [row for row in self._rows.rows if row.kind == "item"]

    def show_task(self, task: TextTask, episode: Episode, images: Sequence[QImage]) -> None:
        texts = {text for row in task.query_texts for text in row}
        self._rows.show(rows_of(task, texts))
        self.setFixedHeight(self._high)
        self.update()

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        """``[Q, N]``; None where nothing is known."""
        self._rows.show_outputs(outputs, outputs)
        self.setAccessibleDescription(self._tally())
        self.update()

    def _tally(self) -> str:
        """``A 4/5, B 3/5``."""
        parts = []
        for way in sorted({query.way for query in self.queries}):
            mine = [query.right for query in self.queries if query.way == way]
            parts.append(f"{paint.letter(way)} {mine.count(True)}/{len(mine)}")
        known = any(query.right is not None for query in self.queries)
        return ", ".join(parts) if known else ""

    def _placed(self) -> list[tuple[float, Query]]:
        """The top of each sentence; between classes is a gap."""
        return [(LINE * n + GAP * query.way, query) for n, query in enumerate(self.queries)]

    def query_at(self, place: QPoint) -> Query | None:
        found = (query for top, query in self._placed() if top <= place.y() < top + LINE)
        return next(found, None)

    def minimumSizeHint(self) -> QSize:
        return QSize(LETTER + VERDICT, LINE)

    @property
    def _high(self) -> int:
        return int(max((top for top, _ in self._placed()), default=0)) + LINE + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, seen = QPainter(self), event.rect()
        for top, query in self._placed():
            if seen.top() - LINE <= top <= seen.bottom():
                _paint_query(query, painter, QRectF(0, top, self.width(), LINE))

    def sheet(self) -> Sheet | None:
        known = [(query, best(query.now)) for query in self.queries]
        if not any(guess is not None for _, guess in known):
            return None
        rows = [
            (
                query.text,
                paint.letter(query.way),
                "" if guess is None else paint.letter(guess),
                "" if guess is None else query.now[guess],
            )
            for query, guess in known
        ]
        table = Table(("sentence", "class", "predicted", "probability"), rows)
        blocks = [fixed(LINE, partial(_paint_query, query)) for query in self.queries]
        return Sheet(
            "queries",
            self.accessibleName(),
            Flow(blocks, least(query.text for query in self.queries)),
            table,
        )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            query = self.query_at(event.pos())
            text = "" if query is None else f"{plain(query.text)}\n{told(query)}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)


def _paint_query(query: Query, painter: QPainter, box: QRectF) -> None:
    colors = paint.colors()
    painter.setFont(theme.current().font(SMALL))
    if query.at == 0:
        painter.setPen(colors.muted)
        painter.drawText(box, CENTER, paint.letter(query.way))
    box = box.adjusted(LETTER, 0, 0, 0)
    guess = best(query.now)
    if guess is not None:
        painter.setPen(bars.tone(query))
        mark = "✓" if query.right else "✗"
        painter.drawText(box, CENTER, mark)
        text = f"{paint.letter(guess)} {100 * query.now[guess]:.0f} %"
        painter.drawText(box.adjusted(14, 0, 0, 0), CENTER, text)
    box = box.adjusted(VERDICT, 0, 0, 0)
    if box.width() < LEAST_TEXT:
        return
    painter.setPen(theme.current().color("muted"))
    cut = painter.fontMetrics().elidedText(
        query.text, Qt.TextElideMode.ElideRight, int(box.width())
    )
    painter.drawText(box, CENTER, cut)
