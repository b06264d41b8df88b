"""The model that the lab shows, adapted to the very task in view, as a file for other programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.takeaway import writing
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import Task, TaskFamily
    from workbench.experiments.exports.formats import Format
    from workbench.experiments.session import Learner


class AdaptedMenu(QMenu):
    """Filled when it is opened, with the formats that hold one model."""

    def __init__(self, state: LabState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._above = state, parent
        self.job: Job | None = None
        self.setObjectName("lab.adaptedMenu")
        self.setTitle(self.tr("Take the adapted model away"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    @Slot()
    def fill(self) -> None:
        from workbench.experiments.exports.formats import FORMATS

        self.clear()
        state = self._state
        there = bool(state.steps) and state.learner is not None and state.task is not None
        for one in FORMATS:
            if one.model is not None:
                action = self.addAction(self.tr("{0}…").format(one.title))
                action.setObjectName(f"lab.adapted.{one.name}")
                action.setToolTip(self._tip())
                action.setEnabled(there)
                action.triggered.connect(partial(self._ask, one))

    def _tip(self) -> str:
        text = self.tr("As it is after step {0} on the support set in view")
        return text.format(self._state.cursor)

    def _ask(self, wanted: Format) -> None:
        state, family = self._state, self._state.workspace.data.family
        learner, task = state.learner, state.task
        if learner is None or task is None or family is None:
            return
        name = f"lab{wanted.suffix}"
        write = partial(_write, wanted, learner, family, task, state.cursor)
        self.job = writing.ask(wanted.title, name, write, self._above)


def _write(
    wanted: Format,
    learner: Learner,
    family: TaskFamily,
    task: Task,
    steps: int,
    place: Path,
    report: Report,
) -> None:
    """With a learner of its own: the lab and a training go on meanwhile."""
    from workbench.experiments.exports.adapted import AdaptedModel

    fitting = family.fitting(task)
    with learner.apart(fitting) as own:
        wanted.take_model(lambda: AdaptedModel.of(own, task, steps, fitting.spec), place)
