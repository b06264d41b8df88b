"""How many fields of the form are to be searched, and the way to the search."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.state.draft import Draft
from workbench.gui.style import counts, theme
from workbench.gui.style.widgets import OneLine


class SearchedBar(QWidget):
    """Seen only while there are any."""

    wanted = Signal()

    def __init__(self, draft: Draft, parent: QWidget) -> None:
        super().__init__(parent)
        self._draft = draft
        self.told = OneLine("", "small")
        self.told.setObjectName("settings.searched")
        self.told.setToolTip(self.tr("Start trains with their values; Search… tries the ranges"))
        self.button = QPushButton(self.tr("Search…"), self)
        self.button.setObjectName("settings.search")
        self.button.setAccessibleName(self.tr("Search over the ranges of the form"))
        self.button.setToolTip(self.tr("How to search, and for how long (Alt+F6)"))
        theme.current().set_icon(self.button, "search")
        self.button.clicked.connect(self.wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 12, 2)
        layout.addWidget(self.told, 1)
        layout.addWidget(self.button)
        self.hide()

    @Slot()
    def refresh(self) -> None:
        ranges, faults = self._draft.ranges, self._draft.range_problems
        self.setVisible(bool(ranges))
        words = self.tr("{0} to search").format(counts.fields(len(ranges)))
        if faults:
            words += self.tr(" · {n} to correct").format(n=len(faults))
        self.told.setText(words)
