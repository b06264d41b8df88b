"""Keeps the y axis of a figure on what is worth seeing, while numbers come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.gui.plots.lines import Band, Line
from workbench.gui.plots.range import EdgeMarks, visible
from workbench.gui.state.series import Array


class Fitting(QObject):
    """Says `outsideChanged` with another number of values beyond the edge, and `released` when all
    of x is looked at again.

    A user who has zoomed or panned keeps that view until `fit`.
    """

    outsideChanged = Signal()
    released = Signal()

    def __init__(
        self,
        view: pg.PlotWidget,
        lines: Mapping[str, Line],
        bands: Mapping[str, Band],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._lines, self._bands = view, lines, bands
        self.log = False
        self.moved = False
        self.keep_first = False
        """The first value of a line is never an outlier."""
        self.all = False
        """Outliers are shown too, whatever they do to the scale."""
        self.edge = EdgeMarks()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        view.addItem(self.edge.item, ignoreBounds=True)
        view.getViewBox().sigRangeChangedManually.connect(self._on_moved)
        view.scene().sigMouseClicked.connect(self._on_click)

    @property
    def outside(self) -> int:
        return self.edge.count

    def soon(self) -> None:
        """Once for all the lines that change together."""
        self._soon.start()

    @Slot()
    def fit(self) -> None:
        """All of x, and of y what is not stray."""
        self.moved = self.all = False
        self.released.emit()
        self._view.getPlotItem().enableAutoRange(axis="x")
        self.refresh()

    @Slot()
    def view_all(self) -> None:
        self.fit()
        self.all = True
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        self._soon.stop()
        if self.moved:
            return
        lines = [line for line in self._lines.values() if line.has_data]
        bands = [self._seen(edge) for band in self._bands.values() for edge in band.edges]
        extents = [*(self._seen(line.extent()) for line in lines), *bands]
        samples = [*(self._seen(line.sample()) for line in lines), *bands]
        found = visible(extents, samples, keep_first=self.keep_first)
        if found is None:
            return
        usual, whole = found
        low, high = shown = whole if self.all else usual
        before = self.outside
        self.edge.show(self._drawn() if shown != whole else [], shown)
        room = 0.0 if high > low else 0.05 * abs(high) or 0.5
        self._view.getViewBox().setYRange(low - room, high + room, padding=0.06)
        if self.outside != before:
            self.outsideChanged.emit()

    def _drawn(self) -> list[tuple[Array, Array]]:
        """The thinned points of every line, each extreme value among them, as the view counts."""
        items = [line.item for line in self._lines.values() if line.has_data and not line.smooth]
        drawn = [(item.xData, item.yData) for item in items if item.xData is not None]
        return [(x, self._seen(y)) for x, y in drawn]

    def _seen(self, y: Array) -> Array:
        """As the view counts: on a logarithmic axis what is not positive is not there."""
        return np.log10(np.where(y > 0, y, np.nan)) if self.log else y

    def _on_moved(self) -> None:
        self.moved = True

    @Slot(object)
    def _on_click(self, event: Any) -> None:
        if event.double():
            if self.outside:
                self.view_all()
            else:
                self.fit()
