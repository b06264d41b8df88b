"""The window's side of a training in a process of its own, with the face of a `Runner`.

    READY -> RUNNING <-> PAUSING -> PAUSED -> RUNNING ...
    RUNNING | PAUSED -> STOPPING -> FINISHED;  RUNNING -> FINISHED

PAUSING and STOPPING are wishes of this side; what the process says of itself counts as soon as it
has heard the last of them. It is FINISHED when the process said goodbye or has died.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from pathlib import Path

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.core.events import Beginning, Event
from workbench.core.marked import marked
from workbench.experiments.hosting import address, wire
from workbench.experiments.hosting.begin import Begun, begin
from workbench.experiments.hosting.link import Link
from workbench.experiments.hosting.order import Order
from workbench.experiments.record.lock import is_held
from workbench.experiments.runner import State
from workbench.experiments.sinks import Queue

log = logging.getLogger(__name__)
ANSWER_SECONDS = 30.0
_BEGINNING = marked("A process of its own is begun, which prepares the data and then trains")


@dataclass
class _Asked:
    """A question on its way; ``answer`` stands when ``done`` does."""

    done: threading.Event
    answer: wire.Message | None = None
    tensors: wire.Tensors | None = None


def _nothing() -> None:
    """Nobody holds the run but the process itself."""


class ProcessHost:
    """Begins a process with an ``order``, or takes up the one that trains ``run``."""

    def __init__(
        self, run: Path, order: Order | None = None, release: Callable[[], None] = _nothing
    ) -> None:
        """``release`` lets go of the run, which is held until the process is there to hold it."""
        self.run = run
        self._order, self._release = order, release
        self._queue = Queue[Event]()
        self._change = threading.Condition()
        self._state = State.READY
        self._error: BaseException | None = None
        self._process: Begun | None = None
        self._link: Link | None = None
        self._unsaid: list[bytes] = []
        """Wishes from before there was a connection."""
        self._wished = 0
        self._left = False
        self._greeted = threading.Event()
        self._refused = False
        self._goodbye: tuple[wire.Message, Weights] | None = None
        self._asked: dict[int, _Asked] = {}
        self._numbers = itertools.count()
        self._thread = threading.Thread(target=self._begin, name="host", daemon=True)
        self.after = -1
        """Of the record, all up to this iteration comes before what is told; see `Kept`."""

    @property
    def state(self) -> State:
        return self._state

    @property
    def error(self) -> BaseException | None:
        """What ended it that was no end of a run's."""
        return self._error

    # --- the face of a runner ----------------------------------------------------------------

    def start(self) -> None:
        """Begin the process, on a thread. A second call does nothing."""
        with self._change:
            if self._state is State.READY:
                self._state = State.RUNNING
                self._wish("start")
                if self._order is not None:
                    self._queue.take(Beginning(0, _BEGINNING))
                    self._thread.start()

    def pause(self) -> None:
        with self._change:
            if self._state is State.RUNNING:
                self._state = State.PAUSING
                self._wish("pause")

    def resume(self) -> None:
        with self._change:
            if self._state in (State.PAUSED, State.PAUSING):
                self._state = State.RUNNING
                self._wish("resume")

    def step(self, count: int = 1) -> None:
        with self._change:
            if self._state in (State.PAUSED, State.PAUSING):
                self._state = State.PAUSING
                self._wish("step", count)

    def stop(self) -> None:
        with self._change:
            if self._state in (State.RUNNING, State.PAUSING, State.PAUSED):
                self._state = State.STOPPING
                self._wish("stop")
            elif self._state is State.READY:
                self._state = State.FINISHED

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; whether it has come."""
        with self._change:
            return self._change.wait_for(lambda: self._state is State.FINISHED, timeout)

    def drain(self) -> list[Event]:
        """Everything that came since the last call, oldest first."""
        return self._queue.drain()

    # --- what a runner has not ---------------------------------------------------------------

    def take_up(self) -> None:
        """Connect to the process that trains the run, and wait until it answers.

        What it told lately can be drained then. Raises `BadInput` where it has ended, or another
        window drives it.
        """
        self._connect(address.read(self.run))
        self._greeted.wait(ANSWER_SECONDS)
        if self._refused or not self._greeted.is_set():
            self.leave()
            raise BadInput(
                str(self.run),
                marked("is driven by another window"),
                marked("Close that one, or let it go on; the Runs tab shows when it has ended"),
            )

    def leave(self) -> None:
        """Let the process go on by itself."""
        with self._change:
            self._left = True
            link, process = self._link, self._process
        if link is not None:
            link.close()
        if process is not None:
            process.leave()

    def try_again(self) -> None:
        """After `Halted` because of the disk: write once more."""
        with self._change:
            self._wish("again")

    def newest(self) -> tuple[int, Weights] | None:
        """The newest meta-parameters and their iteration, also after the end.

        None before the first step is prepared, and where nobody answers. Not for the GUI thread.
        """
        found = self._goodbye or self._ask({"what": "weights"})
        if found is None or found[0].get("iteration") is None:
            return None
        return int(found[0]["iteration"]), found[1]

    def save_elsewhere(self, folder: Path) -> None:
        """Let a run that waits go on in another directory; raises `BadInput`."""
        found = self._ask({"what": "elsewhere", "folder": str(folder)})
        problem = marked("nobody answers") if found is None else str(found[0].get("error", ""))
        if problem:
            raise BadInput(str(folder), problem)
        self.run = folder

    # --- on threads --------------------------------------------------------------------------

    def _begin(self) -> None:
        assert self._order is not None
        try:
            process = begin(self._order)
            with self._change:
                self._process = process
            found = process.address()
            self._release()
            self._connect(found)
            if self._left:
                self.leave()
        except Exception as error:  # whatever keeps a process from beginning ends the training
            log.exception("the process could not be begun")
            self._release()
            self._end(error)

    def _connect(self, found: address.Address) -> None:
        try:
            connection = found.connect()
        except (OSError, EOFError, AuthenticationError) as error:
            if not is_held(self.run):
                address.forget(self.run)
            raise BadInput(
                str(self.run),
                marked("has no process that answers"),
                marked("Resume it, if nobody trains it any more"),
            ) from error
        link = Link(connection, self._on_heard, self._on_lost)
        with self._change:
            self._link = link
            for wish in self._unsaid:
                link.say(wish)
            self._unsaid = []
        link.start()

    def _wish(self, wish: str, count: int = 1) -> None:
        """Called with the change held; a wish that nobody hears any more is no wish."""
        self._wished += 1
        message = {"kind": "wish", "wish": wish, "count": count, "number": self._wished}
        if self._link is not None:
            self._link.say(wire.pack(message))
        elif not self._greeted.is_set():
            self._unsaid.append(wire.pack(message))

    def _ask(self, question: wire.Message) -> tuple[wire.Message, Weights] | None:
        number, asked = next(self._numbers), _Asked(threading.Event())
        with self._change:
            if self._link is None:
                return self._goodbye
            self._asked[number] = asked
            self._link.say(wire.pack({"kind": "asked", "id": number, **question}))
        asked.done.wait(ANSWER_SECONDS)
        self._asked.pop(number, None)
        return None if asked.answer is None else (asked.answer, asked.tensors or {})

    def _on_heard(self, message: wire.Message, tensors: wire.Tensors) -> None:
        match message["kind"]:
            case "told":
                for event in wire.events_of(message, tensors):
                    self._queue.take(event)
                self._believe(message)
            case "answer":
                asked = self._asked.get(message["id"])
                if asked is not None:
                    asked.answer, asked.tensors = message, tensors
                    asked.done.set()
            case "hello":
                self.after = int(message["after"])
            case "caught up":
                self._greeted.set()
            case "taken":
                self._refused = True
                self._greeted.set()
            case "ended":
                self._goodbye = message, tensors

    def _believe(self, message: wire.Message) -> None:
        with self._change:
            state = State(message["state"])
            if int(message["heard"]) >= self._wished and state is not State.READY:
                self._state = state

    def _on_lost(self) -> None:
        """It said goodbye, was left, or has died."""
        self._greeted.set()
        with self._change:
            self._link = None
            unanswered = list(self._asked.values())
        for asked in unanswered:
            asked.done.set()
        if self._goodbye is not None:
            error = self._goodbye[0].get("error")
            self._end(BadInput(*error) if error else None)
        elif not self._left and not self._refused:
            self._end(self._lost())

    def _lost(self) -> BadInput:
        """It did not say goodbye."""
        how = "" if self._process is None else self._process.how_it_ended()
        if not how and is_held(self.run):
            return BadInput(
                self.run.name,
                marked("is trained on, and its process does not answer any more"),
                marked("Take it up again, in the Runs tab"),
            )
        address.forget(self.run)
        return BadInput(
            self.run.name,
            marked("the process that trained it has ended without a word{0}").format(how),
            marked("Resume it, which goes on from its newest checkpoint"),
        )

    def _end(self, error: BaseException | None) -> None:
        with self._change:
            self._error = error
            self._state = State.FINISHED
            process = self._process
            self._change.notify_all()
        if process is not None:
            process.reap()
