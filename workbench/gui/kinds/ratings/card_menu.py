"""The context menu of a rated item."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.ratings.cards import Card
from workbench.gui.kinds.ratings.editing import RatingEditing


class CardMenu(QMenu):
    def __init__(self, editing: RatingEditing, row: Card, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lab.ratings.menu")
        scale = editing.scale
        for stars in range(1, scale.count + 1):
            rating = scale.rated(stars)
            rate = self._add(
                self.tr("Rate it {0:g}").format(rating), f"rate{stars}", str(stars % 10)
            )
            rate.setCheckable(True)
            rate.setChecked(rating == row.stars)
            rate.triggered.connect(lambda _, r=rating: editing.rate(row.place, r))
        self.addSeparator()
        roll = self._add(self.tr("Another item of this user"), "roll", "N")
        roll.triggered.connect(lambda: editing.roll(row.place))
        lock = self._add(self.tr("Keep it in new draws"), "lock", "L")
        lock.setCheckable(True)
        lock.setChecked(row.locked)
        lock.triggered.connect(lambda: editing.toggle_lock(row.place))
        remove = self._add(self.tr("Remove it"), "remove", "Del")
        remove.triggered.connect(lambda: editing.remove(row.place))
        self.aboutToHide.connect(self.deleteLater)

    def _add(self, text: str, name: str, keys: str) -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"lab.ratings.menu.{name}")
        action.setShortcut(QKeySequence(keys))
        return action
