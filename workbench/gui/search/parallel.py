"""Parallel coordinates: an axis for each field and one for the score, a line for each trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from workbench.core.metric import named
from workbench.gui.search.content import Picture, Places
from workbench.gui.search.scale import Scale, of_field, of_scores
from workbench.gui.search.seen import Seen
from workbench.gui.state.series import Array
from workbench.gui.style import theme
from workbench.gui.takeaway import marks
from workbench.gui.takeaway.axes import SMALL
from workbench.gui.takeaway.sheet import Key

SIDE, HEAD = 64.0, 26.0
"""Pixels beside the outer axes, for their numbers, and above them, for their titles."""
SAMPLES = 16
"""Places between two axes where a line can be clicked."""
FAINTEST, STRONGEST = 0.18, 0.85


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyParallel", text)


@dataclass(frozen=True)
class Lines:
    """``shares [trials, axes]`` from the foot of each axis; the best trial is the last row."""

    scales: tuple[Scale, ...]
    shares: Array
    trials: Array

    def draw(self, painter: QPainter, box: QRectF) -> None:
        plot = _plot(box)
        count = len(self.shares)
        for place, row in enumerate(self.shares):
            strength = FAINTEST + (STRONGEST - FAINTEST) * place / max(count - 1, 1)
            best = place == count - 1
            token, width = ("star", 3.0) if best else ("after", 1.0)
            painter.setPen(marks.pen(token, width, alpha=1.0 if best else strength))
            marks.draw_line(painter, self._x(plot), plot.bottom() - row * plot.height())
        for x, scale in zip(self._x(plot).tolist(), self.scales, strict=True):
            _draw_axis(painter, plot, x, scale, plot.width() / max(len(self.scales) - 1, 1))

    def places(self, box: QRectF) -> Places:
        plot = _plot(box)
        axes = np.arange(len(self.scales), dtype=float)
        fine = np.linspace(0, axes[-1], int(SAMPLES * axes[-1]) + 1)
        rows = [np.interp(fine, axes, row) for row in self.shares]
        x = np.interp(fine, axes, self._x(plot))
        return Places(
            np.tile(x, len(rows)),
            plot.bottom() - np.concatenate(rows) * plot.height(),
            np.repeat(self.trials, len(fine)),
        )

    def _x(self, plot: QRectF) -> Array:
        return np.linspace(plot.left(), plot.right(), len(self.scales))


def draw(seen: Seen, fields: Sequence[str]) -> Picture | None:
    """Of completed trials; the better one is, the stronger its line."""
    if not seen.completed:
        return None
    scores = of_scores(seen.metric, [one.score or 0.0 for one in seen.completed])
    scales = (*(of_field(one) for one in seen.space), scores)
    sign = 1 if named(seen.metric).larger_is_better else -1
    ranked = sorted(seen.completed, key=lambda one: sign * (one.score or 0.0))
    rows = [
        [
            *(
                scale.share(one.values.get(dimension.field))
                for scale, dimension in zip(scales, seen.space, strict=False)
            ),
            scores.share(one.score),
        ]
        for one in ranked
    ]
    numbers = np.array([one.number for one in ranked], dtype=float)
    legend = (
        Key(tr("the best"), "star"),
        Key(tr("better"), "after", alpha=STRONGEST),
        Key(tr("worse"), "after", alpha=FAINTEST + 0.1),
    )
    content = Lines(scales, np.array(rows, dtype=float), numbers)
    return Picture("parallel", tr("All fields side by side"), content, seen.table(), (), legend)


def _plot(box: QRectF) -> QRectF:
    return box.adjusted(SIDE, HEAD, -SIDE, -12.0)


def _draw_axis(painter: QPainter, plot: QRectF, x: float, scale: Scale, room: float) -> None:
    """Its title above it, its numbers at its left, on a ground that lets them be read."""
    look = theme.current()
    painter.setFont(look.font(SMALL))
    metrics = QFontMetricsF(painter.font())
    painter.setPen(marks.pen("borderStrong", 1.2))
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    painter.setPen(look.color("text"))
    title = metrics.elidedText(scale.title, Qt.TextElideMode.ElideRight, max(room - 12, 2 * SIDE))
    head = QRectF(x - room / 2, plot.top() - HEAD, room, HEAD - 4)
    if head.width() < 2 * SIDE:
        head = QRectF(x - SIDE, plot.top() - HEAD, 2 * SIDE, HEAD - 4)
    painter.drawText(head, Qt.AlignmentFlag.AlignCenter, title)
    for place, text in scale.ticks:
        y = plot.bottom() - scale.share_of(place) * plot.height()
        wide = metrics.horizontalAdvance(text)
        ground = QRectF(x - wide - 10, y - metrics.height() / 2, wide + 6, metrics.height())
        painter.fillRect(ground, look.color("surface", 0.85))
        painter.setPen(look.color("muted"))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(marks.pen("borderStrong", 1.0))
        painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
