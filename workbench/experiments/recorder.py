"""Keeping checkpoints, scores and the result of a training, on a disk that may be full or gone."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from workbench.core.events import Event, Finished, Halt, Halted, Reason
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import Run

log = logging.getLogger(__name__)
Written = TypeVar("Written")


class Recorder:
    """Between a training and its run. Where the disk refuses, the training waits; see `Halted`."""

    def __init__(
        self, config: ExperimentConfig, run: Run, result: Callable[[Event], dict[str, Any]]
    ) -> None:
        self._config = config
        self._run = run
        self._result = result
        self._again = threading.Event()
        self._iteration = 0

    def try_again(self) -> None:
        """After `Halted`: write once more when asked for the next event. From any thread."""
        self._again.set()

    def settled(self, events: Iterator[Event]) -> Iterator[Event]:
        """The events; before the last one, what the run came to is kept."""
        for event in events:
            self._iteration = getattr(event, "iteration", self._iteration)
            if isinstance(event, Finished):
                event = yield from self._kept(event)
            yield event

    def insist(self, write: Callable[[], Written]) -> Generator[Event, None, Written]:
        """Write; where the disk refuses, wait for whoever reads the events.

        Then it is tried again, if `try_again` asked for that; else the disk's error is raised.
        """
        while True:
            try:
                return write()
            except OSError as error:
                log.warning("the run waits: %s", error)
                self._again.clear()
                yield Halted(self._iteration, Halt.STORAGE, self._run.why_unwritten(error))
                if not self._again.is_set():
                    raise
                with contextlib.suppress(OSError):  # the next try says it again
                    self._run.make_again(self._config)

    def _kept(self, last: Finished) -> Generator[Event, None, Finished]:
        try:
            yield from self.insist(lambda: self._run.finish(self._result(last)))
        except OSError as error:
            log.exception("the result is not saved")
            return replace(last, reason=Reason.FAILED, error=last.error or str(error))
        return last
