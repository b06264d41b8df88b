"""A run measured on held-out tasks: the question, how far it is, and every answer so far."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.core.errors import BadInput
from workbench.core.user_code import Untrusted
from workbench.gui.runs.measure.form import QuestionForm
from workbench.gui.runs.measure.kept_model import KeptModel
from workbench.gui.state import methods
from workbench.gui.state.measuring import answer, kept_iterations
from workbench.gui.style.busy import Busy
from workbench.gui.style.two_line_table import TwoLineTable
from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.scores import Kept
    from workbench.gui.state.workspace import Workspace

SIZE = (760, 640)
WIDTHS = (220, 76, 250)
"""Of the columns but the last, which takes the rest."""


class MeasureDialog(QDialog):
    """Stands beside the window; a training goes on behind it.

    `tasksWanted` carries the run, its configuration and the file of a measurement.
    """

    tasksWanted = Signal(object, object, object)

    def __init__(
        self, workspace: Workspace, run: Path, config: ExperimentConfig, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.measure")
        title = f"{methods.title(config)} · {methods.task_title(config)}"
        self.setWindowTitle(self.tr("Measure {run}").format(run=title))
        self.resize(*SIZE)
        self._workspace, self._run, self._config = workspace, run, config
        self._job: Job | None = None
        self._reading: Job | None = None
        self.form = QuestionForm(config, kept_iterations(run), self)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.busy = Busy("measure", self)
        self.busy.cancel.clicked.connect(self.stop)
        self.told = label("", "small")
        self.start = QPushButton(self.tr("Measure"), self)
        self.start.setObjectName("measure.start")
        self.start.setDefault(True)
        self.start.clicked.connect(self.measure)
        self.model = KeptModel(methods.task_title(config), self)
        self.table = self._make_table()
        self.empty = label(self.tr("Nothing measured yet."), "muted")
        self._lay_out(title)
        self.form.changed.connect(self._clear_problem)
        self._read()

    def _make_table(self) -> TwoLineTable:
        table = TwoLineTable(self.model, self)
        table.setObjectName("measure.kept")
        table.setAccessibleName(self.tr("What was measured of this run"))
        table.setToolTip(self.tr("Double-click shows every task of a measurement"))
        table.doubleClicked.connect(self._on_double_click)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def _lay_out(self, title: str) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.busy)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.start)
        about = self.tr(
            "Tasks that the run has never seen, with the weights chosen. On other data all classes "
            "are for the test, and images come in the form that it was trained on."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(title, "title"))
        layout.addWidget(label(about, "small", wrap=True))
        layout.addWidget(self.form)
        layout.addWidget(self.problem)
        layout.addLayout(foot)
        layout.addWidget(self.empty)
        layout.addWidget(self.table, 1)

    @Slot()
    def measure(self) -> None:
        """Ask what the form says, on a thread of its own."""
        self._clear_problem()
        try:
            question = self.form.question()
        except ValueError as error:
            self._say(error)
            return
        run = self._run

        def work(report: Report) -> Path:
            return answer(run, question, report)

        self._set_busy(True)
        self._job = Job(work, self._on_measured, self._on_failed, self._on_progress, self)

    @Slot()
    def _clear_problem(self) -> None:
        self.problem.clear()
        self.problem.hide()

    @Slot()
    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._set_busy(False)

    def done(self, code: int) -> None:
        """Closed while it measures: the work ends, and what was kept stays."""
        self.stop()
        if self._reading is not None:
            self._reading.cancel()
        super().done(code)

    def _on_measured(self, file: Path) -> None:
        self._set_busy(False)
        self._read()

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, Untrusted):
            self._workspace.troubles.untrusted.emit(error, self.measure, partial(self._say, error))
        else:
            self._say(error)

    def _say(self, error: Exception) -> None:
        from workbench.experiments.sentences import sentence

        if isinstance(error, BadInput) and error.where == "task.root":
            error = BadInput(self.tr("Place"), error.problem, error.remedy)
        elif isinstance(error, BadInput) and error.where == "checkpoint":
            told = self.tr("these weights have a head of one output a class, for another number")
            error = BadInput(self.tr("Ways"), told, self.tr("Tick New head, or leave it empty"))
        self.problem.setText(sentence(error))
        self.problem.show()

    def _set_busy(self, busy: bool) -> None:
        self.start.setEnabled(not busy)
        self.form.setEnabled(not busy)
        self.told.clear()
        if busy:
            self.busy.show_progress(None)
        else:
            self.busy.hide()

    def _on_progress(self, message: str, share: float) -> None:
        self.told.setText(message)
        self.busy.show_progress(share)

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        file = self.model.kept[index.row()].file
        self.tasksWanted.emit(self._run, self._config, file)

    def _read(self) -> None:
        run = self._run

        def work(report: Report) -> list[Kept]:
            from workbench.experiments.scores import kept_of

            return kept_of(run)

        self._reading = Job(work, self._show, self._say, parent=self)

    def _show(self, kept: list[Kept]) -> None:
        self.model.show(kept)
        self.empty.setVisible(not kept)
        self.table.setVisible(bool(kept))
