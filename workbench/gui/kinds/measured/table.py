"""A set as a table: looked at, and where it may be changed, written, added to and removed from."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from workbench.gui.kinds.measured import table_sheet
from workbench.gui.kinds.measured.rows import MeasuredRows, columns_of
from workbench.gui.kinds.measured.words import tr
from workbench.gui.style import theme
from workbench.gui.takeaway.sheet import Sheet

ROW, BOX = 24, 14
WIDEST = 150
"""Pixels of a column; longer names are elided, and their tooltips have all of them."""
NARROW = "QTableView::item { padding: 0 4px; } QHeaderView::section { padding: 4px 4px; }"


class MeasuredTable(QTableView):
    """`addWanted` and `removeWanted` come with the chosen row, -1 for none."""

    addWanted = Signal(int)
    removeWanted = Signal(int)

    def __init__(self, name: str, meaning: str, inputs: bool = True) -> None:
        super().__init__()
        self.rows = MeasuredRows(self, inputs)
        self.setModel(self.rows)
        self.setObjectName(name)
        self.setAccessibleName(meaning)
        self.setProperty("ticked", True)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(NARROW)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(44)
        header.setMaximumSectionSize(WIDEST)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)
        self.rows.modelReset.connect(self._hide_influence)
        theme.current().follow(self._on_theme)

    def allow_editing(self) -> None:
        """Cells are written by double-click, F2 or typing; Insert adds a row, Delete removes it."""
        triggers = QAbstractItemView.EditTrigger
        self.rows.editable = True
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self._act(tr("Add a row"), QKeySequence(Qt.Key.Key_Insert), self.add)
        self._act(tr("Remove this row"), QKeySequence(QKeySequence.StandardKey.Delete), self.remove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _act(self, text: str, keys: QKeySequence, act: object) -> None:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(act)
        self.addAction(action)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return tr("A row of measurements"), (
            (tr("Write a number"), "F2"),
            (tr("Add a row"), "Ins"),
            (tr("Remove it"), "Del"),
            (tr("Keep it in new draws (first column)"), "Space"),
        )

    def show_influence(self, values: list[float] | None) -> None:
        self.rows.show_influence(values)
        self._hide_influence()

    def sheet(self) -> Sheet | None:
        """The columns that are seen; the numbers have every digit."""
        shown = [c for c in range(self.rows.columnCount()) if not self.isColumnHidden(c)]
        return table_sheet.sheet(self.objectName(), self.accessibleName(), self.rows, shown)

    def choose(self, row: int) -> None:
        """Make a row the chosen one, in the column that was chosen."""
        column = max(self.currentIndex().column(), 0)
        index = self.rows.index(row, column)
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are left to the window's keys: numbers begin with none."""
        text = event.text()
        if text.isalpha() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)

    def sizeHintForColumn(self, column: int) -> int:
        """With the room of the box that stands before the numbers of the first column."""
        boxed = column == 0 and self.rows.locked is not None
        return super().sizeHintForColumn(column) + (BOX if boxed else 0)

    def sizeHint(self) -> QSize:
        return QSize(220, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 84)

    @Slot()
    def add(self) -> None:
        self.addWanted.emit(self.currentIndex().row())

    @Slot()
    def remove(self) -> None:
        self.removeWanted.emit(self.currentIndex().row())

    @Slot()
    def _hide_influence(self) -> None:
        for column in columns_of(self.rows, ("influence",)):
            self.setColumnHidden(column, self.rows.influence is None)

    @Slot()
    def _on_theme(self) -> None:
        self.viewport().update()
