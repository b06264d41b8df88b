"""After a kill: the newest run that has neither ended nor a live process is offered once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workbench.gui import memory

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary
    from workbench.gui.desk.workspace import Workspace

SETTLED = "runs/settled"
"""The setting that names the runs that were offered and decided about."""
REMEMBERED = 100


class Interrupted(QObject):
    """Looks through the runs when they are read for the first time after the start."""

    def __init__(self, workspace: Workspace, offer: Callable[[RunSummary], None]) -> None:
        super().__init__(workspace)
        self._workspace, self._offer = workspace, offer
        self._due = False
        workspace.catalogReady.connect(self._on_start)
        workspace.run_list.read.connect(self._look)

    def settle(self, run: RunSummary) -> None:
        """Do not offer it again."""
        memory.remember(SETTLED, [*_settled(), str(run.path)][-REMEMBERED:])

    @Slot()
    def _on_start(self) -> None:
        self._due = True

    @Slot()
    def _look(self) -> None:
        if not self._due:
            return
        self._due = False
        found = _newest(self._workspace.run_list.rows, frozenset(_settled()))
        if found is not None:
            self._offer(found)


def _settled() -> list[str]:
    value = memory.settings().value(SETTLED)
    if isinstance(value, str):
        return [value]  # what a list of one comes back as
    return [str(one) for one in value] if isinstance(value, list) else []


def _newest(rows: Sequence[RunSummary], settled: frozenset[str]) -> RunSummary | None:
    from workbench.experiments.runs import UNFINISHED

    for run in rows:
        if run.status == UNFINISHED and run.resumable and str(run.path) not in settled:
            return run
    return None
