"""The learner for the task in view: as it is, or with a head for another number of classes.

A head is started anew only after the user was told and said yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import Task, TaskFamily
    from workbench.experiments.session import Learner
    from workbench.gui.state.workspace import Workspace

Fitted = tuple["Learner", tuple[str, ...]]


class Fit(QObject):
    """`changed` comes when a learner is ready that was not, or when one is wanted now."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.learner: Learner | None = None
        """None while it is being built, or has to be asked for."""
        self.misfit: tuple[int, int] | None = None
        """Classes of the task and of the head, while the user has not said yes."""
        self.anew: tuple[str, ...] = ()
        """The tensors of the learner in use that started anew."""
        self._allowed = False
        self._from: tuple[Learner, int] | None = None
        self._found: Fitted | None = None
        self._job: Job | None = None

    def want(self, learner: Learner | None, family: TaskFamily, task: Task) -> None:
        """Have `learner` fit the task: as it is, or built anew on a thread."""
        self.learner, self.misfit, self.anew = None, None, ()
        fitting = family.fitting(task)
        if fitting is family or learner is None:
            self._forget()
            self.learner = learner
            return
        if not self._is_from(learner, fitting.spec.outputs):
            self._build(learner, fitting)
        if self._found is None:
            return
        fitted, anew = self._found
        if anew and not self._allowed:
            self.misfit = (fitting.spec.outputs, family.spec.outputs)
        else:
            self.learner, self.anew = fitted, anew

    @Slot()
    def allow(self) -> None:
        """Start heads anew, as long as the task has another number of classes."""
        self._allowed = True
        self.changed.emit()

    def _is_from(self, learner: Learner, outputs: int) -> bool:
        return self._from is not None and self._from[0] is learner and self._from[1] == outputs

    def _build(self, learner: Learner, fitting: TaskFamily) -> None:
        """On a thread; of newer weights of one training the older ones serve meanwhile."""
        same = self._from is not None and self._from[0].config is learner.config
        outputs = fitting.spec.outputs
        if not (same and self._from is not None and self._from[1] == outputs):
            self._found = None
        if not same:
            self._allowed = False  # the yes was for another learner
        if self._job is not None:
            self._job.cancel()
        self._from = (learner, outputs)

        def work(report: Report) -> Fitted:
            from workbench.experiments.session import refitted

            return refitted(learner, fitting)

        self._job = Job(work, self._on_built, self.failed.emit, parent=self)

    def _on_built(self, found: Fitted) -> None:
        learner, anew = found
        self._job, self._found = None, (learner.lent(), anew)
        self.changed.emit()

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._from = self._found = None
        self._allowed = False


class MisfitLine(QWidget):
    """Says that the task has another number of classes than the head, and what can be done."""

    def __init__(self, fit: Fit, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fit = fit
        self.setObjectName("lab.misfit")
        self.setAccessibleName(self.tr("The learner's head does not fit"))
        self.text = label("", "error", wrap=True)
        self.text.setObjectName("lab.misfit.text")
        self.yes = self._button(
            "lab.misfit.yes",
            self.tr("Start a new head"),
            self.tr("The last layer starts from fresh weights; the rest stays as it was learned"),
        )
        self.no = self._button(
            "lab.misfit.no", self.tr("Undo"), self.tr("Take the last change back")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        self.yes.clicked.connect(fit.allow)
        self.no.clicked.connect(workspace.draft.undo.undo)
        self.hide()

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    @Slot()
    def refresh(self) -> None:
        self.setVisible(self._fit.misfit is not None)
        if self._fit.misfit is not None:
            text = self.tr("The task has {0} classes; the head of this learner tells {1} apart.")
            self.text.setText(text.format(*self._fit.misfit))
