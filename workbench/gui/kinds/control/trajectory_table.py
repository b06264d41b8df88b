"""Support trajectories in rows that can be ticked, chosen and drawn anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from workbench.gui.kinds.control.picking import Picking
from workbench.gui.kinds.control.rows import NUMBER, RETURN, TrajectoryRows

ROW, TICKED = 24, 62
"""Pixels of a row, and of a box with a number beside it that is driven by hand."""
NARROW = "QTableView::item { padding: 0 3px; } QHeaderView::section { padding: 4px 3px; }"


class TrajectoryTable(QTableView):
    """Space switches the chosen one off or on, N draws it anew, L keeps a drive in new draws."""

    def __init__(self, picking: Picking) -> None:
        super().__init__()
        self._picking = picking
        self.rows = TrajectoryRows(self)
        self.setModel(self.rows)
        self.setObjectName("lab.control.trajectories")
        self.setAccessibleName(self.tr("Support trajectories"))
        self.setProperty("ticked", True)
        self.setShowGrid(False)
        self.setStyleSheet(NARROW)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(34)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NUMBER, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(NUMBER, TICKED)
        header.setSectionResizeMode(RETURN, QHeaderView.ResizeMode.Stretch)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A support trajectory"), (
            (self.tr("Learn from it, or leave it out"), "Space"),
            (self.tr("Draw it anew"), "N"),
            (self.tr("Keep a drive in new draws, or no longer"), "L"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._picking.toggle(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_N:
            self._picking.draw_anew()
        elif event.key() == Qt.Key.Key_L:
            self._picking.toggle_lock()
        else:
            super().keyPressEvent(event)
