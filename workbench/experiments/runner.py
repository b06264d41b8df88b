"""One iterator consumed on one thread, with pause, step and stop.

    READY -> RUNNING <-> PAUSING -> PAUSED -> RUNNING ...
    RUNNING | PAUSED -> STOPPING -> FINISHED;  RUNNING -> FINISHED

PAUSING and STOPPING are requests; PAUSED and FINISHED are acknowledged by the thread itself. The
thread touches nothing of the window: whoever watches calls `drain` when it likes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Generic, TypeVar

from workbench.experiments.sinks import Queue

Item = TypeVar("Item")


class State(StrEnum):
    READY = "ready"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"


class Runner(Generic[Item]):
    """Consumes ``items`` on its own thread.

    ``on_stop`` asks the source to end by itself and to yield its last items; without it the
    iterator is simply not read any further. ``is_halt`` says after which items it pauses by itself.
    """

    def __init__(
        self,
        items: Iterator[Item],
        *,
        on_stop: Callable[[], None] | None = None,
        is_step: Callable[[Item], bool] = lambda item: True,
        is_halt: Callable[[Item], bool] = lambda item: False,
    ) -> None:
        self._items = items
        self._on_stop = on_stop
        self._is_step = is_step
        self._is_halt = is_halt
        self._queue = Queue[Item]()
        self._change = threading.Condition()
        self._state = State.READY
        self._steps_left: int | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="runner", daemon=True)

    @property
    def state(self) -> State:
        return self._state

    @property
    def error(self) -> BaseException | None:
        """What the iterator raised, if it did not end by itself."""
        return self._error

    def start(self) -> None:
        """Begin consuming. A second call does nothing."""
        with self._change:
            if self._state is State.READY:
                self._state = State.RUNNING
                self._thread.start()

    def pause(self) -> None:
        """Ask for a pause; the state becomes PAUSED when the current item is done."""
        with self._change:
            if self._state is State.RUNNING:
                self._state = State.PAUSING
                self._steps_left = 0

    def resume(self) -> None:
        with self._change:
            if self._state in (State.PAUSED, State.PAUSING):
                self._state, self._steps_left = State.RUNNING, None
                self._change.notify_all()

    def step(self, count: int = 1) -> None:
        """From a pause, go on until ``count`` more steps are done, then pause again."""
        with self._change:
            if self._state in (State.PAUSED, State.PAUSING):
                self._state, self._steps_left = State.PAUSING, count
                self._change.notify_all()

    def stop(self) -> None:
        """Ask for the end; the source may still yield its last items."""
        with self._change:
            if self._state in (State.RUNNING, State.PAUSING, State.PAUSED):
                self._state = State.STOPPING
                if self._on_stop is not None:
                    self._on_stop()
                self._change.notify_all()
            elif self._state is State.READY:
                self._state = State.FINISHED

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread; returns whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def drain(self) -> list[Item]:
        """Everything that came since the last call, oldest first."""
        return self._queue.drain()

    def _run(self) -> None:
        try:
            for item in self._items:
                self._queue.take(item)
                if not self._may_go_on(item):
                    break
        except BaseException as error:
            self._error = error
        finally:
            with self._change:
                self._state = State.FINISHED

    def _may_go_on(self, item: Item) -> bool:
        with self._change:
            if self._is_halt(item) and self._state in (State.RUNNING, State.PAUSING):
                self._state, self._steps_left = State.PAUSING, 0
            if self._steps_left and self._is_step(item):
                self._steps_left -= 1
            while self._state in (State.PAUSING, State.PAUSED) and self._steps_left == 0:
                self._state = State.PAUSED
                self._change.wait()
            return self._state is not State.STOPPING or self._on_stop is not None
