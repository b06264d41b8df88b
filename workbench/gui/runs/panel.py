"""The history: every run on disk, damaged ones included; what to do with one, and to compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.plots.overlay import Overlay
from workbench.gui.runs.model import RunsModel
from workbench.gui.runs.table import RunsTable
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary

SHARES = (4, 5)
"""Of the height, for the table and for the comparison."""

BY_ICON = ("reveal", "reload")
"""Buttons whose icon says enough: a small window has no room for the words of all."""


class RunsPanel(QWidget):
    labWanted = Signal()
    trainWanted = Signal()
    tasksWanted = Signal(object, object, object)
    """A run, its configuration, and the file of a measurement or None: to see its tasks."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.runs")
        self.setAccessibleName(self.tr("Runs"))
        self._workspace = workspace
        self.model = RunsModel(self)
        self.table = self._make_table()
        self.overlay = Overlay(workspace)
        self._hint = label(
            self.tr("Select several runs with Ctrl or Shift to compare their curves."), "small"
        )
        self._pages = QStackedWidget(self)
        self._buttons = self._make_buttons()
        self._lay_out()
        workspace.run_list.read.connect(self._show)
        workspace.training.stateChanged.connect(self._refresh_buttons)
        selection = self.table.selectionModel()
        selection.selectionChanged.connect(self._on_selection)
        self.table.doubleClicked.connect(self._on_double_click)
        self._refresh_buttons()

    def chosen(self) -> list[RunSummary]:
        """The selected runs, in the order of the table."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.runs[row] for row in rows]

    def selected(self) -> RunSummary | None:
        """The run that the buttons act on: a single one."""
        chosen = self.chosen()
        return chosen[0] if len(chosen) == 1 else None

    def _make_table(self) -> RunsTable:
        table = RunsTable(self.model)
        table.setObjectName("runs.table")
        table.setAccessibleName(self.tr("Recorded runs"))
        table.setToolTip(
            self.tr("Double-click opens a run in the lab; Ctrl+click compares several")
        )
        return table

    def _make_buttons(self) -> dict[str, QPushButton]:
        table: tuple[tuple[str, str, str, Any], ...] = (
            ("open", self.tr("Open in Lab"), "lab", self._on_open),
            ("measure", self.tr("Measure…"), "star", self._on_measure),
            ("tasks", self.tr("Tasks"), "search", self._on_tasks),
            ("resume", self.tr("Resume"), "play", self._on_resume),
            ("reveal", self.tr("Show folder"), "folder", self._on_reveal),
            ("reload", self.tr("Reload"), "reset", self.reload),
        )
        buttons = {}
        for name, text, icon, slot in table:
            button = QPushButton("" if name in BY_ICON else text, self)
            button.setObjectName(f"runs.{name}")
            button.setAccessibleName(text)
            button.setToolTip(self._help(name))
            theme.current().set_icon(button, icon)
            button.clicked.connect(slot)
            buttons[name] = button
        return buttons

    def _help(self, name: str) -> str:
        return {
            "open": self.tr("Adapt with this run's best weights, and show its curves"),
            "measure": self.tr("Measure it on held-out tasks, of its own data or of another's"),
            "tasks": self.tr(
                "See every task of a measurement: hardest, easiest, which classes fail"
            ),
            "resume": self.tr("Go on from the newest checkpoint"),
            "reveal": self.tr("Open the run's directory"),
            "reload": self.tr("Read the directory of runs again"),
        }[name]

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(label(self.tr("Runs"), "title"))
        bar.addStretch(1)
        for button in self._buttons.values():
            bar.addWidget(button)
        empty = label(self.tr("No runs yet. Start (F5) makes the first."), "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        for part, share in zip((self.table, self.overlay), SHARES, strict=True):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        self._pages.addWidget(empty)
        self._pages.addWidget(split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(bar)
        layout.addWidget(self._hint)
        layout.addWidget(self._pages, 1)

    @Slot()
    def reload(self) -> None:
        self._workspace.run_list.reload()

    @Slot()
    def _show(self) -> None:
        runs = self._workspace.run_list.rows
        kept = {run.path for run in self.chosen()}
        self.model.show(runs)
        self._pages.setCurrentIndex(1 if runs else 0)
        again = QItemSelection()
        for row, run in enumerate(runs):
            if run.path in kept:
                index = self.model.index(row, 0)
                again.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().select(again, flags.ClearAndSelect | flags.Rows)
        self._on_selection()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection(self) -> None:
        self._refresh_buttons()
        self.overlay.show_runs([run for run in self.chosen() if not run.problem])

    @Slot()
    def _refresh_buttons(self) -> None:
        run = self.selected()
        usable = run is not None and not run.problem
        self._buttons["open"].setEnabled(usable)
        for name in ("measure", "tasks"):
            self._buttons[name].setEnabled(usable)
        self._hint.setVisible(len(self.model.runs) > 1)
        resumable = run is not None and run.resumable
        self._buttons["resume"].setEnabled(resumable and not self._workspace.training.busy)
        self._buttons["reveal"].setEnabled(run is not None)

    @Slot(QModelIndex)
    def _on_double_click(self) -> None:
        self._on_open()

    @Slot()
    def _on_open(self) -> None:
        run = self.selected()
        if run is not None and not run.problem:
            self._workspace.open_run(run.path)
            self.labWanted.emit()

    @Slot()
    def _on_measure(self) -> None:
        run = self.selected()
        if run is not None and run.config is not None and not run.problem:
            from workbench.gui.runs.measure.dialog import MeasureDialog

            dialog = MeasureDialog(self._workspace, run.path, run.config, self.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.tasksWanted.connect(self.tasksWanted)
            dialog.show()

    @Slot()
    def _on_tasks(self) -> None:
        run = self.selected()
        if run is not None and run.config is not None and not run.problem:
            self.tasksWanted.emit(run.path, run.config, None)

    @Slot()
    def _on_resume(self) -> None:
        run = self.selected()
        if run is not None:
            self._workspace.continue_run(run.path)
            self.trainWanted.emit()

    @Slot()
    def _on_reveal(self) -> None:
        run = self.selected()
        if run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(run.path))))
