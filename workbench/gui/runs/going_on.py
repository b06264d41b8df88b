"""Going on with a recorded run: further in itself, or in a new one as in the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui.state import branching
from workbench.gui.style import words
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.runs import RunSummary
    from workbench.gui.state.workspace import Workspace

WIDTH = 460


class GoOnDialog(QDialog):
    """Says before anything starts what goes on otherwise, or why it cannot."""

    def __init__(self, workspace: Workspace, run: RunSummary, parent: QWidget) -> None:
        super().__init__(parent)
        from workbench.experiments.store import Run

        assert run.config is not None
        self.setObjectName("dialog.goOn")
        self.setWindowTitle(self.tr("Go on with {0}").format(run.name))
        self.setFixedWidth(WIDTH)
        self._workspace, self._run, self._own = workspace, run, run.config
        self.further = QRadioButton(self.tr("In this run, up to iteration"), self)
        self.further.setObjectName("goOn.further")
        self.branch = QRadioButton(self.tr("In a new run, as in the form, from iteration"), self)
        self.branch.setObjectName("goOn.branch")
        self.iterations = self._make_iterations()
        self.checkpoints = QComboBox(self)
        self.checkpoints.setObjectName("goOn.checkpoint")
        self.checkpoints.setAccessibleName(self.tr("The checkpoint to branch off from"))
        for iteration in reversed(Run(run.path).iterations()):
            self.checkpoints.addItem(words.thousands(iteration), iteration)
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("goOn.told")
        self._group = QButtonGroup(self)
        self.buttons = self._make_buttons()
        self._lay_out()
        (self.branch if run.status == "diverged" else self.further).setChecked(True)
        self._group.buttonClicked.connect(self._refresh)
        self.iterations.valueChanged.connect(self._refresh)
        self.checkpoints.currentIndexChanged.connect(self._refresh)
        self._refresh()

    def _make_iterations(self) -> QSpinBox:
        from workbench.experiments.training_params import MAX_ITERATIONS

        least = max(self._run.iteration, self._own.training.iterations)
        box = QSpinBox(self)
        box.setObjectName("goOn.iterations")
        box.setAccessibleName(self.tr("The iteration that the run goes on to"))
        box.setRange(min(self._run.iteration + 1, MAX_ITERATIONS), MAX_ITERATIONS)
        box.setValue(2 * least if self._run.status == "completed" else least)
        return box

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, parent=self)
        buttons.button(kinds.Ok).setText(self.tr("Go on"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        rows: tuple[tuple[QRadioButton, QWidget], ...] = (
            (self.further, self.iterations),
            (self.branch, self.checkpoints),
        )
        for radio, editor in rows:
            self._group.addButton(radio)
            row = QHBoxLayout()
            row.addWidget(radio, 1)
            row.addWidget(editor)
            layout.addLayout(row)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)

    @Slot()
    def _refresh(self) -> None:
        self.iterations.setEnabled(self.further.isChecked())
        self.checkpoints.setEnabled(self.branch.isChecked())
        try:
            text, possible = self._words(), True
        except BadInput as problem:
            text, possible = str(problem), False
        self.told.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(possible)

    def _words(self) -> str:
        """What is to be known before it starts; raises `BadInput` where it cannot."""
        return self._about_further() if self.further.isChecked() else self._about_branch()

    def _about_further(self) -> str:
        from workbench.experiments.changes import rate_jump

        longer = self._own.replaced({"training": {"iterations": self.iterations.value()}})
        seconds = float((self._run.result or {}).get("seconds", 0.0))
        jump = rate_jump(self._run.iteration, seconds, self._own, longer)
        same = self.tr("It goes on as one run of that length would have.")
        return f"{jump}." if jump else same

    def _about_branch(self) -> str:
        from workbench.experiments import forking

        form = self._form()
        forking.refuse(self._own, form, self.checkpoints.currentData())
        if form == self._own:
            return self.tr("The form has the settings of the run.")
        return branching.in_words(self._own, form) + "."

    def _form(self) -> ExperimentConfig:
        """What the form describes; raises the first `BadInput` where it is not valid."""
        draft = self._workspace.draft
        if draft.config is None:
            raise draft.problems[0]
        return draft.config

    def accept(self) -> None:
        from workbench.experiments.changes import differences

        if self.further.isChecked():
            self._workspace.continue_run(self._run.path, self.iterations.value())
        else:
            changes = differences(self._own, self._form())
            at = self.checkpoints.currentData()
            self._workspace.waiting.fork(self._run.path, at, changes)
        super().accept()
