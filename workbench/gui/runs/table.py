"""The table of runs: columns that share the width there is, and damaged runs as one wide row."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem

from workbench.gui.runs.model import RunsModel
from workbench.gui.style.two_line_table import TwoLineTable

LEAST = (132, 62, 128, 96)
"""Of the columns; what they want beyond it is cut in the order of `GIVES`."""
MOST = 300
MEASURED = 200
"""Rows whose texts are measured; of thousands the others are much the same."""
AFTER = 2
"""The column that takes what is left over."""
GIVES = (AFTER, 0, 3, 1)


class RunsTable(TwoLineTable):
    def __init__(self, model: RunsModel) -> None:
        super().__init__(model)
        self._runs = model
        self._hints: tuple[int, ...] = LEAST
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        model.modelReset.connect(self._on_reset)

    @Slot()
    def _on_reset(self) -> None:
        self.clearSpans()
        for row in self._runs.damaged():
            self.setSpan(row, 0, 1, self._runs.columnCount())
        self._hints = self._measure()
        self._fit()

    def _measure(self) -> tuple[int, ...]:
        """What every column wants for whole texts; damaged rows have all columns."""
        delegate, option = self.itemDelegate(), QStyleOptionViewItem()
        damaged = set(self._runs.damaged())
        rows = [row for row in range(self._runs.rowCount()) if row not in damaged][:MEASURED]
        wanted = []
        for column, least in enumerate(LEAST):
            cells = (self._runs.index(row, column) for row in rows)
            widths = (delegate.sizeHint(option, cell).width() for cell in cells)
            header = self.horizontalHeader().sectionSizeHint(column)
            wanted.append(min(max(least, header, *widths), MOST))
        return tuple(wanted)

    def _fit(self) -> None:
        widths = list(self._hints)
        spare = self.viewport().width() - sum(widths)
        for column in GIVES:
            given = max(spare, LEAST[column] - widths[column]) if spare < 0 else 0
            widths[column] += given
            spare -= given
        widths[AFTER] += max(spare, 0)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
