"""The columns as a list; a click, F2 or a letter opens the uses of one."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workbench.gui.forms.columns.model import USE, ColumnsModel, Index
from workbench.gui.forms.columns.roles import UNUSED
from workbench.gui.forms.columns.words import tr

ROW = 30
USE_WIDTH = 150
WIDEST = 160
"""Pixels of a column with values; the rest is elided."""


class UseDelegate(QStyledItemDelegate):
    """A list of the uses there are, opened at once; what is chosen is set at once."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, ColumnsModel)
        box = QComboBox(parent)
        box.setObjectName("columns.use")
        box.setAccessibleName(tr("Used as"))
        box.addItem(model.title_of(UNUSED), UNUSED)
        for role in model.roles:
            box.addItem(role.title, role.field)
        box.activated.connect(self._on_chosen)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))
        editor.showPopup()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)

    @Slot(int)
    def _on_chosen(self, chosen: int) -> None:
        editor = self.sender()
        assert isinstance(editor, QComboBox)
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


class ColumnsView(QTableView):
    def __init__(self, model: ColumnsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setObjectName("columns.table")
        self.setAccessibleName(tr("Columns of the table, with the first rows"))
        self.setItemDelegateForColumn(USE, UseDelegate(self))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AllEditTriggers)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    @Slot()
    def fit(self) -> None:
        """Columns as wide as what stands in them, up to a width."""
        self.resizeColumnsToContents()
        for column in range(self.model().columnCount()):
            least = USE_WIDTH if column == USE else 0
            self.setColumnWidth(column, max(least, min(self.columnWidth(column) + 12, WIDEST)))
