"""The history: every run on disk, damaged ones included; found, named, compared, thrown away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.runs import shown
from workbench.gui.runs.book import Book
from workbench.gui.runs.buttons import Buttons
from workbench.gui.runs.comparison import Comparison
from workbench.gui.runs.details import Details
from workbench.gui.runs.filter_bar import FilterBar
from workbench.gui.runs.look_menu import LookButton
from workbench.gui.runs.model import RunsModel
from workbench.gui.runs.table import RunsTable
from workbench.gui.runs.trash import Deletions, TrashBar
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.widgets import column, label

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

SHARES = (1, 2)
"""Of the height, for the table and for the comparison."""
LEAST = 110
"""Pixels of the table: its head and a row stay in sight beside a comparison."""


class RunsPanel(QWidget):
    labWanted = Signal()
    trainWanted = Signal()
    tasksWanted = Signal(object, object, object)
    """A run, its configuration, and the file of a measurement or nothing."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.runs")
        self.setAccessibleName(self.tr("Runs"))
        self._workspace = workspace
        self._look = shown.remembered()
        self.book = Book(workspace, self)
        self.deletions = Deletions(workspace, self.book, self)
        self.model = RunsModel(self._rename, self)
        self.table = self._make_table()
        self.filter = FilterBar(lambda: self.book.entries, self)
        self.differences = self._make_switch()
        self.columns = LookButton(self)
        self.details = Details(self.book, self)
        self.comparison = Comparison(workspace)
        self.buttons = Buttons(workspace, self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def chosen(self) -> list[Entry]:
        """The selected runs, in the order of the table."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.runs[row] for row in rows]

    def _make_table(self) -> RunsTable:
        table = RunsTable(self.model)
        table.setObjectName("runs.table")
        table.setAccessibleName(self.tr("Recorded runs"))
        table.setToolTip(
            self.tr("Double-click opens a run in the lab; Ctrl+click compares several; F2 renames")
        )
        table.setMinimumHeight(LEAST)
        table.use_widths(dict(self._look.widths))
        return table

    def _make_switch(self) -> QCheckBox:
        switch = QCheckBox(self.tr("Only differences"), self)
        switch.setObjectName("runs.differences")
        switch.setAccessibleName(switch.text())
        switch.setToolTip(self.tr("Of the parameters, only those that differ among these runs"))
        switch.setChecked(not self._look.every)
        return switch

    def _lay_out(self) -> None:
        self.filter.row.addWidget(self.differences)
        self.filter.row.addWidget(self.columns)
        empty = label(self.tr("No runs yet. Start (F5) makes the first."), "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        upper = column(self.table, self.details, spacing=10, grows=[self.table])
        for part, share in zip((upper, self.comparison), SHARES, strict=True):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        book = column(self.filter, split, spacing=10, grows=[split])
        self._pages.addWidget(empty)
        self._pages.addWidget(book)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.buttons)
        layout.addWidget(TrashBar(self.deletions, self))
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.book.changed.connect(self._show)
        self.book.updated.connect(self._on_updated)
        self.filter.changed.connect(self._show)
        self.differences.toggled.connect(self._on_every)
        self.columns.hideWanted.connect(self._on_hide)
        self.columns.sortWanted.connect(self._on_sort)
        self.columns.restWanted.connect(self._on_rest)
        self.table.sortWanted.connect(self._on_sort)
        self.table.widthChosen.connect(self._on_width)
        self.table.deleteWanted.connect(self._on_delete)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.table.doubleClicked.connect(self._on_double_click)
        self.buttons.reloadWanted.connect(self.reload)
        self.buttons.deleteWanted.connect(self._on_delete)
        self.buttons.trashWanted.connect(self._on_trash)
        self.buttons.labWanted.connect(self.labWanted)
        self.buttons.trainWanted.connect(self.trainWanted)
        self.buttons.tasksWanted.connect(self.tasksWanted)
        self.buttons.tell([])

    # --- what is shown -----------------------------------------------------------------------

    @Slot()
    def reload(self) -> None:
        self._workspace.run_list.reload()

    @Slot()
    def _show(self) -> None:
        """Filter, sort and show anew; what was chosen and is still there stays chosen."""
        entries, kept = self.book.entries, {entry.path for entry in self.chosen()}
        found = self.filter.matching(entries)
        every = shown.columns_for(found, self._look.every)
        rows = shown.arranged(found, every, self._look)
        with QSignalBlocker(self.table.selectionModel()):
            self.model.show_all(rows, shown.visible(every, self._look))
            self._choose(kept)
        self.table.show_sort(self._look.sort, self._look.descending)
        self.columns.tell(every, self._look)
        self.filter.show_count(len(rows), len(entries))
        self._pages.setCurrentIndex(1 if entries else 0)
        self._on_selection()

    def _choose(self, kept: set[Path]) -> None:
        again, flags = QItemSelection(), QItemSelectionModel.SelectionFlag
        for row, entry in enumerate(self.model.runs):
            if entry.path in kept:
                index = self.model.index(row, 0)
                again.select(index, index)
        chooser = self.table.selectionModel()
        if not again.isEmpty():
            chooser.setCurrentIndex(again.indexes()[0], flags.NoUpdate)
        chooser.select(again, flags.ClearAndSelect | flags.Rows)

    @Slot(list)
    def _on_updated(self, paths: list[Path]) -> None:
        """In place: rows do not jump while somebody reads them."""
        asked = set(paths)
        places = {row: one.path for row, one in enumerate(self.model.runs) if one.path in asked}
        found = {row: entry for row, path in places.items() if (entry := self.book.at(path))}
        self.model.put(found)
        self.buttons.tell(self.chosen())

    @Slot(QItemSelection, QItemSelection)
    def _on_selection(self) -> None:
        chosen = self.chosen()
        self.buttons.tell(chosen)
        self.details.show_runs(chosen)
        self.comparison.show_runs([entry for entry in chosen if not entry.run.problem])

    # --- the look of the table ---------------------------------------------------------------

    def _use(self, look: shown.Look) -> None:
        self._look = look
        shown.remember(look)
        self._show()

    @Slot(bool)
    def _on_every(self, only: bool) -> None:
        self._use(replace(self._look, every=not only))

    @Slot(str, bool)
    def _on_hide(self, key: str, hide: bool) -> None:
        hidden = self._look.hidden | {key} if hide else self._look.hidden - {key}
        self._use(replace(self._look, hidden=hidden))

    @Slot(str)
    def _on_sort(self, key: str) -> None:
        """Once more turns it round; what is best or newest comes first."""
        again = self._look.sort == key
        down = not self._look.descending if again else key not in ("name", "state")
        self._use(replace(self._look, sort=key, descending=down))

    @Slot(str, int)
    def _on_width(self, key: str, width: int) -> None:
        widths = {**dict(self._look.widths), key: width}
        self._look = replace(self._look, widths=tuple(widths.items()))
        shown.remember(self._look)

    @Slot()
    def _on_rest(self) -> None:
        self.table.use_widths({})
        with QSignalBlocker(self.differences):
            self.differences.setChecked(True)
        self._use(shown.Look())

    # --- what is done with runs --------------------------------------------------------------

    def _rename(self, path: Path, name: str) -> bool:
        return self.book.change(path, name=name)

    @Slot(QModelIndex)
    def _on_double_click(self) -> None:
        self.buttons.open()

    @Slot()
    def _on_delete(self) -> None:
        self.details.keep()
        if chosen := self.chosen():
            self.deletions.delete([entry.path for entry in chosen])

    @Slot()
    def _on_trash(self) -> None:
        from workbench.gui.runs.trash_dialog import TrashDialog

        dialog = TrashDialog(self.deletions, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
