"""The context menus of the support set of sentences."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.text.editing import TextEditing
from workbench.gui.kinds.text.rows import Row
from workbench.gui.style import paint


class RowMenu(QMenu):
    """What a sentence can be made to do, and its class."""

    def __init__(
        self, editing: TextEditing, row: Row, write: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lab.text.menu")
        way, shot = row.way, row.shot
        if row.kind == "line":
            self._add(self.tr("Write it anew"), "write", "Return").triggered.connect(write)
            self._add(self.tr("Another sentence of this class"), "roll", "N").triggered.connect(
                lambda: editing.roll(way, shot)
            )
            lock = self._add(self.tr("Keep it in new draws"), "lock", "L")
            lock.setCheckable(True)
            lock.setChecked(row.locked)
            lock.triggered.connect(lambda: editing.toggle_lock(way, shot))
            self._add(self.tr("Remove this sentence"), "remove", "Del").triggered.connect(
                lambda: editing.remove(way, shot)
            )
            self.addSeparator()
        self._add_class_actions(editing, way)
        self.aboutToHide.connect(self.deleteLater)

    def _add_class_actions(self, editing: TextEditing, way: int) -> None:
        letter = paint.letter(way)
        self._add(
            self.tr("Add a drawn sentence to class {0}").format(letter), "more"
        ).triggered.connect(lambda: editing.roll_more(way))
        self._add(self.tr("Remove class {0}").format(letter), "removeClass").triggered.connect(
            lambda: editing.remove_class(way)
        )

    def _add(self, text: str, name: str, keys: str = "") -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"lab.text.menu.{name}")
        action.setShortcut(QKeySequence(keys))
        return action
