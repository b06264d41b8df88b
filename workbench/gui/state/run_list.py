"""The stored runs, read on one thread for everybody who shows them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.experiments.runs import RunSummary


class RunList(QObject):
    """Read anew whenever runs have changed; `read` says that it was."""

    read = Signal()

    def __init__(self, troubles: Troubles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._troubles = troubles
        self._job: Job | None = None
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
        if self._job is not None:
            self._job.cancel()

    def _on_read(self, entries: list[Entry]) -> None:
        self._troubles.end("runs")
        self.entries = entries
        self.read.emit()


def _read(report: Report) -> list[Entry]:
    from workbench.experiments.labbook.entry import entries_of
    from workbench.experiments.runs import list_runs

    return entries_of(list_runs())
