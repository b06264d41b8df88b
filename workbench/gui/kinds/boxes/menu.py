"""The context menu of a support scene."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.boxes.editing import BoxEditing


class SceneMenu(QMenu):
    """What the chosen box and its scene can be made to do."""

    def __init__(self, editing: BoxEditing, locked: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lab.boxes.menu")
        self._add(self.tr("A new box"), "add", "N").triggered.connect(editing.add_anywhere)
        remove = self._add(self.tr("Delete this box"), "remove", "Del")
        remove.setEnabled(editing.chosen is not None)
        remove.triggered.connect(editing.remove)
        self.addSeparator()
        lock = self._add(self.tr("Keep this scene in new draws"), "lock", "L")
        lock.setCheckable(True)
        lock.setChecked(locked)
        lock.triggered.connect(editing.toggle_lock)
        gone = self._add(self.tr("Remove this scene"), "removeScene", "")
        gone.triggered.connect(editing.remove_scene)
        self.aboutToHide.connect(self.deleteLater)

    def _add(self, text: str, name: str, keys: str) -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"lab.boxes.menu.{name}")
        action.setShortcut(QKeySequence(keys))
        return action
