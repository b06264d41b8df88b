"""Tables of items: in the browser, in a column of the comparison, and in the lab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QImage, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from workbench.gui.kinds.table import table_sheet
from workbench.gui.kinds.table.rows import COLUMNS, Rows
from workbench.gui.kinds.table.words import tr
from workbench.gui.style import theme
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode

ROW = 24
NARROW = "QTableView::item { padding: 0 3px; } QHeaderView::section { padding: 4px 3px; }"
"""Three columns have to do with the room of one."""


class RowsTable(QTableView):
    """Rows without a grid, of which columns without content are hidden.

    `removeWanted` comes with a row, where items may be changed.
    """

    removeWanted = Signal(int)

    def __init__(self, name: str, meaning: str, columns: Sequence[int] = (0, 1, 2)) -> None:
        super().__init__()
        self.rows = Rows(self)
        self.setModel(self.rows)
        self.setObjectName(name)
        self.setAccessibleName(meaning)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(NARROW)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # What does not fit is elided; the tooltip has all of it.
        header.setSectionResizeMode(columns[0], QHeaderView.ResizeMode.Stretch)
        for column in range(self.rows.columnCount()):
            self.setColumnHidden(column, column not in columns)
        theme.current().follow(self._on_theme)

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage] = ()) -> None:
        """The query set of a task."""
        self.rows.show_set(episode.query)

    def sheet(self) -> Sheet | None:
        """The columns that are seen; the numbers have every digit."""
        shown = [column for column in range(COLUMNS) if not self.isColumnHidden(column)]
        return table_sheet.sheet(self.objectName(), self.accessibleName(), self.rows, shown)

    def allow_editing(self) -> None:
        """Cells are written by double-click or F2, and Delete removes the row."""
        triggers = QAbstractItemView.EditTrigger
        self.rows.editable = True
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        remove = QAction(tr("Remove this item"), self)
        remove.setShortcut(QKeySequence.StandardKey.Delete)
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self._on_remove)
        self.addAction(remove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @Slot()
    def _on_remove(self) -> None:
        if self.currentIndex().isValid():
            self.removeWanted.emit(self.currentIndex().row())

    @Slot()
    def _on_theme(self) -> None:
        self.viewport().update()


class ColumnTable(RowsTable):
    """What one learner of a comparison says: target and prediction of every query item."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("Query predictions of this learner"), (1, 2))

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        self.rows.show_outputs(outputs)

    def sizeHint(self) -> QSize:
        return QSize(120, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 60)


class EpisodeTable(RowsTable):
    """Support items of a sampled episode, then its query items."""

    def __init__(self) -> None:
        super().__init__("tasks.episode.table", tr("Items of the sampled episode"), (0, 1))
        self.verticalHeader().show()

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage] = ()) -> None:
        self.rows.show_set(episode.support)
        text = tr("The {0} support items; {1} query items are asked afterwards")
        self.setToolTip(text.format(len(episode.support.y), len(episode.query.y)))

    def fit(self, width: int) -> None:
        """A table scrolls in the width it is given."""

    def sizeHint(self) -> QSize:
        return QSize(220, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 100)
