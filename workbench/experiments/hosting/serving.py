"""The side that trains: a `Runner`, and at most one window that drives it.

    WAITING (for the window that ordered it) -> SERVING -> LEAVING

It never waits for a window: what one does not read in time is dropped, and a window that is gone
leaves a training that goes on by itself. The record is written by the training alone.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.core.events import Event, Halted, StepDone
from workbench.experiments.divergence import unattended
from workbench.experiments.hosting import wire
from workbench.experiments.hosting.address import Ear
from workbench.experiments.hosting.kept import Kept
from workbench.experiments.hosting.link import Link
from workbench.experiments.hosting.order import Order
from workbench.experiments.runner import Runner, State
from workbench.experiments.sentences import sentence
from workbench.experiments.trainer import Training

log = logging.getLogger(__name__)
TICK = 0.05
"""Seconds between two looks at what the training tells."""
PATIENCE = 30.0
"""Seconds for the window that ordered the training to say that it may begin."""
ALONE = 3.0
"""Seconds that a pause lasts when the window is gone: the next one may be on its way."""
GOODBYE = 10.0
"""Seconds that a window has to hear how it ended."""


class Service:
    """Trains an order, and answers whoever connects. `serve` returns when the run has ended."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._training: Training | None = None
        self._link: Link | None = None
        self._heard = 0
        self._kept = Kept(-1 if order.checkpoint is None else order.checkpoint)
        self._turn = threading.RLock()
        """Held while a window comes or goes, and while it is told something."""
        self._said: tuple[State, int] | None = None
        """What the window was told last of the state."""
        self._paused_at: float | None = None
        """Since when it waits with nobody there."""
        self._may_begin = threading.Event()
        self._runner = Runner[Event](
            self._events(),
            on_stop=self._ask_to_stop,
            is_step=lambda event: isinstance(event, StepDone),
            is_halt=lambda event: isinstance(event, Halted),
        )

    def serve(self) -> None:
        """Until the run has ended; raises `BadInput` where its address cannot be written."""
        ear = Ear(self._order.run)
        threading.Thread(target=self._listen, args=(ear,), name="ear", daemon=True).start()
        self._may_begin.wait(PATIENCE)
        self._runner.start()
        try:
            while not self._tell():
                time.sleep(TICK)
            self._say_goodbye()
        finally:
            ear.withdraw()

    def stop(self) -> None:
        """Ask for an orderly end; from a handler of signals too."""
        self._may_begin.set()
        self._runner.stop()

    # --- the training ------------------------------------------------------------------------

    def _events(self) -> Iterator[Event]:
        self._training = self._order.begun()
        if self._runner.state is State.STOPPING:
            self._training.request_stop()
        for event in self._training.events():
            yield event if self._link is not None else unattended(event)

    def _ask_to_stop(self) -> None:
        if self._training is not None:
            self._training.request_stop()

    def _tell(self) -> bool:
        """Hand on what came; whether it was the end."""
        with self._turn:
            state = self._runner.state  # first: what came before it is told before it
            events = self._runner.drain()
            self._kept.add(events)
            if self._link is None:
                self._go_on_alone(state)
            else:
                self._tell_window(self._link, _until_goodbye(state), events)
            return state is State.FINISHED

    def _tell_window(self, link: Link, state: State, events: list[Event]) -> None:
        if not events and self._said == (state, self._heard):
            return
        for part in _parts(events):
            link.say(wire.told(state, self._heard, part))
        self._said = (state, self._heard)

    def _go_on_alone(self, state: State) -> None:
        """Nobody is there to be waited for: a pause ends soon, and a full disk is tried again."""
        if state is not State.PAUSED:
            self._paused_at = None
        elif self._paused_at is None:
            self._paused_at = time.monotonic()
        elif time.monotonic() - self._paused_at > ALONE:
            self._paused_at = None
            if self._training is not None:
                self._training.try_again()
            self._runner.resume()

    def _say_goodbye(self) -> None:
        """The last weights go with the end: nobody can ask for them afterwards."""
        with self._turn:
            link, error = self._link, self._runner.error
            if error is not None:
                log.error("the training could not begin", exc_info=error)
            if link is None:
                return
            told = None if error is None else self._in_words(error)
            iteration, weights = self._newest()
            link.say(wire.pack({"kind": "ended", "error": told, "iteration": iteration}, weights))
        link.close_when_said(GOODBYE)

    def _in_words(self, error: BaseException) -> tuple[str, str, str]:
        """Where, what and the remedy; see `BadInput`."""
        if isinstance(error, BadInput):
            return error.where, error.problem, error.remedy
        return self._order.run.name, sentence(error), ""

    # --- windows -----------------------------------------------------------------------------

    def _listen(self, ear: Ear) -> None:
        while True:
            try:
                connection = ear.listener.accept()
            except OSError:  # it is withdrawn
                return
            except Exception:  # somebody who does not know the key, or is gone already
                log.info("somebody knocked in vain", exc_info=True)
                continue
            self._welcome(connection)

    def _welcome(self, connection: Connection[bytes, bytes]) -> None:
        """One window at a time: another one is told so, and let go."""
        with self._turn:
            if self._link is not None:
                with contextlib.suppress(OSError):
                    connection.send_bytes(wire.pack({"kind": "taken"}))
                connection.close()
                return
            link = self._link = Link(connection, self._on_heard, lambda: self._on_lost(link))
            self._paused_at = self._said = None
            link.say(wire.pack({"kind": "hello", "after": self._kept.after}))
            self._tell_window(link, _until_goodbye(self._runner.state), self._kept.events)
            link.say(wire.pack({"kind": "caught up"}))
            link.start()

    def _on_lost(self, link: Link) -> None:
        with self._turn:
            if self._link is link:
                self._link, self._heard = None, 0

    def _on_heard(self, message: wire.Message, tensors: wire.Tensors) -> None:
        with self._turn:
            link = self._link
            if link is None:
                return
            if message["kind"] == "wish":
                self._do(message["wish"], int(message.get("count", 1)))
                self._heard = int(message["number"])
            elif message["kind"] == "asked":
                link.say(self._answer(message))

    def _do(self, wish: str, count: int) -> None:
        runner = self._runner
        match wish:
            case "start":
                runner.start()
                self._may_begin.set()
            case "pause":
                runner.pause()
            case "resume":
                runner.resume()
            case "step":
                runner.step(count)
            case "stop":
                self.stop()
            case "again" if self._training is not None:
                self._training.try_again()

    def _answer(self, message: wire.Message) -> bytes:
        answer: wire.Message = {"kind": "answer", "id": message["id"]}
        if message["what"] == "weights":
            iteration, weights = self._newest()
            return wire.pack({**answer, "iteration": iteration}, weights)
        try:
            if self._training is not None:
                self._training.save_elsewhere(Path(message["folder"]))
        except (BadInput, OSError) as problem:
            answer["error"] = sentence(problem)
        return wire.pack(answer)

    def _newest(self) -> tuple[int | None, Weights]:
        """The newest weights and their iteration; none before the first step is prepared."""
        found = None if self._training is None else self._training.newest()
        return (None, {}) if found is None else found


def _until_goodbye(state: State) -> State:
    """That it has finished a window hears with the last weights."""
    return State.STOPPING if state is State.FINISHED else state


def _parts(events: list[Event]) -> Iterator[list[Event]]:
    """Messages of some events each; one without any where there are none."""
    for start in range(0, len(events) or 1, wire.AT_ONCE):
        yield events[start : start + wire.AT_ONCE]
