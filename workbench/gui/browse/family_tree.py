"""The searchable tree: task families; below the one in use, its splits and their classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.style import counts, theme
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.gui.state.workspace import Workspace

Index = QModelIndex | QPersistentModelIndex
KIND = Qt.ItemDataRole.UserRole
DATA = Qt.ItemDataRole.UserRole + 1
SEARCH = Qt.ItemDataRole.UserRole + 2


class RowDelegate(QStyledItemDelegate):
    """Asks the theme at every paint; a colour kept in an item would outlive the theme."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(KIND) == "split":
            palette: QPalette = option.palette
            palette.setColor(QPalette.ColorRole.Text, theme.current().color("muted"))


class FamilyTree(QWidget):
    """`classSelected` carries split and class information; `splitSelected` the split's name."""

    classSelected = Signal(str, object)
    splitSelected = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.search = QLineEdit()
        self.view = QTreeView()
        self.model = QStandardItemModel(self)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setSourceModel(self.model)
        self._filter.setRecursiveFilteringEnabled(True)
        self._filter.setAutoAcceptChildRows(True)
        self._filter.setFilterRole(SEARCH)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._build()
        self.search.textChanged.connect(self._on_search)
        self.view.expanded.connect(self._on_expanded)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.activated.connect(self._on_chosen)
        self.view.clicked.connect(self._on_chosen)
        workspace.catalogReady.connect(self.rebuild)
        workspace.data.changed.connect(self.rebuild)
        workspace.draft.changed.connect(self._mark)
        self.rebuild()

    def _build(self) -> None:
        self.search.setObjectName("tasks.search")
        self.search.setAccessibleName(self.tr("Search task families and classes"))
        self.search.setToolTip(self.tr("Show only families and classes with these letters"))
        self.search.setPlaceholderText(self.tr("Search families and classes"))
        self.search.setClearButtonEnabled(True)
        self.view.setObjectName("tasks.tree")
        self.view.setAccessibleName(self.tr("Task families"))
        self.view.setToolTip(self.tr("Choose a task family; open a split to see its classes"))
        self.view.setModel(self._filter)
        self.view.setHeaderHidden(True)
        self.view.setUniformRowHeights(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setIndentation(14)
        self.view.setItemDelegate(RowDelegate(self.view))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)

    # --- filling -----------------------------------------------------------------------------

    @Slot()
    def rebuild(self) -> None:
        """Families from the registry; the one in use opened to its splits."""
        self.model.clear()
        if not self._workspace.ready:
            return
        from workbench.core import registry

        for name in registry.names("task"):
            entry = registry.get("task", name)
            row = _row(entry.title, "family", name, f"{entry.title} {name} {entry.summary}")
            row.setToolTip(entry.summary)
            self.model.appendRow(row)
        self._mark()
        if self.search.text():
            self._on_search(self.search.text())

    def _add_splits(self, parent: QStandardItem) -> None:
        family = self._workspace.data.family
        if family is None:
            return
        for split, info in family.splits().items():
            told = "" if info.classes is None else counts.members(family.members, info.classes)
            row = _row(self._split_text(split, told, info.items or 0), "split", split, split)
            if told:
                row.setToolTip(self.tr("{0} with {1}").format(told, counts.items(info.items or 0)))
            if family.class_list(split):
                row.appendRow(_row("", "waiting", None, ""))
            parent.appendRow(row)

    def _split_text(self, split: str, members: str, items: int) -> str:
        names = {"train": self.tr("Train"), "val": self.tr("Validation"), "test": self.tr("Test")}
        name = names.get(split, split)
        if not members:
            return self.tr("{0}   unlimited").format(name)
        return self.tr("{0}   {1} · {2}").format(name, members, f"{items:,}")

    @Slot()
    def _mark(self) -> None:
        """Open the family in use, and set it in bold."""
        config, family = self._workspace.draft.config, self._workspace.data.family
        in_use = config.task.name if config is not None else None
        for number in range(self.model.rowCount()):
            row = self.model.item(number)
            font = row.font()
            weight = QFont.Weight.DemiBold if row.data(DATA) == in_use else QFont.Weight.Normal
            font.setWeight(weight)
            row.setFont(font)
            current = family is not None and row.data(DATA) == family.params.name
            if current and not row.hasChildren():
                self._add_splits(row)
                self.view.expand(self._filter.mapFromSource(row.index()))
            elif not current:
                row.removeRows(0, row.rowCount())

    def _fill(self, split: QStandardItem) -> None:
        """Read the classes of a split when they are first asked for."""
        first = split.child(0)
        if first is None or first.data(KIND) != "waiting":
            return
        family: Any = self._workspace.data.family
        rows = [_row(c.name, "class", c, c.name) for c in family.class_list(split.data(DATA))]
        split.removeRows(0, 1)
        split.appendRows(rows)

    # --- what the user does ------------------------------------------------------------------

    @Slot(str)
    def _on_search(self, text: str) -> None:
        if text:
            for number in range(self.model.rowCount()):
                family = self.model.item(number)
                for row in range(family.rowCount()):
                    self._fill(family.child(row))
        self._filter.setFilterFixedString(text)
        if text:
            self.view.expandAll()

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        item = self.model.itemFromIndex(self._filter.mapToSource(index))
        if item is not None and item.data(KIND) == "split":
            self._fill(item)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        """Walking through classes with the arrows shows their pictures."""
        if index.data(KIND) == "class":
            self.classSelected.emit(index.parent().data(DATA), index.data(DATA))

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        kind, data = index.data(KIND), index.data(DATA)
        if kind == "family":
            config = self._workspace.draft.config
            if config is None or config.task.name != data:
                self._workspace.draft.choose("task", data)
        elif kind == "split":
            self.splitSelected.emit(data)


def _row(text: str, kind: str, data: Any, search: str) -> QStandardItem:
    row = QStandardItem(text)
    row.setData(kind, KIND)
    row.setData(data, DATA)
    row.setData(search, SEARCH)
    if kind == "class":
        row.setToolTip(plain(text))
    return row
