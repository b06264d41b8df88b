"""What a metric is measured by, as lines across a plot: the best there is, and doing nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.graph import Level

SMALL, ROW = 11, 15
"""Pixels of letters, and of a name with the air about it."""
LEFTMOST, RIGHTMOST = 0.02, (0.98, 0.6)
"""Along the axis: the name of the best, and those of the others."""
ABOVE, BELOW = 1, 0
"""Its line: where the anchor of a name lies in it, from its upper edge down."""
Best = Callable[[Iterable[float]], float]


@dataclass(frozen=True)
class Spot:
    """A place for a name: how far along the axis, what of the name lies there, and its box."""

    along: float
    anchor: tuple[int, int]
    box: QRectF
    """In pixels of the plot."""


class BoundLines:
    """Dashed, each with its name: the best at the left, where a curve begins far below it.

    A name stands above its line, or below it where there is no room above. One that would cover the
    name of a line before it, or be struck through by another line, is not drawn.
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
        lines = {name: self._line(name, value) for name, value in shown.items()}
        self.lines = list(lines.values())
        self._best = next((lines[name] for name, value in shown.items() if value == top), None)
        self.restyle()
        self._arrange()

    def _line(self, name: str, value: float) -> pg.InfiniteLine:
        place = math.log10(value) if self._log else value
        line = pg.InfiniteLine(place, angle=0, label=name)
        line.setZValue(-5)
        self._plot.addItem(line)
        return line

    def _arrange(self) -> None:
        """The first lines are those that say most; each takes the first spot that is free."""
        taken = list[QRectF]()
        for line in self.lines:
            spots = (s for s in self._spots(line) if self._is_free(s.box, line, taken))
            chosen = next(spots, None)
            line.label.setVisible(chosen is not None)
            if chosen is not None:
                line.label.anchors = [chosen.anchor] * 2
                line.label.setPosition(chosen.along)
                taken.append(chosen.box)

    def _spots(self, line: pg.InfiniteLine) -> Iterator[Spot]:
        """The wanted one first."""
        best = line is self._best
        wide, height = line.label.boundingRect().width(), self._height(line)
        for along in (LEFTMOST,) if best else RIGHTMOST:
            left = along * self._plot.vb.width() - (0 if best else wide)
            for side in (ABOVE, BELOW):
                box = QRectF(left, height - side * ROW, wide, ROW)
                yield Spot(along, (0 if best else 1, side), box)

    def _is_free(self, box: QRectF, own: pg.InfiniteLine, taken: Iterable[QRectF]) -> bool:
        others = (self._height(line) for line in self.lines if line is not own)
        struck = any(box.top() < height - 1 and height + 1 < box.bottom() for height in others)
        inside = box.left() >= 0 and box.top() >= 0 and box.bottom() <= self._plot.vb.height()
        return inside and not struck and not any(box.intersects(other) for other in taken)

    def _height(self, line: pg.InfiniteLine) -> float:
        """In pixels from the upper edge of the plot down."""
        low, high = self._plot.vb.viewRange()[1]
        return float((high - line.value()) / (high - low) * self._plot.vb.height())

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
