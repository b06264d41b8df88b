"""A run that another process writes, followed through its record as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.replay import Replay

LOOK_MS = 1000
"""Between two looks at the record."""
SHARE = 20
"""A look may take one part in so many of the time: a long record is read less often."""

Seen = tuple["Replay", bool]
"""A run, and whether a live process writes it."""


class Following(QObject):
    """Hands over what a run has become, again and again, until nobody writes it any more."""

    def __init__(self, grown: Callable[[Replay], None], parent: QObject) -> None:
        super().__init__(parent)
        self._grown = grown
        self._path = Path()
        self._job: Job | None = None
        self._began = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    @property
    def active(self) -> bool:
        """Whether it will look again, or looks now."""
        return self._timer.isActive() or (self._job is not None and self._job.active)

    def begin(self, path: Path) -> None:
        """Follow this run, and no other."""
        self.end()
        self._path = path
        self._timer.start(LOOK_MS)

    def end(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _look(self) -> None:
        self._began = time.monotonic()
        self._job = Job(partial(seen, self._path), self._on_seen, self._on_unseen, parent=self)

    def _on_seen(self, found: Seen) -> None:
        replay, goes_on = found
        self._grown(replay)
        if goes_on:
            self._later()

    def _on_unseen(self, error: Exception) -> None:
        """It is being written, or has been taken away: whoever opens it anew is told."""
        self._later()

    def _later(self) -> None:
        spent = 1000 * (time.monotonic() - self._began)
        self._timer.start(max(LOOK_MS, int(SHARE * spent)))


def seen(path: Path, report: Report) -> Seen:
    """Whether it is written is asked first: what was written before its end is then read."""
    from workbench.experiments.replay import read_run
    from workbench.experiments.store import open_run

    goes_on = open_run(path).is_written
    return read_run(path), goes_on
