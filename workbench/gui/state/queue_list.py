"""The entries of the queue, read on a thread whenever they have changed, here or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.queue.entry import Entry
    from workbench.experiments.queue.folder import ExperimentQueue

LOOK_MS = 1000


@dataclass(frozen=True)
class Line:
    """An entry with its name among the others."""

    entry: Entry
    name: str


class QueueList(QObject):
    """`read` comes whenever the entries were read."""

    read = Signal()

    def __init__(self, troubles: Troubles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._troubles = troubles
        self._job: Job | None = None
        self._stamp: object = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.queue: ExperimentQueue | None = None
        """Not there before the program has loaded."""
        self.lines: list[Line] = []
        """What runs first, then what waits in its order, then what is damaged or has ended."""
        self.elsewhere = ""
        """Who else works through it now; empty where nobody does."""

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if line.entry.pending]

    @property
    def reading(self) -> bool:
        return self._job is not None and self._job.active

    def begin(self) -> None:
        from workbench.experiments.queue.folder import ExperimentQueue

        self.queue = ExperimentQueue()
        self.reload()

    @Slot()
    def reload(self) -> None:
        if self.queue is None:
            return
        self.close()
        failed = partial(self._troubles.say, "queue")
        self._stamp = self.queue.stamp()
        self._job = Job(partial(_read, self.queue), self._on_read, failed, parent=self)

    def close(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def _on_read(self, found: tuple[list[Line], str]) -> None:
        self.lines, self.elsewhere = found
        self.read.emit()
        if not self.reading:
            self._timer.start()

    @Slot()
    def _look(self) -> None:
        """Another program may have changed it; what it runs may have ended with a kill."""
        assert self.queue is not None
        if self.elsewhere or self.queue.stamp() != self._stamp:
            self.reload()


def _read(queue: ExperimentQueue, report: Report) -> tuple[list[Line], str]:
    from workbench.experiments.queue.naming import names_of

    entries = queue.entries()
    lines = [Line(*both) for both in zip(entries, names_of(entries), strict=True)]
    lines.sort(key=lambda line: line.entry.ended)
    return lines, queue.worker if queue.is_worked and not queue.works_here else ""
