"""The popup in which another picture is chosen for a slot: own class first, then any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QVBoxLayout, QWidget

from workbench.gui.kinds.pictures.class_grid import ItemGrid, entries_of
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.core.task import Split, Task, TaskFamily

SIZE = QSize(372, 340)


class Picker(QFrame):
    """`picked` carries the entry chosen for the slot it was opened for."""

    picked = Signal(int, int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._family: TaskFamily | None = None
        self._entries: tuple[Any, ...] = ()
        self._way = self._shot = 0
        self.setObjectName("lab.picker")
        self.setAccessibleName(self.tr("Choose a support picture"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setFixedSize(SIZE)
        self._heading = QLabel()
        self._heading.setProperty("role", "heading")
        self.classes = QComboBox()
        self.classes.setObjectName("lab.picker.class")
        self.classes.setAccessibleName(self.tr("Class to choose from"))
        self.classes.setToolTip(self.tr("Pictures of other classes may be put here as well"))
        self.classes.setMaxVisibleItems(20)
        self.grid = ItemGrid("lab.picker.grid", draggable=False)
        self.grid.setAccessibleName(self.tr("Pictures to choose from"))
        self.grid.setToolTip(self.tr("Click a picture to put it into the support set"))
        layout = QVBoxLayout(self)
        for widget in (self._heading, self.classes, self.grid):
            layout.addWidget(widget)
        self.classes.currentIndexChanged.connect(self._show_class)
        self.grid.clicked.connect(self._on_pick)
        self.grid.activated.connect(self._on_pick)

    def open_for(
        self, family: TaskFamily, task: Task, split: Split, way: int, shot: int, at: QPoint
    ) -> None:
        """Show the candidates for one slot below the point ``at`` of the screen."""
        self._family, self._way, self._shot = family, way, shot
        text = self.tr("Class {0}, picture {1}").format(paint.letter(way), shot + 1)
        self._heading.setText(text)
        self._fill_classes(family, task, split, way)
        self.move(self._on_screen(at))
        self.show()
        self.grid.setFocus()

    def _fill_classes(self, family: TaskFamily, task: Task, split: Split, way: int) -> None:
        self.classes.blockSignals(True)
        self.classes.clear()
        own = task.class_title(way)
        candidates = tuple(task.candidates(way))  # type: ignore[attr-defined]
        self.classes.addItem(self.tr("{0} (this class)").format(own), candidates)
        for info in family.class_list(split):
            self.classes.addItem(info.name, info)
        self.classes.blockSignals(False)
        self._show_class(0)

    @Slot(int)
    def _show_class(self, row: int) -> None:
        data = self.classes.itemData(row)
        if data is None or self._family is None:
            return
        self._entries = data if isinstance(data, tuple) else entries_of(data)
        self.grid.show_items(self._family, self._entries)

    @Slot(QModelIndex)
    def _on_pick(self, index: QModelIndex) -> None:
        entry = self._entries[index.row()]
        self.hide()
        self.picked.emit(self._way, self._shot, entry)

    def _on_screen(self, at: QPoint) -> QPoint:
        area = self.screen().availableGeometry()
        x = min(at.x(), area.right() - self.width())
        y = at.y() if at.y() + self.height() < area.bottom() else area.bottom() - self.height()
        return QPoint(max(x, area.left()), max(y, area.top()))
