"""A virtual grid of pictures: only what is on the screen is read and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.gui.kinds.pictures import picture_sheets
from workbench.gui.kinds.pictures.slot import ITEM_MIME, item_mime
from workbench.gui.style import paint, theme
from workbench.gui.style.images import ImageCache, paint_image
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.task import ClassInfo, TaskFamily
    from workbench.tasks.image_pool import Item

Index = QModelIndex | QPersistentModelIndex
CELLS = (52, 84)
"""Least and most of a cell's side; a row is filled."""
COLUMNS = 4
MARGIN = 3
IMAGE_ROLE = Qt.ItemDataRole.UserRole


class ItemModel(QAbstractListModel):
    """Rows are entries with ``class_index``, ``index`` and ``rotation`` of one family."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.family: Any = None
        self._entries: Sequence[Any] = ()
        self._cache = ImageCache()

    def set_items(self, family: TaskFamily | None, entries: Sequence[Any]) -> None:
        self.beginResetModel()
        if family is not self.family:
            self._cache.clear()
        self.family, self._entries = family, entries
        self.endResetModel()

    def forget_colors(self) -> None:
        self._cache.clear()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == IMAGE_ROLE:
            return self._image(self._entries[index.row()])
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.tr("Picture {0}").format(self._entries[index.row()].index + 1)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [ITEM_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        entry = self._entries[indexes[0].row()]
        return item_mime(entry.class_index, entry.index)

    def _image(self, entry: Any) -> QImage:
        turns = getattr(entry, "rotation", 0)
        key = (entry.class_index, entry.index, turns)
        return self._cache.get(key, lambda: self._read(entry, turns))

    def _read(self, entry: Any, turns: int) -> QImage:
        pixels = np.asarray(self.family.thumbnail(entry.class_index, entry.index))
        return paint.picture(np.rot90(pixels, turns, (1, 2)), self.family.style)


class ItemDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(CELLS[0], CELLS[0])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors = paint.colors()
        flags = option.state
        chosen = flags & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.setPen(QPen(colors.accent if chosen else colors.border, 1.5 if chosen else 1))
        painter.setBrush(colors.paper)
        painter.drawRoundedRect(box, 4, 4)
        paint_image(painter, box.adjusted(3, 3, -3, -3), index.data(IMAGE_ROLE))
        painter.restore()


class ItemGrid(QListView):
    """Pictures in rows that wrap; `draggable` ones can be dropped on the lab's slots."""

    def __init__(self, name: str, draggable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._items = ItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(ItemDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(QSize(CELLS[0], CELLS[0]))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(draggable)
        if draggable:
            self.setDragDropMode(QListView.DragDropMode.DragOnly)
        theme.current().follow(self._on_theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, larger pictures before more of them in a row."""
        super().resizeEvent(event)
        side = min(max((self.viewport().width() - 4) // COLUMNS, CELLS[0]), CELLS[1])
        if side != self.gridSize().width():
            self.setGridSize(QSize(side, side))

    def show_items(self, family: TaskFamily | None, entries: Sequence[Any]) -> None:
        self._items.set_items(family, entries)
        self.scrollToTop()

    @Slot()
    def _on_theme(self) -> None:
        self._items.forget_colors()
        self.viewport().update()


class ClassGrid(ItemGrid):
    """The pictures of one class in the browser; they can be dragged into the lab."""

    def __init__(self) -> None:
        super().__init__("tasks.grid", draggable=True)
        self._info: ClassInfo | None = None
        self.setAccessibleName(self.tr("Pictures of the chosen class"))
        self.setToolTip(self.tr("Drag a picture onto a support slot of the lab"))

    def show_class(self, family: TaskFamily, info: ClassInfo) -> None:
        self._info = info
        self.show_items(family, entries_of(info))

    def sheet(self) -> Sheet | None:
        info, family = self._info, self._items.family
        if info is None or family is None:
            return None
        return picture_sheets.class_of(self.accessibleName(), family, info, entries_of(info))


def entries_of(info: ClassInfo) -> tuple[Item, ...]:
    """All pictures of a class, as they lie in the data."""
    from workbench.tasks.image_pool import Item

    return tuple(Item(info.class_index, index, 0) for index in range(info.count))
