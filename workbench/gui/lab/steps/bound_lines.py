"""What a metric is measured by, as lines across a plot: the best there is, and doing nothing."""

from __future__ import annotations

import pyqtgraph as pg

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.graph import Level

SMALL = 11


class BoundLines:
    """Dashed, each with its name: the best at the left, where a curve begins far below it."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._shown: dict[str, float] = {}
        self.lines: list[pg.InfiniteLine] = []

    def show(self, bounds: dict[str, float]) -> None:
        if bounds == self._shown:
            return
        self._shown = dict(bounds)
        for line in self.lines:
            self._plot.removeItem(line)
        self.lines = [self._line(name, value) for name, value in bounds.items()]
        self.restyle()

    def _line(self, name: str, value: float) -> pg.InfiniteLine:
        best = value == max(self._shown.values())
        anchor = (0, 0) if best else (1, 1)
        options = {"position": 0.02 if best else 0.98, "anchors": [anchor] * 2}
        line = pg.InfiniteLine(value, angle=0, label=name, labelOpts=options)
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
