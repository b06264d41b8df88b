"""The support set: cards, and below them what finds another item to rate."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kinds.ratings.card_list import CardList
from workbench.gui.kinds.ratings.editing import RatingEditing
from workbench.gui.kinds.ratings.finder import Finder
from workbench.gui.lab.state import LabState


class RatedSupport(QWidget):
    def __init__(self, state: LabState) -> None:
        super().__init__()
        self.editing = RatingEditing(state, self)
        self.cards = CardList(state, self.editing)
        self.finder = Finder(state, self.editing)
        self.finder.added.connect(self._on_added)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.cards, 1)
        layout.addWidget(self.finder)

    @Slot(int)
    def _on_added(self, item: int) -> None:
        """The stars of what was found are the next thing to give."""
        self.cards.choose(item)
        self.cards.setFocus()
