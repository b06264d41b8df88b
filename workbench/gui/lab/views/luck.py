"""One line, on demand: where the support set stands among others of the same classes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import luck_sheet
from workbench.gui.style.busy import Busy
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import Task, TaskFamily
    from workbench.experiments.insight.luck import Luck
    from workbench.experiments.session import Learner

TRIED = 200
SEED = 1
"""The same support sets are tried every time."""


class LuckMeter(QWidget):
    """Forgets what it knows as soon as another task, learner or number of steps is looked at.

    `ask`, the button that starts it, has its place elsewhere: the line takes room only when asked.
    """

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._job: Job | None = None
        self._asked: tuple[Learner, Task, int] | None = None
        self.luck: Luck | None = None
        self.setObjectName("lab.luck")
        self.setAccessibleName(self.tr("Luck of the support set"))
        self.line = label("", "muted", wrap=True)
        self.line.setObjectName("lab.luck.line")
        self.line.setAccessibleName(self.tr("Luck of the support set"))
        self.line.setToolTip(
            self.tr(
                "Compared by the query loss after the last inner step, on the same query set;\n"
                "policies by their return"
            )
        )
        self._build()
        state.taskChanged.connect(self.refresh)
        state.stepsChanged.connect(self.refresh)
        state.plannedChanged.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        self.ask = self._button(
            "ask",
            self.tr("How lucky?"),
            self.tr("Adapt to {0} other support sets of the same classes and compare").format(
                TRIED
            ),
        )
        self.best = self._button(
            "best", self.tr("Use the luckiest"), self.tr("Show the best support set of those tried")
        )
        self.worst = self._button(
            "worst",
            self.tr("Use the unluckiest"),
            self.tr("Show the worst support set of those tried"),
        )
        self.away = TakeAwayButton(self.sheet, "lab.luck")
        self.busy = Busy("lab.luck", self)
        self.busy.cancel.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.busy)
        row.addWidget(self.best)
        row.addWidget(self.worst)
        row.addWidget(self.away)
        self.ask.clicked.connect(self.measure)
        self.best.clicked.connect(self._use_best)
        self.worst.clicked.connect(self._use_worst)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"lab.luck.{name}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    # --- measuring ---------------------------------------------------------------------------

    @Slot()
    def measure(self) -> None:
        """Try the support sets on a thread; the line says what is known so far."""
        state = self._state
        learner, task, steps = state.learner, state.task, state.planned
        family = state.workspace.data.family
        if learner is None or task is None or family is None:
            return
        fitting = family.fitting(task)
        self._forget()
        self._asked = (learner, task, steps)

        def work(report: Report) -> Luck:
            return _measured(learner, fitting, task, steps, report)

        self._job = Job(work, self._on_done, self._on_failed, self._on_progress, self)
        self._show()
        self.line.setText(self.tr("luck: trying other support sets…"))
        self.busy.show_progress(None)
        self.busy.cancel.setFocus()

    @Slot()
    def cancel(self) -> bool:
        """Ask no more; whether anything was asked."""
        computing = self._job is not None
        if computing:
            self._forget()
            self._show()
        return computing

    def _on_progress(self, percentile: str, tried: float) -> None:
        self._say(percentile, int(tried))
        self.busy.show_progress(tried / TRIED)

    def _on_done(self, found: Luck) -> None:
        self._job, self.luck = None, found
        self._show()

    def _on_failed(self, error: Exception) -> None:
        self._forget()
        self._show()
        self._state.failed.emit(error)

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._asked = self.luck = None

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """What was found stays with the best and the worst set, which are a part of it."""
        if self._asked is not None and not self._holds(*self._asked):
            self._forget()
        self._show()

    def _holds(self, learner: Learner, task: Task, steps: int) -> bool:
        """Whether what was asked for, or one of the two sets found, is still looked at."""
        state, found = self._state, self.luck
        known = [task] if found is None else [task, found.best, found.worst]
        return (
            state.learner is learner
            and state.planned == steps
            and any(state.task is one for one in known)
        )

    def _show(self) -> None:
        found, task = self.luck, self._state.task
        ready = self._state.learner is not None and task is not None and task.known
        self.ask.setVisible(self._asked is None)
        self.ask.setEnabled(ready)
        self.setVisible(self._asked is not None)
        self.busy.setVisible(self._job is not None)
        for button in (self.best, self.worst, self.away):
            button.setVisible(found is not None)
        if found is None or task is None:
            return
        self.best.setEnabled(task is not found.best)
        self.worst.setEnabled(task is not found.worst)
        extreme = {id(found.best): self._extreme(True), id(found.worst): self._extreme(False)}
        if not math.isfinite(found.loss(task)):
            self._say("", found.tried)
        elif id(task) in extreme:
            self.line.setText(extreme[id(task)].format(found.tried + 1))
        else:
            self._say(_standing(found), found.tried)

    def _extreme(self, lucky: bool) -> str:
        if lucky:
            return self.tr("luck: the luckiest of {0} support sets")
        return self.tr("luck: the unluckiest of {0} support sets")

    def _say(self, percentile: str, tried: int) -> None:
        """Without a percentile, that the support set diverges."""
        spec = self._state.spec
        text = self.tr("luck: better than {0} % of {1} support sets of these classes")
        if spec is not None and not spec.labels:
            text = self.tr("luck: better than {0} % of {1} support sets of this task")
        if not percentile:
            text = self.tr("luck: diverged; worse than any support set that does not")
        self.line.setText(text.format(percentile, tried))

    def sheet(self) -> Sheet | None:
        """The losses of all support sets that were tried, from the luckiest on."""
        return None if self.luck is None else luck_sheet.sheet(self.luck, self.line.text())

    # --- doing -------------------------------------------------------------------------------

    @Slot()
    def _use_best(self) -> None:
        if self.luck is not None:
            self._state.edit(self.luck.best)

    @Slot()
    def _use_worst(self) -> None:
        if self.luck is not None:
            self._state.edit(self.luck.worst)


def _standing(found: Luck) -> str:
    """The percentile of the set in hand; empty where it diverges: ties say nothing then."""
    return f"{found.percentile:.0f}" if math.isfinite(found.own) else ""


def _measured(learner: Learner, family: TaskFamily, task: Task, steps: int, report: Report) -> Luck:
    """With a learner of its own: the lab and a training go on meanwhile."""
    from workbench.experiments.insight.luck import luck

    with learner.apart(family) as own:
        for newest in luck(own, task, steps, SEED, TRIED):
            report(_standing(newest), newest.tried)
    return newest
