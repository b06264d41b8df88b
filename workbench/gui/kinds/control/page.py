"""The lab of a task of control: its world left, the trajectories that are learned from right."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QStackedWidget

from workbench.gui.kinds.control.map_side import MapSide
from workbench.gui.kinds.control.picking import Picking
from workbench.gui.kinds.control.traces import Traces
from workbench.gui.kinds.control.trajectory_list import TrajectoryList
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.lab.face import Page
from workbench.gui.lab.state import LabState
from workbench.gui.takeaway.sheet import Sheet


def tr(text: str) -> str:
    return QCoreApplication.translate("ControlPage", text)


class ControlPage(Page):
    def __init__(self, state: LabState) -> None:
        self.state = state
        self.picking = Picking(state)
        self.side, self.traces = MapSide(state, self.picking), Traces(state)
        self.world = QStackedWidget()
        for part in (self.side, self.traces):
            self.world.addWidget(part)
        self.support = TrajectoryList(state, self.picking)
        hint = tr("On a map a click drops the goal, or drag it; the arrow keys drive.")
        super().__init__(tr("Trajectories"), hint, self.world, self.support)
        self.right_title = tr("Support set")
        self.picking.setParent(self)
        self.sheets = (self.sheet, self.support.sheet)
        for source in (self.picking, self.side.goal):
            source.refused.connect(self.refused)
            source.accepted.connect(self.accepted)
        state.taskChanged.connect(self._show_kind)
        self._show_kind()

    @Slot()
    def _show_kind(self) -> None:
        mapped = map_of(self.state.task) is not None
        self.world.setCurrentWidget(self.side if mapped else self.traces)

    def sheet(self) -> Sheet | None:
        shown = self.world.currentWidget()
        return self.side.sheet() if shown is self.side else self.traces.sheet()
