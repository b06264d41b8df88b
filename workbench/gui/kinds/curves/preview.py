"""A sampled episode of a curve, as a small plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.kinds.curves import curve_sheet
from workbench.gui.kinds.curves.room import true_curve
from workbench.gui.plots.chart import Chart, pen
from workbench.gui.style import theme
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Batch, Episode


class CurvePreview(Chart):
    """The true curve with the support points on it and the query points as a rug of dots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("tasks.episode.curve", parent)
        self.setAccessibleName(self.tr("Curve of the sampled episode"))
        self.setToolTip(self.tr("Dashed: the true curve; large: support; small: query points"))
        self.truth = self.plot.plot([], [])
        self.query = self.plot.plot([], [], pen=None, symbol="o", symbolSize=4)
        self.support = self.plot.plot([], [], pen=None, symbol="o", symbolSize=9)
        self.plot.getAxis("left").setWidth(28)
        self._task: Any = None
        self.restyle()

    def sheet(self) -> Sheet | None:
        if self._task is None:
            return None
        title = self.accessibleName()
        asked = (curve_sheet.queries(self._task),) if self._task.known else ()
        drawn = (*asked, *curve_sheet.support(self._task))
        _, (low, high) = self.plot.viewRange()
        return curve_sheet.sheet(title, self._task, (low, high), drawn)

    def show_task(self, task: Any, episode: Episode) -> None:
        self._task = task
        self.support.setData(*_points(episode.support))
        if task.known:
            self.truth.setData(*true_curve(task))
            self.query.setData(*_points(episode.query))
        else:
            self.truth.setData([], [])
            self.query.setData([], [])

    def fit(self, width: int) -> None:
        """A plot takes the width it is given."""

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        color = theme.current().color
        self.truth.setPen(pen(color("muted"), 1, dashed=True))
        for line, token in ((self.support, "before"), (self.query, "after")):
            line.setSymbolBrush(color(token))
            line.setSymbolPen(pen(color("surface"), 1))


def _points(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    return batch.x[:, 0].numpy(), batch.y[:, 0].numpy()
