"""Two lists of bars side by side: what was measured before and after adapting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing

ROW, HEAD = 20, 20
BAR, GAP, AROUND = 8, 32, 12
LEAST_BAR = 110
"""Pixels of a bar in a file."""


@dataclass(frozen=True)
class Bar:
    """A bar up to ``after``, with a tick at ``before``."""

    name: str
    before: float | None
    after: float
    text: str
    share: bool
    """Of one; other numbers are drawn as parts of the largest of their list."""
    spread: float | None = None
    """To either side of ``after``, where there are several measurements of it."""


class DiagnosisBars(Drawing, QWidget):
    """Lists stand side by side; a dotted line marks chance."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[tuple[str, list[Bar]]] = []
        self._chance: float | None = None
        self.setObjectName("lab.diagnosis.bars")
        self.setProperty("page", True)
        self.setAccessibleName(self.tr("Measurements of the diagnosis"))
        self.setToolTip(
            self.tr(
                "A bar ends where adapting ends; the tick is before adapting, the dotted line is "
                "chance. CKA is 1 where adapting left the features of a layer as they were."
            )
        )

    def show_bars(self, lists: Sequence[tuple[str, list[Bar]]], chance: float | None) -> None:
        """Lists of bars with their headings; the chance level goes with the first of them."""
        self.lists = [(heading, bars) for heading, bars in lists if bars]
        self._chance = chance
        self.setAccessibleDescription(
            ", ".join(f"{bar.name} {bar.text}" for _, bars in self.lists for bar in bars)
        )
        self.setMinimumHeight(HEAD + self._rows() * ROW + 4)
        self.update()

    def needs(self, width: int) -> float:
        each = (width + GAP) / max(len(self.lists), 1) - GAP
        texts = (self._beside(bars) for _, bars in self.lists)
        return HEAD + self._rows() * ROW + 4 if max(texts) + LEAST_BAR <= each else math.inf

    def _rows(self) -> int:
        return max((len(bars) for _, bars in self.lists), default=0)

    def _beside(self, bars: list[Bar]) -> int:
        """What names and values take of the width."""
        return self._width(bar.name for bar in bars) + self._width(bar.text for bar in bars)

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def draw(self, painter: QPainter) -> None:
        painter.setFont(paint.small_font(self.font()))
        width = (self.room.width() + GAP) / max(len(self.lists), 1)
        for place, (heading, bars) in enumerate(self.lists):
            box = QRectF(place * width, 0, width - GAP, self.room.height())
            self._paint_list(painter, box, heading, bars, None if place else self._chance)

    def _paint_list(
        self, painter: QPainter, box: QRectF, heading: str, bars: list[Bar], chance: float | None
    ) -> None:
        colors = paint.colors()
        names = self._width(bar.name for bar in bars)
        values = self._width(bar.text for bar in bars)
        head = QRectF(box.left() + names, box.top(), box.width() - names, HEAD)
        painter.setPen(colors.muted)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, heading)
        full, high = _full(bars), ROW * self.spread
        for number, bar in enumerate(bars):
            row = QRectF(box.left(), HEAD + number * high, box.width(), high)
            self._paint_bar(painter, row, row.adjusted(names, 0, -values, 0), bar, full)
        if chance is not None:
            x = box.left() + names + chance / full * (box.width() - names - values)
            painter.setPen(QPen(colors.muted, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, HEAD), QPointF(x, HEAD + len(bars) * high))

    def _paint_bar(
        self, painter: QPainter, row: QRectF, room: QRectF, bar: Bar, full: float
    ) -> None:
        colors, middle = paint.colors(), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colors.muted)
        painter.drawText(row, middle, bar.name)
        painter.setPen(colors.text)
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, bar.text)
        beside = (row.height() - BAR * self.spread**0.5) / 2
        track = room.adjusted(0, beside, 0, -beside)
        painter.fillRect(track, colors.border)
        if math.isfinite(bar.after):
            painter.fillRect(_part(track, 0, bar.after / full * track.width()), colors.accent)
        if bar.before is not None and math.isfinite(bar.before):
            at = min(bar.before / full, 1.0) * track.width()
            painter.fillRect(_part(track, at - 1, 2).adjusted(0, -3, 0, 3), colors.support)

    def _width(self, texts: Iterable[str]) -> int:
        metrics = QFontMetrics(paint.small_font(self.font()))
        return max(map(metrics.horizontalAdvance, texts)) + AROUND


def _part(track: QRectF, start: float, width: float) -> QRectF:
    return QRectF(track.left() + start, track.top(), width, track.height())


def _full(bars: list[Bar]) -> float:
    """What the whole length of a bar stands for."""
    if all(bar.share for bar in bars):
        return 1.0
    ends = [end for bar in bars for end in (bar.before, bar.after) if end is not None]
    return max((end for end in ends if math.isfinite(end)), default=1.0) or 1.0
