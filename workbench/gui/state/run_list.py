"""The stored runs, read on one thread for everybody who shows them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary


class RunList(QObject):
    """Read anew whenever runs have changed; `read` says that it was."""

    read = Signal()

    def __init__(self, troubles: Troubles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._troubles = troubles
        self._job: Job | None = None
        self.rows: list[RunSummary] = []
        """As last read, newest first, damaged ones among them."""

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

    def _on_read(self, rows: list[RunSummary]) -> None:
        self._troubles.end("runs")
        self.rows = rows
        self.read.emit()


def _read(report: Report) -> list[RunSummary]:
    from workbench.experiments.runs import list_runs

    return list_runs()
