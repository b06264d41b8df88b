"""What a metric is measured by, as lines across a plot: the best there is, and doing nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pyqtgraph as pg

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.graph import Level

SMALL = 11
LEFTMOST, RIGHTMOST = 0.02, (0.98, 0.6)
"""Along the axis: the name of the best, and those of the others."""
Best = Callable[[Iterable[float]], float]


class BoundLines:
    """Dashed, each with its name: the best at the left, where a curve begins far below it."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._shown: dict[str, float] = {}
        self._log = False
        self.lines: list[pg.InfiniteLine] = []

    def show(self, bounds: dict[str, float], best: Best = max, log: bool = False) -> None:
        """``best`` picks the best of them; on a logarithmic axis only what is above zero is."""
        if (bounds, log) == (self._shown, self._log):
            return
        self._shown, self._log = dict(bounds), log
        for line in self.lines:
            self._plot.removeItem(line)
        shown = [pair for pair in bounds.items() if pair[1] > 0 or not log]
        places = iter((*RIGHTMOST, *[0.5] * len(shown)))
        top = best(bounds.values()) if bounds else None
        self.lines = [
            self._line(name, value, LEFTMOST if value == top else next(places))
            for name, value in shown
        ]
        self.restyle()

    def _line(self, name: str, value: float, position: float) -> pg.InfiniteLine:
        """Names of lines that are near each other stand at other places, and can be read."""
        anchor = (0, 0) if position == LEFTMOST else (1, 1)
        options = {"position": position, "anchors": [anchor] * 2}
        place = math.log10(value) if self._log else value
        line = pg.InfiniteLine(place, angle=0, label=name, labelOpts=options)
        line.setZValue(-5)
        self._plot.addItem(line)
        return line

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
