"""Where the events of a run go: the record on disk first, then whoever else takes them.

A training hands each event to its sinks before it tells it to its reader. The reader, a `Runner`
for the window or the loop of a command, has a sink of its own: a queue or a meter.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from workbench.core.events import Event, Noticed
from workbench.experiments.sentences import sentence

if TYPE_CHECKING:
    from workbench.experiments.store import Run

log = logging.getLogger(__name__)
Item = TypeVar("Item")

MAX_WAITING = 50_000
"""Items kept for a watcher who is not draining; older ones fall away (the record has them)."""


class Sink(Protocol):
    """Takes what a run tells, in order, on the thread that trains."""

    @property
    def title(self) -> str:
        """What a person calls it, at the start of a sentence."""
        ...

    def take(self, event: Event) -> str | None:
        """Take one event; what the sink has to say of itself, in a sentence, if anything.

        What it raises ends the sink, and not the run; see `Sinks`.
        """
        ...

    def close(self) -> None:
        """No more events come. May be called twice."""
        ...


class Sinks:
    """Hands every event to the record, then to the others.

    The record must not fail: what it raises ends the run. Any other sink that raises is let go; the
    user is told by a `Noticed`, and the run goes on.
    """

    def __init__(self, record: Sink) -> None:
        self._record = record
        self._others: list[Sink] = []
        self._iteration = 0

    def add(self, sink: Sink) -> None:
        """From now on it is handed every event, after those that came before it."""
        self._others.append(sink)

    def told(self, event: Event) -> Iterator[Event]:
        """Hand an event over; yields what the sinks have to say of themselves, then the event."""
        self._iteration = getattr(event, "iteration", self._iteration)
        if said := self._record.take(event):
            yield from self._noticed(said)
        for sink in tuple(self._others):
            if said := self._handed(sink, event):
                yield from self._noticed(said)
        yield event

    def close(self) -> None:
        """Let all go, the record last. One that fails now is in the log: the run has ended."""
        try:
            while self._others:
                self._let_go(self._others.pop())
        finally:
            self._record.close()

    def _noticed(self, said: str) -> Iterator[Event]:
        yield from self.told(Noticed(self._iteration, said))

    def _handed(self, sink: Sink, event: Event) -> str | None:
        if sink not in self._others:  # it failed meanwhile, while another one had something to say
            return None
        try:
            return sink.take(event)
        except Exception as error:
            log.exception("%s failed", sink.title)
            self._others.remove(sink)
            self._let_go(sink)
            return f"{sink.title} takes no more of this run: {sentence(error)}"

    def _let_go(self, sink: Sink) -> None:
        try:
            sink.close()
        except Exception:
            log.exception("%s could not be closed", sink.title)


class RunOnDisk:
    """The record: a disk that takes no lines is said once, and once more when it does again."""

    title = "The record"

    def __init__(self, run: Run) -> None:
        self._run = run

    def take(self, event: Event) -> str | None:
        before = self._run.unwritten
        self._run.record(event)
        after = self._run.unwritten
        return (after or "Metrics are written again") if bool(before) != bool(after) else None

    def close(self) -> None:
        """Write what is waiting, and let others write the run."""
        self._run.release()


class Queue(Generic[Item]):
    """What the window has not drawn yet: filled on one thread, emptied on another."""

    title = "The window"

    def __init__(self) -> None:
        self._waiting: deque[Item] = deque(maxlen=MAX_WAITING)

    def take(self, event: Item) -> None:
        self._waiting.append(event)

    def drain(self) -> list[Item]:
        """Everything that came since the last call, oldest first."""
        items = []
        while self._waiting:
            items.append(self._waiting.popleft())
        return items

    def close(self) -> None:
        """What waits stays until it is drained."""
