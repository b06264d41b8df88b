"""What a metric is measured by, as lines across a plot: the best there is, and doing nothing."""

from __future__ import annotations

import pyqtgraph as pg

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.graph import Level

SMALL, ROW = 11, 15
"""Pixels of letters, and of a name with the air about it."""


class BoundLines:
    """Dashed, each with its name: the best at the left, where a curve begins far below it.

    A name that would cover that of a line before it is not drawn.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        plot.vb.sigYRangeChanged.connect(self._arrange)
        plot.vb.sigResized.connect(self._arrange)
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
        self._arrange()

    def _line(self, name: str, value: float) -> pg.InfiniteLine:
        best = value == max(self._shown.values())
        anchor = (0, 0) if best else (1, 1)
        options = {"position": 0.02 if best else 0.98, "anchors": [anchor] * 2}
        line = pg.InfiniteLine(value, angle=0, label=name, labelOpts=options)
        line.setZValue(-5)
        self._plot.addItem(line)
        return line

    def _arrange(self) -> None:
        """The first lines are those that say most."""
        view, taken = self._plot.vb, list[float]()
        (low, high), pixels = view.viewRange()[1], view.height()
        for line in self.lines:
            best = line.value() == max(self._shown.values())
            middle = (high - line.value()) / (high - low) * pixels + (ROW if best else -ROW) / 2
            free = all(abs(middle - other) >= ROW for other in taken)
            line.label.setVisible(free)
            taken += [middle] if free else []

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
