"""A race in a window of its own: standings as they come, the legs' curves, stop and go on.

Everything is read from the race's folder, whoever runs it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.plots.overlay import MOST, Overlay
from workbench.gui.plots.race import RaceFigure
from workbench.gui.queue.race_legs import LegModel
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.two_line_table import TwoLineTable
from workbench.gui.style.widgets import OneLine, label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.experiments.race_standing import Standing

    Read = tuple[Standing, list[Entry]]

SIZE, LEAST = (980, 680), (760, 480)
FRAME = 60
"""Pixels that a window manager may take of a small screen."""
LOOK_MS = 1000
SHARES = (3, 4)


class RaceWindow(QDialog):
    """`goOnWanted` carries the folder; `runWanted` that of a leg's run."""

    goOnWanted = Signal(object)
    runWanted = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("race")
        self.setMinimumSize(*LEAST)
        room = parent.screen().availableGeometry()
        self.resize(min(SIZE[0], room.width()), min(SIZE[1], room.height() - FRAME))
        self._workspace = workspace
        self._folder = Path()
        self._job: Job | None = None
        self._standing: Standing | None = None
        self.terms = OneLine("", "muted")
        self.problem = label("", "error", wrap=True)
        self.model = LegModel(self)
        self.table = self._make_table()
        self.overlay = Overlay(workspace)
        self.stop = self._button("stop", self.tr("Stop"), "stop")
        self.stop.setToolTip(self.tr("Stop with a checkpoint; the race is first in the queue then"))
        self.go_on = self._button("goOn", self.tr("Go on"), "play")
        self.go_on.setToolTip(self.tr("Train what is not finished; what is finished stays"))
        self.take_away = TakeAwayButton(self.sheet, "race")
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.reload)
        self._lay_out()
        self._connect()

    def show_race(self, folder: Path) -> None:
        self._folder, self._standing = folder, None
        self.setWindowTitle(self.tr("Race: {0}").format(folder.name))
        self.model.show([])
        self.overlay.show_runs([], 0)
        for figure in self.overlay.figures():
            figure.waiting.say(self.tr("Curves come with the first validation."))
        self.problem.hide()
        self.reload()
        self._timer.start()

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

    def _button(self, name: str, text: str, icon: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"race.{name}")
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        theme.current().set_icon(button, icon)
        return button

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

    def _connect(self) -> None:
        self.stop.clicked.connect(self._workspace.training.stop)
        self.go_on.clicked.connect(self._on_go_on)
        self.table.doubleClicked.connect(self._on_double_click)
        self._workspace.training.stateChanged.connect(self._refresh)
        self._workspace.queue.changed.connect(self._refresh)

    # --- what is shown -----------------------------------------------------------------------

    @Slot()
    def reload(self) -> None:
        if self._job is None or not self._job.active:
            work = partial(_read, self._folder)
            self._job = Job(work, self._on_read, self._on_failed, parent=self)

    def _on_read(self, found: Read) -> None:
        standing, measured = found
        if standing != self._standing:
            self._standing = standing
            self.problem.hide()
            self._show(standing, measured)
        self._refresh()

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

    def _on_failed(self, error: Exception) -> None:
        self.problem.setText(sentence(error))
        self.problem.show()
        self._timer.stop()

    @Slot()
    def _refresh(self) -> None:
        here = self._is_here()
        over = self._standing is None or self._standing.over
        busy = here or (self._standing is not None and self._standing.running)
        self.stop.setEnabled(here)
        self.go_on.setEnabled(not (over or busy))

    def _is_here(self) -> bool:
        """Whether this window's queue works on it now."""
        queue = self._workspace.queue
        entries = (line.entry for line in queue.lines)
        return queue.working and any(
            entry.state == "running" and entry.path == self._folder for entry in entries
        )

    # --- what is done ------------------------------------------------------------------------

    @Slot()
    def _on_go_on(self) -> None:
        self.goOnWanted.emit(self._folder)

    @Slot()
    def _on_double_click(self) -> None:
        found, row = self._standing, self.table.currentIndex().row()
        if found is not None and found.legs[row].path.is_dir():
            self.runWanted.emit(found.legs[row].path)

    def done(self, code: int) -> None:
        self._let_go()
        super().done(code)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._let_go()
        super().closeEvent(event)

    def _let_go(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def showEvent(self, event: QShowEvent) -> None:
        """A window beside the main one, not above it."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]


def _read(folder: Path, report: Report) -> Read:
    from workbench.experiments.labbook.entry import entries_of
    from workbench.experiments.race_standing import standing_of
    from workbench.experiments.runs import summary_of

    standing = standing_of(folder)
    begun = [leg.path for leg in standing.legs if leg.learned.validations]
    summaries = [summary_of(path) for path in begun]
    return standing, entries_of([one for one in summaries if not one.problem])
