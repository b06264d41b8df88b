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
        self._positions: list[float] = []

    def show(self, bounds: dict[str, float], best: Best = max, log: bool = False) -> None:
        """``best`` picks the best of them; on a logarithmic axis only what is above zero is."""
        if (bounds, log) == (self._shown, self._log):
            return
        self._shown, self._log = dict(bounds), log
        for line in self.lines:
            self._plot.removeItem(line)
        self.lines, self._positions = [], []  # while items are added, the plot may be arranged
        shown = [pair for pair in bounds.items() if pair[1] > 0 or not log]
        places = iter((*RIGHTMOST, *[0.5] * len(shown)))
        top = best(bounds.values()) if bounds else None
        positions = [LEFTMOST if value == top else next(places) for _, value in shown]
        lines = [
            self._line(name, value, position)
            for (name, value), position in zip(shown, positions, strict=True)
        ]
        self.lines, self._positions = lines, positions
        self.restyle()
        self._arrange()

    def _line(self, name: str, value: float, position: float) -> pg.InfiniteLine:
        """Names of lines that are near each other stand at other places, and can be read."""
        anchor = (0, 0) if position == LEFTMOST else (1, 1)
        options = {"position": position, "anchors": [anchor] * 2}
        place = math.log10(value) if self._log else value
        line = pg.InfiniteLine(place, angle=0, label=name, labelOpts=options)
        line.setZValue(-5)
        self._plot.addItem(line)
        return line

    def _arrange(self) -> None:
        """The first lines are those that say most."""
        taken = list[QRectF]()
        for line, position in zip(self.lines, self._positions, strict=True):
            box = self._box(line, position)
            free = not any(box.intersects(other) for other in taken)
            line.label.setVisible(free)
            taken += [box] if free else []

    def _box(self, line: pg.InfiniteLine, position: float) -> QRectF:
        """Where the name of a line stands, in pixels of the plot."""
        view, wide = self._plot.vb, line.label.boundingRect().width()
        low, high = view.viewRange()[1]
        height = (high - line.value()) / (high - low) * view.height()
        if position == LEFTMOST:
            return QRectF(position * view.width(), height, wide, ROW)
        return QRectF(position * view.width() - wide, height - ROW, wide, ROW)

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
