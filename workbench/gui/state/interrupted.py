"""After a kill: the newest run that has neither ended nor a live process is offered once.

One that is trained on in a process of its own is offered before, until it has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workbench.gui.state import settings
from workbench.gui.state.run_list import RunList

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary

SETTLED = "runs/settled"
"""The setting that names the runs that were offered and decided about."""
REMEMBERED = 100


class Interrupted(QObject):
    """Looks through the runs when they are read for the first time after the start."""

    def __init__(
        self,
        runs: RunList,
        offer: Callable[[RunSummary], None],
        offer_running: Callable[[RunSummary], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs, self._offer, self._offer_running = runs, offer, offer_running
        self._due = False
        runs.read.connect(self._look)

    def settle(self, run: RunSummary) -> None:
        """Do not offer it again."""
        settings.remember_one_more(SETTLED, str(run.path), REMEMBERED)

    @Slot()
    def begin(self) -> None:
        """The program has started: look when the runs are read next."""
        self._due = True

    @Slot()
    def _look(self) -> None:
        if not self._due:
            return
        self._due = False
        running = next((run for run in self._runs.rows if run.drivable), None)
        if running is not None:
            self._offer_running(running)
            return
        found = _newest(self._runs.rows, frozenset(settings.texts(SETTLED)))
        if found is not None and not _is_lined_up(found):
            self._offer(found)


def _newest(rows: Sequence[RunSummary], settled: frozenset[str]) -> RunSummary | None:
    from workbench.experiments.runs import UNFINISHED

    for run in rows:
        if run.status == UNFINISHED and run.resumable and str(run.path) not in settled:
            return run
    return None


def _is_lined_up(run: RunSummary) -> bool:
    """Whether the queue goes on with it, which offers that itself."""
    from workbench.experiments.queue.folder import ExperimentQueue

    waiting = {entry.path for entry in ExperimentQueue().entries() if entry.pending}
    return run.path in waiting or run.path.parent in waiting
