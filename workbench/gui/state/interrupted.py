"""After a kill: the newest run that has neither ended nor a live process is offered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workbench.gui.state import settings
from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary

SETTLED = "runs/settled"
"""The setting that names the runs that were offered and decided about."""
REMEMBERED = 100


class Interrupted(QObject):
    """Looks through the runs once, when the program has started."""

    def __init__(
        self,
        troubles: Troubles,
        offer: Callable[[RunSummary], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._troubles, self._offer = troubles, offer
        self._job: Job | None = None

    def settle(self, run: RunSummary) -> None:
        """Do not offer it again."""
        settings.remember(SETTLED, [*_settled(), str(run.path)][-REMEMBERED:])

    def close(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def look(self) -> None:
        """Read the list of runs on a thread, and offer what is found."""
        work = partial(_newest, frozenset(_settled()))
        trouble = partial(self._troubles.say, "runs")
        self._job = Job(work, self._on_found, trouble, parent=self)

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
