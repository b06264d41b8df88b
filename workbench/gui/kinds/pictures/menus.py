"""The context menus of the support set."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.pictures.editing import SupportEditing
from workbench.gui.kinds.pictures.slot import SupportSlot
from workbench.gui.style import paint


class SlotMenu(QMenu):
    """What one picture can be made to do, and its class."""

    def __init__(self, editing: SupportEditing, slot: SupportSlot, parent: QWidget) -> None:
        super().__init__(parent)
        way, shot = slot.way, slot.shot
        self.setObjectName("lab.slot.menu")
        self._add(self.tr("Choose another picture…"), "choose", "Return").triggered.connect(
            lambda: editing.choose(slot)
        )
        self._add(self.tr("Draw it yourself…"), "draw", "D").triggered.connect(
            lambda: editing.draw(slot)
        )
        lock = self._add(self.tr("Keep it in new draws"), "lock", "L")
        lock.setCheckable(True)
        lock.setChecked(slot.locked)
        lock.triggered.connect(lambda: editing.toggle_lock(way, shot))
        self._add(self.tr("Remove this picture"), "remove", "Del").triggered.connect(
            lambda: editing.remove_shot(way, shot)
        )
        self.addSeparator()
        add_class_actions(self, editing, way)
        self.aboutToHide.connect(self.deleteLater)

    def _add(self, text: str, name: str, keys: str) -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"lab.slot.menu.{name}")
        action.setShortcut(QKeySequence(keys))
        return action


class ClassMenu(QMenu):
    """What a class can be made to do."""

    def __init__(self, editing: SupportEditing, way: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lab.class.menu")
        add_class_actions(self, editing, way)
        self.aboutToHide.connect(self.deleteLater)


def add_class_actions(menu: QMenu, editing: SupportEditing, way: int) -> None:
    letter = paint.letter(way)
    name = menu.addAction(menu.tr("Name class {0}…").format(letter))
    name.setObjectName("lab.class.menu.name")
    name.triggered.connect(lambda: editing.ask_name(way))
    more = menu.addAction(menu.tr("Add a picture to class {0}").format(letter))
    more.setObjectName("lab.class.menu.more")
    more.triggered.connect(lambda: editing.add_shot(way))
    less = menu.addAction(menu.tr("Remove class {0}").format(letter))
    less.setObjectName("lab.class.menu.remove")
    less.triggered.connect(lambda: editing.remove_class(way))
