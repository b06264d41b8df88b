"""The comparison in the lab: one plot of all columns, and the columns side by side below."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.gui.lab.compare import column_words
from workbench.gui.lab.compare.column_look import MOST
from workbench.gui.lab.compare.comparison import Comparison
from workbench.gui.lab.compare.listing import Listing
from workbench.gui.lab.compare.menu import AddMenu
from workbench.gui.lab.compare.plot import MetricPlot
from workbench.gui.lab.compare.row import CardRow
from workbench.gui.lab.state import LabState
from workbench.gui.lab.steps.scrubber import Scrubber
from workbench.gui.style import theme, words
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

SHOW_MS = 40
"""Columns that have news at the same time are drawn once."""


class CompareView(QWidget):
    """Computes while it is seen. `toggle`, the button for it, has its place elsewhere."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.compare.view")
        self.setAccessibleName(self.tr("Comparison of learners"))
        self.comparison = Comparison(state, self)
        self.listing = Listing(state, self)
        self.menu = AddMenu(self.comparison, self.listing, self)
        self.toggle = self._make_toggle()
        self.add = self._make_add()
        self.budget = label("", "small", wrap=True)
        self.budget.setObjectName("lab.compare.budget")
        self.budget.setAccessibleName(self.tr("What every learner is given"))
        self._title = label("", "heading")
        self.plot = MetricPlot(self.comparison.walk)
        self.scrubber = self._make_scrubber()
        self.row = CardRow(state, self.comparison, self.menu)
        self._soon = QTimer(self, singleShot=True, interval=SHOW_MS)
        self._lay_out()
        self._connect()
        self.hide()

    def _make_toggle(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("lab.compare")
        button.setText(self.tr("Compare"))
        button.setAccessibleName(self.tr("Compare learners"))
        button.setToolTip(self.tr("Compare with other learners on this very task (C)"))
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.current().set_icon(button, "compare")
        return button

    def _make_add(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("lab.compare.add")
        button.setText(self.tr("Add"))
        button.setAccessibleName(self.tr("Add a learner to the comparison"))
        button.setToolTip(self._add_help())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        button.setMenu(self.menu)
        theme.current().set_icon(button, "plus")
        return button

    def _make_scrubber(self) -> Scrubber:
        """With names of its own: the lab has one already, of its own learner."""
        scrubber = Scrubber(self.comparison.walk)
        scrubber.setObjectName("lab.compare.scrubberBar")
        for part, name in (
            (scrubber.slider, "scrubber"),
            (scrubber.play, "play"),
            (scrubber.steps, "steps"),
        ):
            part.setObjectName(f"lab.compare.{name}")
        return scrubber

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self.budget, 1)
        head.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)
        below = QHBoxLayout()
        below.addWidget(self.scrubber, 1)
        below.addWidget(TakeAwayButton(self.sheet, "lab.compare.plot", self.plot))
        layout.addLayout(below)
        layout.addWidget(self.row)

    def _connect(self) -> None:
        comparison, state = self.comparison, self._state
        self._soon.timeout.connect(self.refresh)
        comparison.changed.connect(self._refresh_soon)
        comparison.columnsChanged.connect(self._refresh_soon)
        comparison.walk.cursorChanged.connect(self._refresh_soon)
        comparison.walk.plannedChanged.connect(self._refresh_soon)
        state.taskChanged.connect(self._refresh_soon)
        state.workspace.run_list.read.connect(self._list_runs)
        theme.current().follow(self._on_theme)

    @Slot()
    def _refresh_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def refresh(self) -> None:
        state, comparison = self._state, self.comparison
        spec, episode, task = state.spec, state.episode, state.task
        if spec is None or episode is None or task is None:
            return
        walk, columns = comparison.walk, comparison.columns
        self.add.setEnabled(not comparison.full)
        self.add.setToolTip(self._add_help())
        self.budget.setText(column_words.budget(columns, walk.planned, episode))
        metric = words.metric_name(spec.metric)
        self._title.setText(self.tr("Query {0}").format(metric))
        self.plot.show_columns(columns, spec, self._state.bounds)
        self.scrubber.setVisible(walk.stepwise)
        self.scrubber.refresh()
        self.row.show_columns(spec, task, episode)

    def sheet(self) -> Sheet | None:
        return self.plot.sheet(self.budget.text())

    def _add_help(self) -> str:
        if self.comparison.full:
            return self.tr("At most {0} learners: remove one first").format(MOST)
        return self.tr("Add a checkpoint, a recorded run or a baseline")

    @Slot()
    def _on_theme(self) -> None:
        self.row.forget_pictures()
        self._refresh_soon()

    @Slot()
    def _list_runs(self) -> None:
        if self.isVisible():
            self.listing.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.comparison.set_active(True)
        self._state.workspace.run_list.reload()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.comparison.set_active(False)
