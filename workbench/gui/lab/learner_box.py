"""Chooses the weights the lab adapts: the live model, the untrained one, or a run's checkpoint.

And says in full which ones those are, since no number means anything without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from workbench.gui import methods, words
from workbench.gui.background import Job, Report
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.experiments.session import Learner
    from workbench.experiments.store import RunSummary

SHOWN_RUNS = 12
FOLLOW, UNTRAINED, LIVE = "follow", "untrained", "live"


class LearnerBox(QComboBox):
    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._workspace = state.workspace
        self._runs: list[RunSummary] = []
        self._job: Job | None = None
        self.setObjectName("lab.learner")
        self.setAccessibleName(self.tr("Learner"))
        self.setToolTip(self.tr("Whose weights adapt to the support set"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(21)
        self.activated.connect(self._on_activated)
        self._workspace.runsChanged.connect(self.list_runs)
        self._workspace.learnerChanged.connect(self.refresh)
        self._workspace.stateChanged.connect(self.refresh)
        state.stepsChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Write the entries anew where they changed."""
        wanted = self._entries()
        shown = [(self.itemText(row), self.itemData(row)) for row in range(self.count())]
        if self.view().isVisible():
            return
        self.blockSignals(True)
        if wanted != shown:
            self.clear()
            for text, data in wanted:
                self.addItem(text, data)
            self._widen_list()
        self.setCurrentIndex(1 if self._state.untrained and self.count() > 1 else 0)
        self.blockSignals(False)

    def _widen_list(self) -> None:
        """Names of runs are longer than the box; its list shows them whole."""
        texts = (self.itemText(row) for row in range(self.count()))
        widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        self.view().setMinimumWidth(widest + 40)

    def _entries(self) -> list[tuple[str, Any]]:
        learner = self._workspace.learner() if self._workspace.ready else None
        entries: list[tuple[str, Any]] = []
        if learner is not None and learner.label != UNTRAINED:
            entries.append((self._name(learner), FOLLOW))
        elif self._state.untrained:
            entries.append((self.tr("Live model"), FOLLOW))
        entries.append((self.tr("Untrained model"), UNTRAINED if entries else FOLLOW))
        for run in self._runs:
            assert run.config is not None
            text = self.tr("Checkpoint: {0} · {1}")
            title = methods.title(run.config)
            entries.append((text.format(title, run.path.name), str(run.path)))
        return entries

    def _name(self, learner: Learner) -> str:
        text = self.tr("Trained model, iteration {0}")
        if self._workspace.busy and learner.label == LIVE:
            text = self.tr("Live model, iteration {0}")
        return text.format(words.thousands(learner.iteration))

    @Slot()
    def list_runs(self) -> None:
        """Read the newest runs on a thread."""
        if not self._workspace.ready:
            return
        if self._job is not None:
            self._job.cancel()

        def work(report: Report) -> list[RunSummary]:
            from workbench.experiments.store import list_runs

            return [run for run in list_runs() if not run.problem][:SHOWN_RUNS]

        self._job = Job(work, self._on_runs, _ignore, parent=self)

    def _on_runs(self, runs: list[RunSummary]) -> None:
        self._runs = runs
        self.refresh()

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        data = self.itemData(row)
        self._state.use_untrained(data == UNTRAINED)
        if data not in (FOLLOW, UNTRAINED):
            self._workspace.open_run(Path(data))


class LearnerCaption(QLabel):
    """Algorithm, run, iteration and protocol of the learner that made the numbers on screen."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.caption")
        self.setAccessibleName(self.tr("The learner looked at"))
        self.setProperty("role", "small")
        self.setWordWrap(True)
        self.setToolTip(
            self.tr(
                "Transductive: the items of a query set are predicted together, and batch "
                "normalisation lets them help each other. The setting is under Training."
            )
        )
        state.stepsChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        learner = self._state.learner
        if learner is None or not self._state.steps:
            self.setText("")
            return
        parts = [methods.title(learner.config), *self._origin(learner)]
        parts.append(words.protocol(learner.algorithm.transductive))
        self.setText("  ·  ".join(parts))

    def _origin(self, learner: Learner) -> list[str]:
        if learner.label == UNTRAINED:
            return [self.tr("untrained")]
        path = self._state.workspace.training.path
        run = path.name if learner.label == LIVE and path is not None else learner.label
        iteration = self.tr("iteration {0}").format(words.thousands(learner.iteration))
        return [self.tr("run {0}").format(run), iteration]


def _ignore(error: Exception) -> None:
    """A store that cannot be listed is reported by the history, not here."""
