"""What lies in the trash: to bring it back, or, asked twice, to take it away for good."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.runs.trash import Deletions
from workbench.gui.style import counts
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.labbook.trash import Deleted


class TrashDialog(QDialog):
    def __init__(self, deletions: Deletions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.trash")
        self.setWindowTitle(self.tr("Trash"))
        self._deletions = deletions
        self._rows: list[Deleted] = []
        self.list = QListWidget(self)
        self.list.setObjectName("trash.list")
        self.list.setAccessibleName(self.tr("Deleted runs"))
        self.list.setToolTip(self.tr("Choose those to bring back"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._refresh)
        self.told = label("", "muted", wrap=True)
        restore, empty = self.tr("Bring back"), self.tr("Empty the trash…")
        self.restore = self._button("restore", restore, self.tr("Put the chosen runs back"))
        self.empty = self._button("empty", empty, self.tr("Asks once more"))
        self.sure = self._button("sure", self.tr("Yes, for good"), self.tr("Cannot be undone"))
        self.restore.clicked.connect(self._on_restore)
        self.empty.clicked.connect(self._on_empty)
        self.sure.clicked.connect(self._on_sure)
        self._lay_out()
        deletions.changed.connect(self._fill)
        self._fill()
        self.resize(520, 360)

    def _button(self, name: str, text: str, help: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"trash.{name}")
        button.setAccessibleName(text)
        button.setToolTip(help)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.empty)
        foot.addWidget(self.sure)
        foot.addStretch(1)
        foot.addWidget(self.restore)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(10)
        layout.addWidget(label(self.windowTitle(), "title"))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.told)
        layout.addLayout(foot)

    @Slot()
    def _fill(self) -> None:
        self._rows = self._deletions.lying()
        self.list.clear()
        for one in self._rows:
            when = f"{datetime.fromtimestamp(one.when):%Y-%m-%d %H:%M}"
            item = QListWidgetItem(f"{one.name}   {when}", self.list)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
        self.sure.hide()
        self.told.setText("" if self._rows else self.tr("The trash is empty."))
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self.restore.setEnabled(bool(self.list.selectedIndexes()))
        self.empty.setEnabled(bool(self._rows))

    @Slot()
    def _on_restore(self) -> None:
        chosen = sorted(index.row() for index in self.list.selectedIndexes())
        self._deletions.restore([self._rows[row] for row in chosen])

    @Slot()
    def _on_empty(self) -> None:
        asked = self.tr("Gone for good, with all weights: {0}. Empty the trash?")
        self.told.setText(asked.format(counts.runs(len(self._rows))))
        self.sure.show()
        self.sure.setFocus()

    @Slot()
    def _on_sure(self) -> None:
        self._deletions.empty(self._rows)
