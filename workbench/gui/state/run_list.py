"""The stored runs, read on one thread for everybody who shows them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.experiments.runs import RunSummary

LOOK_MS = 1000
"""Between two looks whether anybody has written a run: a command line, another window."""
SHARE = 20
"""A look may take one part in so many of the time: with thousands of runs they come less often."""

Read = tuple[list["Entry"], object]
"""The entries, and the signature of what they were read from."""


class RunList(QObject):
    """Read anew whenever runs have changed, here or elsewhere; `read` says that it was."""

    read = Signal()

    def __init__(self, troubles: Troubles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._troubles = troubles
        self._job: Job | None = None
        self._look: Job | None = None
        self._signature: object = None
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time)
        self.entries: list[Entry] = []
        """As last read, newest first, damaged ones among them."""

    @property
    def rows(self) -> list[RunSummary]:
        """The runs of the entries."""
        return [entry.run for entry in self.entries]

    @property
    def reading(self) -> bool:
        """Whether `read` will come."""
        return self._job is not None and self._job.active

    @Slot()
    def reload(self) -> None:
        self.close()
        failed = partial(self._troubles.say, "runs")
        self._job = Job(_read, self._on_read, failed, parent=self)

    def close(self) -> None:
        self._timer.stop()
        for job in (self._job, self._look):
            if job is not None:
                job.cancel()

    def _on_read(self, found: Read) -> None:
        self._troubles.end("runs")
        self.entries, self._signature = found
        self.read.emit()
        if not self.reading:
            self._timer.start(LOOK_MS)

    @Slot()
    def _on_time(self) -> None:
        """Look whether the list would be another one; reading it takes longer."""
        self._timer.stop()
        self._began = time.monotonic()
        running = frozenset(run.name for run in self.rows if run.running)
        self._look = Job(partial(_look, running), self._on_look, self._on_no_look, parent=self)

    def _on_look(self, signature: object) -> None:
        if signature != self._signature:
            self.reload()
        else:
            spent = 1000 * (time.monotonic() - self._began)
            self._timer.start(max(LOOK_MS, int(SHARE * spent)))

    def _on_no_look(self, error: Exception) -> None:
        """What is wrong is said by whoever reads the list, which this is not."""
        self._timer.start(SHARE * LOOK_MS)


def _read(report: Report) -> Read:
    from workbench.experiments import runs
    from workbench.experiments.labbook.entry import entries_of

    written, _ = runs.signature(frozenset())
    rows = runs.list_runs()
    return entries_of(rows), (written, frozenset(run.name for run in rows if run.running))


def _look(running: frozenset[str], report: Report) -> object:
    from workbench.experiments.runs import signature

    return signature(running)
