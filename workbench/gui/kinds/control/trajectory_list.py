"""The support set of a task of control: trajectories that can be picked by hand."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kinds.control import sheets
from workbench.gui.kinds.control.picking import Picking
from workbench.gui.kinds.control.rows import NUMBER, rows_of
from workbench.gui.kinds.control.task import lived_at
from workbench.gui.kinds.control.trajectory_table import TrajectoryTable
from workbench.gui.lab.state import LabState
from workbench.gui.style import theme
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.flow import Flow
from workbench.gui.takeaway.listing import Said, listing
from workbench.gui.takeaway.sheet import Sheet

LEAST = 186
"""Pixels that numbers, returns and lengths take beside each other."""


class TrajectoryList(QWidget):
    """What the inner step learns from, and in a sentence what it learns."""

    def __init__(self, state: LabState, picking: Picking) -> None:
        super().__init__()
        self._state, self.picking = state, picking
        self.setObjectName("lab.control.support")
        self.setAccessibleName(self.tr("Support trajectories"))
        self.setMinimumWidth(LEAST)
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("lab.control.learned")
        self.told.setAccessibleName(self.tr("What the step learns from"))
        self.table = TrajectoryTable(picking)
        self._buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.told)
        layout.addWidget(self.table, 1)
        layout.addLayout(self._below())
        self.table.rows.toggled.connect(picking.toggle)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        picking.chosenChanged.connect(self._show_chosen)
        for signal in (state.taskChanged, state.cursorChanged):
            signal.connect(self.refresh)
        state.workspace.in_view.locksChanged.connect(self.refresh)
        state.stepsChanged.connect(state.turns.take(self.refresh))
        theme.current().follow(self.refresh)
        self.refresh()

    def _buttons(self) -> None:
        picking = self.picking
        self.anew = self._button(
            "anew", self.tr("Draw anew"), self.tr("Draw the chosen trajectory anew (N)")
        )
        self.all_anew = self._button(
            "allAnew", self.tr("All anew"), self.tr("Draw all trajectories of the policy anew")
        )
        self.only = self._button(
            "only", self.tr("Only this"), self.tr("Learn from the chosen trajectory alone")
        )
        self.all_on = self._button(
            "allOn", self.tr("All on"), self.tr("Learn from all trajectories again")
        )
        self.lock = self._button(
            "lock",
            self.tr("Keep in new draws"),
            self.tr("Keep the chosen drive, and the task with it, when others are drawn (L)"),
        )
        self.lock.setCheckable(True)
        self.lock.clicked.connect(picking.toggle_lock)
        self.anew.clicked.connect(picking.draw_anew)
        self.all_anew.clicked.connect(picking.draw_all_anew)
        self.only.clicked.connect(picking.only_chosen)
        self.all_on.clicked.connect(picking.take_all)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"lab.control.{name}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setProperty("compact", True)
        return button

    def _below(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, button in enumerate((self.anew, self.all_anew, self.only, self.all_on)):
            grid.addWidget(button, *divmod(place, 2))
        grid.addWidget(self.lock, 2, 0, 1, 2)
        return grid

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        task = self.picking.task
        if task is None:
            return
        lived = lived_at(self._state.current, support=True)
        self.table.rows.show(rows_of(task, lived, self.picking.locked))
        if self.picking.chosen is not None and self.picking.chosen >= self.picking.count:
            self.picking.choose(None)
        self.told.setText(self._sentence())
        self._show_chosen()

    def _sentence(self) -> str:
        rows = self.table.rows.rows
        on = [row for row in rows if row.on]
        driven = sum(bool(row.driven) for row in on)
        text = self.tr("Learns from {0} of {1}.").format(len(on), len(rows))
        if not driven:
            more = self.tr("What earned more than expected becomes likelier.")
        elif driven == len(on):
            more = self.tr("It imitates you: what you did becomes likelier, whatever it earned.")
        else:
            more = self.tr("It imitates your {0}; of the others, what earned more than expected.")
            more = more.format(driven)
        return f"{text} {more}"

    @Slot()
    def _show_chosen(self) -> None:
        chosen, task = self.picking.chosen, self.picking.task
        for button in (self.anew, self.only):
            button.setEnabled(chosen is not None)
        self.lock.setEnabled(self.picking.is_driven(chosen))
        self.lock.setChecked(chosen in self.picking.locked)
        self.all_on.setEnabled(task is not None and bool(task.left_out))
        if chosen is not None and self.table.currentIndex().row() != chosen:
            index = self.table.rows.index(chosen, NUMBER)
            flag = QItemSelectionModel.SelectionFlag
            select = flag.ClearAndSelect | flag.Rows
            self.table.selectionModel().setCurrentIndex(index, select)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        self.picking.choose(index.row() if index.isValid() else None)

    def sheet(self) -> Sheet | None:
        """Every step of the support trajectories as they are learned from at the step looked at."""
        lived = lived_at(self._state.current, support=True)
        if lived is None:
            return None
        said = (self.told.text(),)
        table = sheets.trajectories(lived)
        return Sheet("support", self.accessibleName(), self._listing(), table, said)

    def _listing(self) -> Flow:
        """The rows in words; those left out are pale."""
        rows, across = self.table.rows, Qt.Orientation.Horizontal
        role = Qt.ItemDataRole.DisplayRole
        columns = range(rows.columnCount())
        header = [rows.headerData(column, across, role) for column in columns]
        lines = [
            [
                Said(str(rows.data(rows.index(at, column), role)), "text" if row.on else "faint")
                for column in columns
            ]
            for at, row in enumerate(rows.rows)
        ]
        return listing(header, lines)
