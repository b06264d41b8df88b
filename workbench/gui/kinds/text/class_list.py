"""All sentences of a class in the browser, with a field that searches them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QModelIndex, QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.listing import Said, listing
from workbench.gui.takeaway.sheet import Sheet, Table

if TYPE_CHECKING:
    from workbench.core.task import ClassInfo

ROW = 22
MOST = 400
"""Sentences that are drawn in a file; the numbers have all."""


class Sentences(QStringListModel):
    """What is dragged away is plain text; the tooltip has the whole sentence."""

    def data(self, index: Any, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(super().data(index, Qt.ItemDataRole.DisplayRole))
        return super().data(index, role)

    def flags(self, index: Any) -> Qt.ItemFlag:
        held = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return held | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setText("\n".join(str(index.data()) for index in indexes))
        return data


class ClassSentences(QWidget):
    """A sentence can be dragged onto a support sentence of the lab."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.search = QLineEdit()
        self.search.setObjectName("tasks.sentences.search")
        self.search.setAccessibleName(self.tr("Search the sentences of this class"))
        self.search.setPlaceholderText(self.tr("Search sentences"))
        self.search.setToolTip(self.search.accessibleName())
        self.search.setClearButtonEnabled(True)
        self._all = Sentences(self)
        self.shown = QSortFilterProxyModel(self)
        self.shown.setSourceModel(self._all)
        self.shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view = QListView()
        self.view.setObjectName("tasks.sentences")
        self.view.setAccessibleName(self.tr("Sentences of the chosen class"))
        self.view.setToolTip(self.tr("Drag a sentence onto a support sentence of the lab"))
        self.view.setModel(self.shown)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setMinimumHeight(4 * ROW)
        self.view.setStyleSheet(f"QListView::item {{ height: {ROW}px; padding: 0 2px; }}")
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        self.search.textChanged.connect(self.shown.setFilterFixedString)

    def sheet(self) -> Sheet | None:
        """Those that are searched for."""
        found = [str(self.shown.index(row, 0).data()) for row in range(self.shown.rowCount())]
        if not found:
            return None
        rows = [[Said(text)] for text in found[:MOST]]
        table = Table(("sentence",), [(text,) for text in found])
        return Sheet("class", self._name, listing((self.tr("Sentence"),), rows), table)

    def show_class(self, family: Any, info: ClassInfo) -> None:
        self._name = info.name
        self._all.setStringList(list(family.sentences(info.class_index)))
        self.view.scrollToTop()
