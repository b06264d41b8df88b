"""What the Add menu offers, with the reason where something cannot be added."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.lab.compare.choices import (
    Choice,
    baselines,
    examples,
    misfit,
    problem_of,
    tr,
)
from workbench.gui.lab.learner_box import SHOWN_RUNS
from workbench.gui.lab.state import LabState
from workbench.gui.state import methods
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec
    from workbench.experiments.runs import RunSummary

SHOWN_UNFIT = 4
"""Runs listed though they do not fit: who looks for one should learn why."""


@dataclass(frozen=True)
class Candidate:
    choice: Choice
    reason: str = ""
    """Why it does not fit the task in view."""


class Listing(QObject):
    """The lab's own `checkpoints`, recorded `runs`, bundled `examples`; read on a thread."""

    changed = Signal()

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._job: Job | None = None
        self.checkpoints: list[Candidate] = []
        self.runs: list[Candidate] = []
        self.examples: list[Candidate] = []

    @property
    def reading(self) -> bool:
        return self._job is not None or self._state.workspace.run_list.reading

    @Slot()
    def refresh(self) -> None:
        learner, spec = self._state.learner, self._state.spec
        family = self._state.workspace.data.family
        if spec is None or family is None:
            return
        if self._job is not None:
            self._job.cancel()
        origin = None if learner is None else learner.origin
        rows = list(self._state.workspace.run_list.rows)
        work = partial(_read, rows, origin, spec, family.params.name)
        self._job = Job(work, self._on_read, self._on_failed, parent=self)

    def baselines(self) -> list[Candidate]:
        """From the settings as they are; none while there is something wrong with them."""
        config, spec = self._state.workspace.draft.config, self._state.spec
        if config is None or spec is None:
            return []
        return [
            Candidate(choice, methods.entry(choice.config).unfit(spec))
            for choice in baselines(config)
        ]

    def _on_read(self, found: tuple[list[Candidate], list[Candidate], list[Candidate]]) -> None:
        self._job = None
        self.checkpoints, self.runs, self.examples = found
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        """The job has logged it; a store that cannot be listed is reported by the history."""
        self._on_read(([], [], []))


def _read(
    rows: list[RunSummary], origin: Path | None, spec: ProblemSpec, family: str, report: Report
) -> tuple[list[Candidate], list[Candidate], list[Candidate]]:
    fit: list[Candidate] = []
    unfit: list[Candidate] = []
    for run in rows:
        report("", 0.0)
        offer = _offer(run, spec)
        if offer is not None:
            (unfit if offer.reason else fit).append(offer)
        if len(fit) == SHOWN_RUNS:
            break
    bundled = [Candidate(one, misfit(problem_of(one.config), spec)) for one in examples(family)]
    return _checkpoints(origin, spec), fit + unfit[:SHOWN_UNFIT], bundled


def _offer(run: RunSummary, spec: ProblemSpec) -> Candidate | None:
    from workbench.experiments.store import Run

    if run.config is None:
        return None
    reason = misfit(problem_of(run.config), spec)
    if not reason and not Run(run.path).iterations():
        reason = tr("It has saved no checkpoint yet")
    return Candidate(Choice(run.config, run.path, run.name), reason)


def _checkpoints(origin: Path | None, spec: ProblemSpec) -> list[Candidate]:
    """Newest first."""
    from workbench.experiments.store import Run

    if origin is None:
        return []
    try:
        run = Run(origin)
        config, iterations = run.config(), run.iterations()
    except BadInput:
        return []
    reason = misfit(problem_of(config), spec)
    return [
        Candidate(Choice(config, origin, origin.name, iteration), reason)
        for iteration in reversed(iterations)
    ]
