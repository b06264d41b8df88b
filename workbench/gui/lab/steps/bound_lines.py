"""What a metric is measured by, as lines across a plot: the best there is, and doing nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.graph import Level

SMALL, ROW = 11, 15
"""Pixels of letters, and of a name with the air about it."""
LEFTMOST, RIGHTMOST = 0.02, (0.98, 0.6)
"""Along the axis: the name of the best, and those of the others."""
Best = Callable[[Iterable[float]], float]


class BoundLines:
    """Dashed, each with its name: the best at the left, where a curve begins far below it.

    A name that would cover that of a line before it is not drawn.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        plot.vb.sigYRangeChanged.connect(self._arrange)
        plot.vb.sigResized.connect(self._arrange)
        self._shown: dict[str, float] = {}
        self._log = False
        self.lines: list[pg.InfiniteLine] = []
        self._best: pg.InfiniteLine | None = None

    def show(self, bounds: dict[str, float], best: Best = max, log: bool = False) -> None:
        """``best`` picks the best of them; on a logarithmic axis only what is above zero is."""
        if (bounds, log) == (self._shown, self._log):
            return
        self._shown, self._log = dict(bounds), log
        for line in self.lines:
            self._plot.removeItem(line)
        self.lines, self._best = [], None  # while items are added, the plot may be arranged
        shown = {name: value for name, value in bounds.items() if value > 0 or not log}
        top = best(bounds.values()) if bounds else None
        lines = {name: self._line(name, value, value == top) for name, value in shown.items()}
        self.lines = list(lines.values())
        self._best = next((lines[name] for name, value in shown.items() if value == top), None)
        self.restyle()
        self._arrange()

    def _line(self, name: str, value: float, best: bool) -> pg.InfiniteLine:
        """Names stand above their lines, but for the uppermost, which may be at the edge."""
        below = value == max(self._shown.values())
        anchor = (0 if best else 1, 0 if below else 1)
        place = math.log10(value) if self._log else value
        line = pg.InfiniteLine(place, angle=0, label=name, labelOpts={"anchors": [anchor] * 2})
        line.setZValue(-5)
        self._plot.addItem(line)
        return line

    def _arrange(self) -> None:
        """The first lines are those that say most; each takes the first place that is free."""
        taken = list[QRectF]()
        for line in self.lines:
            places = {place: self._box(line, place) for place in self._places(line)}
            free = (at for at, box in places.items() if box.left() >= 0 and _apart(box, taken))
            chosen = next(free, None)
            line.label.setVisible(chosen is not None)
            if chosen is not None:
                line.label.setPosition(chosen)
                taken.append(places[chosen])

    def _places(self, line: pg.InfiniteLine) -> tuple[float, ...]:
        return (LEFTMOST,) if line is self._best else RIGHTMOST

    def _box(self, line: pg.InfiniteLine, place: float) -> QRectF:
        """Where the name of a line would stand, in pixels of the plot."""
        view, wide = self._plot.vb, line.label.boundingRect().width()
        low, high = view.viewRange()[1]
        height = (high - line.value()) / (high - low) * view.height()
        (left, top), *_ = line.label.anchors
        return QRectF(place * view.width() - left * wide, height - top * ROW, wide, ROW)

    def values(self) -> list[float]:
        return list(self._shown.values())

    def levels(self, unit: float) -> list[Level]:
        """As a file has them; ``unit`` is what 1 is written as."""
        return [Level(name, "faint", unit * value) for name, value in self._shown.items()]

    def restyle(self) -> None:
        muted, font = paint.colors().muted, theme.current().font(SMALL)
        for line in self.lines:
            line.setPen(pen(muted, 1, dashed=True))
            line.label.setColor(muted)
            line.label.setFont(font)


def _apart(box: QRectF, others: Iterable[QRectF]) -> bool:
    return not any(box.intersects(other) for other in others)
