"""What Start would refuse is not lined up: looked at on a thread, with the data that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.user_code import Untrusted
from workbench.gui.state.shared import Shared
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.queue.work import Work

QUEUE = "queue"
"""The cause of troubles with the queue."""


@dataclass(frozen=True)
class Where:
    """Of an entry that is lined up; behind the others where nothing else is said."""

    now: bool = False
    """In front, and begun as soon as nothing else trains."""
    path: Path | None = None
    """The folder of a race that stands there already."""
    instead_of: str = ""
    """The entry whose place it takes."""


BEHIND = Where()


class LiningUp(QObject):
    """`admitted` carries the work as it is to be kept, and where it is to stand."""

    admitted = Signal(object, object)

    def __init__(self, shared: Shared, parent: QObject) -> None:
        super().__init__(parent)
        self._shared = shared
        self._jobs: list[Job] = []

    def look_at(self, work: Work, where: Where) -> None:
        """A file that is not trusted is asked about first; what else is wrong is said."""
        family = self._shared.data.family
        mine = family if family is not None and family.params == work.config.task else None
        self._jobs = [job for job in self._jobs if job.active]
        failed = partial(self._on_refused, partial(self.look_at, work, where))
        done = partial(self._on_admitted, where)
        self._jobs.append(Job(partial(_admitted, work, mine), done, failed, parent=self))

    def close(self) -> None:
        for job in self._jobs:
            job.cancel()

    def _on_admitted(self, where: Where, work: Work) -> None:
        self.admitted.emit(work, where)

    def _on_refused(self, again: Callable[[], None], error: Exception) -> None:
        declined = partial(self._shared.troubles.say, QUEUE, error)
        if isinstance(error, Untrusted):
            self._shared.troubles.untrusted.emit(error, again, declined)
        else:
            declined()


def _admitted(work: Work, family: TaskFamily | None, report: Report) -> Work:
    from workbench.experiments.queue.admission import admitted

    return admitted(work, family)
