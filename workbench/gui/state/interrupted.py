"""After a kill: the newest run that has neither ended nor a live process is offered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workbench.gui.state import settings
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary
    from workbench.gui.state.workspace import Workspace

SETTLED = "runs/settled"
"""The setting that names the runs that were offered and decided about."""
REMEMBERED = 100


class Interrupted(QObject):
    """Looks through the runs when the program has started."""

    def __init__(self, workspace: Workspace, offer: Callable[[RunSummary], None]) -> None:
        super().__init__(workspace)
        self._workspace, self._offer = workspace, offer
        self._job: Job | None = None
        workspace.catalogReady.connect(self._look)

    def settle(self, run: RunSummary) -> None:
        """Do not offer it again."""
        settings.remember(SETTLED, [*_settled(), str(run.path)][-REMEMBERED:])

    def close(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _look(self) -> None:
        work = partial(_newest, frozenset(_settled()))
        self._job = Job(
            work, self._on_found, partial(self._workspace.troubles.say, "runs"), parent=self
        )

    def _on_found(self, found: RunSummary | None) -> None:
        if found is not None:
            self._offer(found)


def _settled() -> list[str]:
    value = settings.settings().value(SETTLED)
    if isinstance(value, str):
        return [value]  # what a list of one comes back as
    return [str(one) for one in value] if isinstance(value, list) else []


def _newest(settled: frozenset[str], report: Report) -> RunSummary | None:
    from workbench.experiments.runs import UNFINISHED, list_runs

    for run in list_runs():
        report("", 0.0)
        if run.status == UNFINISHED and run.resumable and str(run.path) not in settled:
            return run
    return None
