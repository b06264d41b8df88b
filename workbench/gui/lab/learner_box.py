"""Chooses the weights the lab adapts: live, bundled, untrained, or a run's checkpoint.

And says in full which ones those are, since no number means anything without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from workbench.core.errors import printable
from workbench.gui.lab.source import FOLLOW, UNTRAINED
from workbench.gui.lab.state import LabState
from workbench.gui.state import methods
from workbench.gui.state.bundled import BUNDLED
from workbench.gui.style import counts, words

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary
    from workbench.experiments.session import Learner

SHOWN_RUNS = 12
LIVE = "live"


class LearnerBox(QComboBox):
    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._workspace = state.workspace
        self._runs: list[RunSummary] = []
        self.setObjectName("lab.learner")
        self.setAccessibleName(self.tr("Learner"))
        self.setToolTip(self.tr("Whose weights adapt to the support set"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self.activated.connect(self._on_activated)
        self._workspace.run_list.read.connect(self._on_runs)
        self._workspace.learners.changed.connect(self.refresh)
        self._workspace.training.stateChanged.connect(self.refresh)
        state.stepsChanged.connect(state.turns.take(self.refresh))
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
        self.setCurrentIndex(max(self.findData(self._state.choice), 0))
        self.blockSignals(False)

    def _widen_list(self) -> None:
        """Names of runs are longer than the box; its list shows them whole."""
        texts = (self.itemText(row) for row in range(self.count()))
        widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        self.view().setMinimumWidth(widest + 40)

    def _entries(self) -> list[tuple[str, Any]]:
        """What is followed comes first; what is untrained or bundled comes once."""
        if self._state.preview is not None or not self._workspace.ready:
            return [(self._first_name(), FOLLOW)]
        learners = self._workspace.learners
        learner, bundled = learners.current, learners.bundled
        label = learner.label if learner is not None else UNTRAINED
        entries: list[tuple[str, Any]] = []
        if learner is not None and label != UNTRAINED:
            entries.append((self._name(learner), FOLLOW))
        elif self._state.choice == UNTRAINED:
            entries.append((self.tr("Live model"), FOLLOW))
        if bundled is not None and label != BUNDLED:
            entries.append((self._name(bundled), BUNDLED))
        first = label == UNTRAINED and self._state.choice != UNTRAINED
        untrained = (self.tr("Untrained model"), FOLLOW if first else UNTRAINED)
        entries.insert(0 if first else len(entries), untrained)
        return entries + self._run_entries()

    def _run_entries(self) -> list[tuple[str, Any]]:
        text = self.tr("Checkpoint: {0} · {1}")
        return [
            (text.format(methods.title(run.config), printable(run.name)), str(run.path))
            for run in self._runs
            if run.config is not None
        ]

    def _first_name(self) -> str:
        """Of what is shown before anything is loaded."""
        preview = self._state.preview
        if preview is None:
            return self.tr("Loading…")
        return self._bundled(preview.iterations)

    def _bundled(self, iterations: int) -> str:
        return self.tr("Bundled example, {0}").format(counts.iterations(iterations))

    def _name(self, learner: Learner) -> str:
        if learner.label == BUNDLED:
            return self._bundled(learner.iteration)
        text = self.tr("Trained, iteration {0}")
        if self._workspace.training.busy and learner.label == LIVE:
            text = self.tr("Live model, iteration {0}")
        return text.format(words.thousands(learner.iteration))

    @Slot()
    def _on_runs(self) -> None:
        whole = [run for run in self._workspace.run_list.rows if not run.problem]
        self._runs = whole[:SHOWN_RUNS]
        self.refresh()

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        data = self.itemData(row)
        known = data in (FOLLOW, UNTRAINED, BUNDLED)
        self._state.choose(data if known else FOLLOW)
        if not known:
            self._workspace.open_run(Path(data))


class LearnerCaption(QLabel):
    """Algorithm, run, iteration and protocol of the learner that made the numbers on screen."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
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
        state.stepsChanged.connect(state.turns.take(self.refresh))
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        learner, preview = self._state.learner, self._state.preview
        if preview is not None:
            text = self.tr("bundled example, {0}, as recorded  ·  loading torch…")
            self.setText(text.format(counts.iterations(preview.iterations)))
            return
        if learner is None or not self._state.steps:
            self.setText("")
            return
        parts = [methods.title(learner.config), *self._origin(learner)]
        if self._state.fit.anew and self._state.spec is not None:
            text = self.tr("new head for {0} classes")
            parts.append(text.format(self._state.spec.outputs))
        parts.append(words.protocol(learner.algorithm.transductive))
        self.setText("  ·  ".join(parts))

    def _origin(self, learner: Learner) -> list[str]:
        if learner.label == UNTRAINED:
            return [self.tr("untrained")]
        if learner.label == BUNDLED:
            return [self.tr("bundled example"), counts.iterations(learner.iteration)]
        path = self._state.workspace.training.path
        run = path.name if learner.label == LIVE and path is not None else learner.label
        iteration = self.tr("iteration {0}").format(words.thousands(learner.iteration))
        return [self.tr("run {0}").format(printable(run)), iteration]
