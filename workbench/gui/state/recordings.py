"""Runs on disk come back: to look at, or to go on with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.user_code import Untrusted
from workbench.gui.state.following import Following, Seen, seen
from workbench.gui.state.shared import Shared
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.events import Event
    from workbench.core.task import TaskFamily
    from workbench.experiments.hosting.hosted import TakenUp
    from workbench.experiments.replay import Recorded, Replay

RECORD = "record"
"""The cause of troubles with what is recorded; over when another run is asked for."""
AT_ONCE = 10_000
"""Events of a record that are told at a time."""


class Recordings(QObject):
    """Reads on a thread; a run that is going on is never disturbed.

    `damaged` carries a checkpoint that stands in for newer ones, and what goes on from it.
    """

    damaged = Signal(object, object)

    def __init__(self, shared: Shared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self._job: Job | None = None
        self._connected: TakenUp | None = None
        """What is to be watched when its data is there."""
        self._left: list[Event] = []
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell_on)
        self._shown: Replay | None = None
        self._following = Following(self._on_grown, self)
        shared.history.began.connect(self._leave)

    def show(self, path: Path) -> None:
        """Draw the curves of a run; they grow while another process writes it."""
        self._shared.troubles.end(RECORD)
        if not self._shared.training.busy:
            failed = partial(self._shared.troubles.say, RECORD)
            shown = partial(self._on_seen, path)
            self._job = Job(partial(seen, path), shown, failed, parent=self)

    def go_on(self, path: Path, iterations: int | None = None) -> None:
        """Train on from the newest checkpoint of a run, as soon as its data is there.

        ``iterations`` is where the run is to end now, if elsewhere than it was.
        """
        self._shared.troubles.end(RECORD)
        if not self._shared.training.busy:
            read = partial(_checkpoint, path, iterations)
            failed = partial(self._on_no_checkpoint, path, iterations)
            self._job = Job(read, self._on_checkpoint, failed, parent=self)

    def take_up(self, path: Path) -> None:
        """Watch and drive a run that a process of its own trains, as soon as its data is there."""
        self._shared.troubles.end(RECORD)
        if not self._shared.training.busy:
            trouble = partial(self._shared.troubles.say, RECORD)
            self._job = Job(partial(_connected, path), self._on_connected, trouble, parent=self)

    def close(self) -> None:
        self._soon.stop()
        self._following.end()
        if self._job is not None:
            self._job.cancel()
        self._let_go()

    def _on_connected(self, found: TakenUp) -> None:
        self._let_go()
        self._connected = found
        self._shared.draft.use_config(found.config)
        self._shared.data.when_ready(self._watch)

    def _watch(self, family: TaskFamily) -> None:
        found, self._connected = self._connected, None
        if found is not None:
            self._shared.training.take_up(found, family)

    def _let_go(self) -> None:
        """What was connected to and never watched goes on by itself."""
        found, self._connected = self._connected, None
        if found is not None:
            found.host.leave()

    def _on_seen(self, path: Path, found: Seen) -> None:
        replay, goes_on = found
        self._on_read(replay)
        if goes_on and self._shown is replay:
            self._following.begin(path)

    def _on_grown(self, replay: Replay) -> None:
        """Tell what is new; one that has gone back to a checkpoint is drawn anew."""
        shown = self._shown
        if shown is not None and replay.resumptions == shown.resumptions:
            self._left += replay.events[len(shown.events) :]
        else:
            self._shared.history.begin(replay.config)
            self._left = list(replay.events)
        self._shown = replay
        self._tell_on()

    def _on_read(self, replay: Replay) -> None:
        history = self._shared.history
        if not self._shared.training.busy:
            history.begin(replay.config)
            self._left, self._shown = list(replay.events), replay
            self._tell_on()
            if replay.problem:
                trouble = BadInput("run", replay.problem, marked("Its other lines are shown"))
                self._shared.troubles.say(RECORD, trouble)

    @Slot()
    def _tell_on(self) -> None:
        """The next of the events: a long record would hold the window up if it came at once."""
        history = self._shared.history
        now, self._left = self._left[:AT_ONCE], self._left[AT_ONCE:]
        history.tell(now)
        history.restart_clock()
        if self._left:
            self._soon.start()

    @Slot()
    def _leave(self) -> None:
        """Another run begins: of the one before no more is told."""
        self._soon.stop()
        self._following.end()
        self._left, self._shown = [], None

    def _on_checkpoint(self, recorded: Recorded) -> None:
        if recorded.checkpoint.passed_over:
            go_on = partial(self._go_on, recorded)
            self.damaged.emit(recorded.checkpoint, go_on)
        else:
            self._go_on(recorded)

    def _go_on(self, recorded: Recorded) -> None:
        self._shared.draft.use_config(recorded.config)
        if not self._shared.training.busy:
            self._shared.data.when_ready(partial(self._train_on, recorded))

    def _on_no_checkpoint(self, path: Path, iterations: int | None, error: Exception) -> None:
        declined = partial(self._shared.troubles.say, RECORD, error)
        if isinstance(error, Untrusted):
            again = partial(self.go_on, path, iterations)
            self._shared.troubles.untrusted.emit(error, again, declined)
        else:
            declined()

    def _train_on(self, recorded: Recorded, family: TaskFamily) -> None:
        kept, training = recorded.checkpoint, self._shared.training
        training.go_on(recorded.run, kept, recorded.config, family)
        if not training.busy:
            return
        self._shared.history.tell(recorded.events)
        if said := "; ".join(_otherwise(recorded, family)):
            self._shared.troubles.say(RECORD, Finding(f"{recorded.run.path.name}: {said}"))


def _connected(path: Path, report: Report) -> TakenUp:
    from workbench.experiments.hosting.hosted import take_up

    return take_up(path)


def _checkpoint(path: Path, iterations: int | None, report: Report) -> Recorded:
    from workbench.experiments.continuing import to_go_on

    return to_go_on(path, iterations)


def _otherwise(recorded: Recorded, family: TaskFamily) -> Iterator[str]:
    """What is not as it was when the checkpoint was written, in sentences."""
    from workbench.experiments.changes import rate_jump
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.devices import device_of
    from workbench.experiments.record import differences

    kept = recorded.checkpoint
    before = ExperimentConfig.from_json(kept.config)
    yield from filter(
        None,
        (
            differences.changed_data(kept, family),
            differences.changed_packages(kept),
            differences.changed_system(kept, device_of(recorded.config.training.device)),
            rate_jump(kept.iteration, kept.seconds, before, recorded.config),
        ),
    )
