"""The functions that a learner passes through: thin along the steps, bold where it is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from workbench.gui.plots.chart import pen
from workbench.gui.style import paint

GHOSTS = 12
"""Functions drawn thin beside the one looked at."""
Function = tuple[int, np.ndarray, np.ndarray]
"""The step, places and values."""


def drawn_steps(count: int, cursor: int) -> list[int]:
    """All of a few steps, else some on the way, and the one looked at."""
    on_the_way = np.linspace(0, count - 1, min(count, GHOSTS)).round().astype(int)
    return sorted({*on_the_way.tolist(), cursor}) if count else []


class StepLines:
    """Lines of one plot, from step 0 (muted) to the last (accent)."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self.lines: list[pg.PlotDataItem] = []

    def show(self, functions: Sequence[Function], cursor: int, steps: int) -> None:
        """``cursor`` is the step looked at, of ``steps`` in all."""
        while len(self.lines) < len(functions):
            self.lines.append(self._plot.plot([], [], connect="finite"))
        for line in self.lines[len(functions) :]:
            line.setData([], [])
        for line, (number, x, y) in zip(self.lines, functions, strict=False):
            self._paint(line, number == cursor, number / max(steps - 1, 1))
            there = np.isfinite(y).any()
            line.setData(x if there else [], y if there else [])

    @staticmethod
    def _paint(line: pg.PlotDataItem, looked_at: bool, part: float) -> None:
        colors = paint.colors()
        color = colors.accent if looked_at else paint.blend(colors.muted, colors.accent, part)
        if not looked_at:
            color.setAlphaF(0.35 + 0.3 * part)
        line.setPen(pen(color, 3 if looked_at else 1))
        line.setZValue(10 if looked_at else 1)
