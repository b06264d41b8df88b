"""Work longer than a frame: a function on a plain thread, its result back on the GUI thread."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from workbench.core import patience
from workbench.core.errors import BadInput

log = logging.getLogger(__name__)

Report = Callable[[str, float], None]
POLL_MS = 15


class Cancelled(Exception):
    """Raised inside a job's report when nobody waits for its result any more."""


class Job(QObject):
    """One function on one thread; it ends as exactly one of `done` or `failed`, or is cancelled.

    The thread touches no Qt object: it fills a queue that a timer of the GUI thread empties.
    """

    def __init__(
        self,
        work: Callable[[Report], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        progress: Callable[[str, float], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._done, self._failed, self._progress = done, failed, progress
        self._news: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._active = True
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._timer.start()
        self._thread.start()

    @property
    def active(self) -> bool:
        return self._active

    def cancel(self) -> None:
        """Forget the result; the function ends at its next report."""
        self._cancelled.set()
        self._end()

    def _end(self) -> None:
        """Nothing is polled any more; the Qt side goes, the thread ends by itself."""
        if self._active:
            self._active = False
            self._timer.stop()
            self.deleteLater()

    def _run(self, work: Callable[[Report], Any]) -> None:
        try:
            with patience.told_to(self._report):
                self._news.put(("done", work(self._report)))
        except Cancelled:
            return
        except Exception as error:
            if not (self._cancelled.is_set() or isinstance(error, BadInput)):
                log.info("background work failed", exc_info=True)
            self._news.put(("failed", error))

    def _report(self, message: str, fraction: float) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self._news.put(("progress", (message, fraction)))

    @Slot()
    def _poll(self) -> None:
        progress = None
        while self.active and not self._news.empty():
            kind, value = self._news.get()
            if kind == "progress":
                progress = value
                continue
            self._end()
            (self._done if kind == "done" else self._failed)(value)
        if progress and self.active and self._progress:
            self._progress(*progress)
