"""The table of runs: sorted by its header, renamed in place, columns as wide as they were left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem

from workbench.gui.runs import columns
from workbench.gui.runs.delegate import RunDelegate
from workbench.gui.runs.model import RunsModel
from workbench.gui.style.two_line_table import TwoLineTable

MOST = 230
"""Pixels that a column takes by itself; that of the names takes what is left over."""
MOST_NAME = 420
NAME_SHARE = 0.25
"""Of the width, that names do not give away."""
MEASURED = 24
"""Rows that are looked at for how wide a column is to be."""


class RunsTable(TwoLineTable):
    """Says what is wanted; the panel does it. `sortWanted` and `widthChosen` name a column."""

    sortWanted = Signal(str)
    widthChosen = Signal(str, int)
    deleteWanted = Signal()

    def __init__(self, model: RunsModel) -> None:
        super().__init__(model)
        self._runs = model
        self._chosen: dict[str, int] = {}
        self._hints: list[int] = []
        self._measured = False
        self._fitting = False
        self.setItemDelegate(RunDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(44)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._on_header)
        header.sectionResized.connect(self._on_resized)
        model.modelReset.connect(self._on_reset)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Table of runs"), (
            (self.tr("Rename the run"), "F2"),
            (self.tr("Move the chosen runs to the trash"), "Del"),
        )

    def use_widths(self, chosen: dict[str, int]) -> None:
        """Widths by the keys of columns, instead of those that fit."""
        self._chosen = dict(chosen)

    def show_sort(self, key: str, descending: bool) -> None:
        keys = [column.key for column in self._runs.columns]
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header = self.horizontalHeader()
        header.setSortIndicatorShown(key in keys)
        if key in keys:
            header.setSortIndicator(keys.index(key), order)

    def rename(self) -> None:
        """Edit the name of the current run in its cell."""
        index = self.currentIndex().siblingAtColumn(0)
        if index.isValid():
            self.scrollTo(index)
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleteWanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot(int)
    def _on_header(self, section: int) -> None:
        self.sortWanted.emit(self._runs.columns[section].key)

    @Slot(int, int, int)
    def _on_resized(self, section: int, old: int, new: int) -> None:
        if not self._fitting and section < len(self._runs.columns):
            key = self._runs.columns[section].key
            self._chosen[key] = new
            self.widthChosen.emit(key, new)

    @Slot()
    def _on_reset(self) -> None:
        self.clearSpans()
        for row in self._runs.damaged():
            self.setSpan(row, 0, 1, self._runs.columnCount())
        self._measured = False
        if self.isVisible():
            self._measure()

    def showEvent(self, event: QShowEvent) -> None:
        """Runs that come while nobody looks cost no measuring."""
        super().showEvent(event)
        if not self._measured:
            self._measure()

    def _measure(self) -> None:
        self._measured = True
        self._hints = [self._wanted(place) for place in range(self._runs.columnCount())]
        self._fit()

    def _wanted(self, place: int) -> int:
        """What a column wants for whole texts; damaged rows have all columns."""
        column = self._runs.columns[place]
        if column.key in self._chosen:
            return self._chosen[column.key]
        if column.key == columns.CURVE:
            return column.least
        delegate, option = self.itemDelegate(), QStyleOptionViewItem()
        rows = range(min(self._runs.rowCount(), MEASURED))
        cells = (
            self._runs.index(row, place) for row in rows if not self._runs.runs[row].run.problem
        )
        widths = (delegate.sizeHint(option, cell).width() for cell in cells)
        header = self.horizontalHeader().sectionSizeHint(place)
        most = MOST_NAME if column.key == columns.NAME else MOST
        return min(max(column.least, header, *widths, 0), most)

    def _fit(self) -> None:
        """The names give way, and take what is left over."""
        hints = list(self._hints)
        if not hints:
            return
        first = self._runs.columns[0]
        if first.key not in self._chosen:
            spare = self.viewport().width() - sum(hints)
            least = max(first.least, min(hints[0], int(NAME_SHARE * self.viewport().width())))
            hints[0] = max(hints[0] + spare, least)
        self._fitting = True
        for place, width in enumerate(hints):
            self.setColumnWidth(place, width)
        self._fitting = False
