"""A race in a window of its own: standings as they come, the legs' curves, stop and go on.

Everything is read from the race's folder, whoever runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.plots.overlay import MOST, Overlay
from workbench.gui.plots.race import RaceFigure
from workbench.gui.queue.race_legs import LegModel
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.two_line_table import TwoLineTable
from workbench.gui.style.widgets import OneLine
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.threads.background import Report
from workbench.gui.windows.following import FollowingWindow

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.experiments.race_standing import Standing

    Read = tuple[Standing, list[Entry]]

SIZE = (980, 680)
SHARES = (3, 4)


class RaceWindow(FollowingWindow):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__("race", SIZE, workspace, parent)
        self._standing: Standing | None = None
        self.terms = OneLine("", "muted")
        self.model = LegModel(self)
        self.table = self._make_table()
        self.overlay = Overlay(workspace)
        self.go_on.setToolTip(self.tr("Train what is not finished; what is finished stays"))
        self.take_away = TakeAwayButton(self.sheet, "race")
        self._lay_out()
        self.table.doubleClicked.connect(self._on_double_click)

    def clear(self) -> None:
        self._standing = None
        self.setWindowTitle(self.tr("Race: {0}").format(self.folder.name))
        self.model.show([])
        self.overlay.show_runs([], 0)
        for figure in self.overlay.figures():
            figure.waiting.say(self.tr("Curves come with the first validation."))

    def sheet(self) -> Sheet | None:
        """What has been measured so far, as the picture and the table of a race."""
        found = self._standing
        if found is None or not any(row["steps"] for row in found.result["contenders"]):
            return None
        return RaceFigure(found.result).sheet()

    def _make_table(self) -> TwoLineTable:
        table = TwoLineTable(self.model, self)
        table.setObjectName("race.legs")
        table.setAccessibleName(self.tr("Standings"))
        table.setToolTip(self.tr("Double-click opens the run of a contender"))
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.terms, 1)
        for button in (self.go_on, self.stop, self.take_away):
            head.addWidget(button)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        for part, share in zip((self.table, self.overlay), SHARES, strict=True):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self.problem)
        layout.addWidget(split, 1)

    # --- what is shown -----------------------------------------------------------------------

    def reader(self) -> Callable[[Report], Read]:
        return partial(_read, self.folder)

    def show_read(self, found: Read) -> None:
        standing, measured = found
        if standing != self._standing:
            self._standing = standing
            self._show(standing, measured)

    def _show(self, standing: Standing, measured: list[Entry]) -> None:
        row = self.table.currentIndex().row()
        self.model.show(list(standing.legs))
        if 0 <= row < len(standing.legs):
            self.table.selectRow(row)
        figure = RaceFigure(standing.result)
        self.setWindowTitle(self.tr("Race: {0}").format(figure.title()))
        self.terms.setText(figure.terms())
        self.terms.setToolTip(figure.terms())
        self.overlay.show_runs(measured[:MOST], len(measured), again=True)

    def can_go_on(self) -> bool:
        found = self._standing
        return found is not None and not found.over and not found.running

    @Slot()
    def _on_double_click(self) -> None:
        found, row = self._standing, self.table.currentIndex().row()
        if found is not None and found.legs[row].path.is_dir():
            self.runWanted.emit(found.legs[row].path)


def _read(folder: Path, report: Report) -> Read:
    from workbench.experiments.labbook.entry import entries_of
    from workbench.experiments.race_standing import standing_of
    from workbench.experiments.runs import summary_of

    standing = standing_of(folder)
    begun = [leg.path for leg in standing.legs if leg.learned.validations]
    summaries = [summary_of(path) for path in begun]
    return standing, entries_of([one for one in summaries if not one.problem])
