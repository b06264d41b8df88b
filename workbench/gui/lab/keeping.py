"""The learner in view, adapted to the support set in view, as a file that predicts new items."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.gui.lab import face
from workbench.gui.lab.state import LabState
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.predicting.answers import Answers
    from workbench.experiments.session import Learner

SUFFIX = ".adapted"


class Keeping(QObject):
    """`said` tells how to use what was written, `refused` why nothing was."""

    said = Signal(str)
    refused = Signal(object)

    def __init__(self, state: LabState, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._state = parent, state
        self.job: Job | None = None
        self.action = QAction(self.tr("Save the adapted learner…"), self)
        self.action.setObjectName("actionSaveAdapted")
        self.action.triggered.connect(self.ask)
        for signal in (state.stepsChanged, state.cursorChanged, state.taskChanged):
            signal.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        learner, task = self._state.learner, self._state.workspace.in_view.task
        answers = None if task is None else face.of(task).answers(task)
        bound = learner is not None and learner.algorithm.shaped_by_data
        there = bool(self._state.steps) and learner is not None
        self.action.setEnabled(there and answers is not None and not bound)
        if answers is None:
            tip = self.tr("Learners of pictures, boxes and measurements can be kept")
        elif bound:
            tip = self.tr("This method cannot be kept without the data it was trained on")
        else:
            text = self.tr("As it is after step {0} on the support set in view, to predict with")
            tip = text.format(self._state.cursor)
        self.action.setToolTip(tip)

    @Slot()
    def ask(self) -> None:
        kinds = self.tr("Adapted learners (*{0})").format(SUFFIX)
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the adapted learner"), f"learner{SUFFIX}", kinds
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, file: Path) -> None:
        """With what it says of new items, and as many steps as are looked at."""
        state, family = self._state, self._state.workspace.data.family
        learner, task = state.learner, state.task
        answers = None if task is None else face.of(task).answers(task)
        if learner is None or task is None or family is None or answers is None:
            return
        file = file if file.suffix == SUFFIX else file.with_name(file.name + SUFFIX)
        work = partial(_write, learner, family, task, answers)
        self.job = Job(
            partial(work, state.cursor, file),
            partial(self._on_written, file, state.cursor),
            self.refused.emit,
            parent=self,
        )

    def _on_written(self, file: Path, steps: int, _: object) -> None:
        text = self.tr(
            "Saved as {0}, as it is after step {1}. To predict with it:\n"
            "python main.py predict {2} PATH"
        )
        self.said.emit(text.format(file.name, steps, shlex.quote(str(file))))


def _write(
    learner: Learner,
    family: TaskFamily,
    task: Any,
    answers: Answers,
    steps: int,
    file: Path,
    report: Report,
) -> None:
    """With a learner of its own: the lab and a training go on meanwhile."""
    from workbench.experiments.predicting import adapted_file
    from workbench.experiments.predicting.predictor import beside

    support, fitting = task.episode().support, family.fitting(task)
    with beside(learner, answers, support, steps, fitting) as predictor:
        adapted_file.write(predictor, file)
