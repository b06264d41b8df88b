"""Accuracy class by class, and confusion over the classes of the data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.explorer import told
from workbench.gui.explorer.class_model import ClassModel
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.listing import Said, listing
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet, Table

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState


class EachClass(QWidget):
    """Of the predictions after the last step, whichever step is looked at.

    `failed` carries the error of a file that cannot be written.
    """

    failed = Signal(object)

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = ClassModel(self)
        self.said = label("", "small", wrap=True)
        self.table = self._make_table()
        self.one = label("", "small", wrap=True)
        self.away = TakeAwayButton(self.sheet, "explorer.eachClass", self.table)
        self.confusion = QPushButton(self.tr("Confusion as CSV…"), self)
        self.confusion.setAccessibleName(self.confusion.text())
        self.confusion.setToolTip(self.tr("What the items of each class were taken for"))
        self.confusion.setObjectName("explorer.confusion_csv")
        self.confusion.setAutoDefault(False)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.said, 1)
        head.addWidget(self.away, 0, Qt.AlignmentFlag.AlignTop)
        foot.addStretch(1)
        foot.addWidget(self.confusion)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 12, 10, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.one)
        layout.addLayout(foot)
        layout.addStretch(0)
        for signal in (state.changed, state.drawnChanged):
            signal.connect(self.refresh)
        self.table.selectionModel().currentChanged.connect(self._show_one)
        self.confusion.clicked.connect(self._ask_for_confusion)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("explorer.each_class")
        table.setAccessibleName(self.tr("Accuracy of each class"))
        table.setToolTip(self.tr("Arrow keys walk; the sentence below tells the class"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for stretched in (0, 3):
            header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        return table

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """What nobody sees is not computed."""
        if not self.isVisible():
            return
        from workbench.experiments.tasks_seen.by_class import by_class

        seen = self._state.seen
        found = None if seen is None else by_class(seen)
        self.model.show(found)
        for part in (self.table, self.away, self.confusion):
            part.setVisible(found is not None)
        self.one.clear()
        self.said.setText(self._why_none() if found is None else self._about())

    def sheet(self) -> Sheet | None:
        """The table as it stands, with every number of it."""
        from workbench.experiments.tasks_seen.by_class import class_rows

        found = self.model.found
        if found is None:
            return None
        header, *rows = class_rows(found)
        table = Table(tuple(map(str, header)), rows)
        lines = [[Said(cell) for cell in cells] for cells in self.model.lines()]
        drawn = listing(self.model.titles, lines)
        return Sheet("each-class", self.table.accessibleName(), drawn, table, (self.said.text(),))

    def write(self, file: Path) -> None:
        """What every class was taken for, as CSV."""
        from workbench.experiments.tasks_seen.by_class import confusion_rows
        from workbench.experiments.tasks_seen.table import write_rows

        assert self.model.found is not None
        try:
            write_rows(confusion_rows(self.model.found), file)
        except OSError as error:
            self.failed.emit(error)

    @Slot()
    def _show_one(self) -> None:
        at = self.table.currentIndex()
        there = self.model.found is not None and at.isValid()
        self.one.setText(self.model.told(at.row()) if there else "")

    @Slot()
    def _ask_for_confusion(self) -> None:
        title = self.tr("Export what classes are taken for")
        file, _ = QFileDialog.getSaveFileName(self, title, "confusion.csv", "*.csv")
        if file:
            self.write(Path(file))

    def _about(self) -> str:
        seen = self._state.seen
        assert seen is not None
        text = self.tr("All query items of a class, {after}, hardest first. {protocol}")
        return text.format(
            after=told.after_text(seen, seen.last), protocol=told.protocol_text(seen)
        )

    def _why_none(self) -> str:
        state = self._state
        if state.seen is None:
            return ""
        if state.seen.classes and state.seen.predictions is None:
            return self.tr("This measurement keeps no predictions. Measure again to see them.")
        if state.drawn.tasks:
            return self.tr("These tasks have no classes that other tasks share.")
        return state.why_not or self.tr("Drawing the tasks once more…")
