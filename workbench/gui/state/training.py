"""The training that the window drives: at most one, on a thread or in a process of its own.

IDLE -> RUNNING <-> PAUSING/PAUSED -> STOPPING -> FINISHED -> (start) RUNNING ...
The states are the runner's own; IDLE stands for "no run yet".
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.state import settings
from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.pump import Pump

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec, TaskFamily
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.devices import Device
    from workbench.experiments.hosting.hosted import HostedTraining, TakenUp
    from workbench.experiments.queue.turn import Begun
    from workbench.experiments.queue.worker import Worker
    from workbench.experiments.session import Learner
    from workbench.experiments.store import Run
    from workbench.experiments.trainer import Training

log = logging.getLogger(__name__)
IDLE = "IDLE"
PLACE = "training/place"
"""The setting that says in which process to train; see `hosting.choosing`."""


class TrainingControl(QObject):
    """`started` comes with each training, `ended` when none will come of itself any more.

    `turned` comes when the turn of an entry of the queue begins or is over.
    """

    eventsArrived = Signal(list)
    stateChanged = Signal()
    started = Signal()
    ended = Signal()
    turned = Signal()

    def __init__(self, troubles: Troubles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._troubles = troubles
        self._training: Training | HostedTraining | None = None
        self._runner: Any = None
        self.spec: ProblemSpec | None = None
        self.family: TaskFamily | None = None
        """What the running, or else the last, training draws from."""
        self.lined_up = False
        """Whether it comes from the queue, so that the form is about something else."""
        self.part = ""
        """Which leg of a race it is; empty where it is no race."""
        self.stopped = False
        """Whether somebody asked for its end."""
        self._pump = Pump(self, alone=_is_beginning)
        self._pump.arrived.connect(self._on_arrived)
        self._pump.stateChanged.connect(self.stateChanged)
        self._pump.finished.connect(self._on_finished)

    @property
    def config(self) -> ExperimentConfig | None:
        """What the running, or else the last, training trains."""
        return None if self._training is None else self._training.config

    @property
    def path(self) -> Path | None:
        return None if self._training is None else self._training.path

    @property
    def device(self) -> Device | None:
        """What computes the running, or else the last, training."""
        return None if self._training is None else self._training.device

    @property
    def is_apart(self) -> bool:
        """Whether what goes on would go on without this process."""
        if not self.busy:
            return False
        from workbench.experiments.hosting.hosted import HostedTraining

        return isinstance(self._training, HostedTraining)

    @property
    def state(self) -> str:
        return self._pump.state or IDLE

    @property
    def busy(self) -> bool:
        """A run is going on, or paused."""
        return self.state not in (IDLE, "FINISHED")

    def start(
        self,
        config: ExperimentConfig,
        family: TaskFamily,
        paused: bool = False,
        weights: Path | None = None,
    ) -> None:
        """Train in a new run, on a prepared family, from the ``weights`` of a file if given."""
        from workbench.experiments.beginning import begun

        self._launch(lambda: begun(config, family, weights=weights), paused, weights)

    def go_on(
        self, run: Run, kept: Checkpoint, config: ExperimentConfig, family: TaskFamily
    ) -> None:
        """Train on from a checkpoint, into the same run; ``config`` may give it another length."""
        from workbench.experiments.trainer import Training

        def make() -> Training:
            training = Training(config, family, run, resume=kept)
            run.claim()
            return training

        self._launch(make)

    def branch(
        self, run: Run, kept: Checkpoint, config: ExperimentConfig, family: TaskFamily
    ) -> None:
        """Train on from a checkpoint with other settings, into a new run."""
        from workbench.experiments import forking

        self._launch(lambda: forking.fork(run, kept, config, family))

    def work_through(self, worker: Worker) -> None:
        """Train what waits in the queue, one after the other."""
        if not self.busy:
            self._training, self.lined_up = None, True
            self._run(worker.items(), worker.request_stop)
            self._pump.watch(self._runner)

    def take_up(self, found: TakenUp, family: TaskFamily) -> None:
        """Watch and drive a training that another window has left; ``family`` is prepared."""
        from workbench.experiments.hosting.hosted import HostedTraining

        if self.busy:
            found.host.leave()
            return
        before = [*found.before, *found.host.drain()]
        self._drive(HostedTraining(found.config, family, found.host), before=before)

    def let_go(self) -> None:
        """What is trained in a process of its own goes on there, without this window."""
        if self.is_apart:
            self._runner.leave()
            self._pump.forget()
            self.stateChanged.emit()

    def _launch(
        self, make: Callable[[], Training], paused: bool = False, weights: Path | None = None
    ) -> None:
        from workbench.experiments.hosting.hosted import placed

        if self.busy:
            return
        try:
            training = make()
        except (BadInput, OSError) as error:
            self._troubles.say("training", error)
            return
        self._drive(placed(training, settings.text(PLACE), weights), paused)

    def _drive(
        self,
        training: Training | HostedTraining,
        paused: bool = False,
        before: Sequence[Any] = (),
    ) -> None:
        """``before`` is what it has told already: it comes at once, and is no news."""
        from workbench.experiments.trainer import Training

        self.lined_up = False
        if isinstance(training, Training):
            self._run(training.events(), training.request_stop)
        else:
            self._begin_with(training.host)
        if paused:
            self._runner.pause()
        self._take(training)
        self._hand_on(list(before))
        self._pump.watch(self._runner)

    def _run(self, items: Iterator[Any], on_stop: Callable[[], None]) -> None:
        from workbench.core.events import Halted, StepDone
        from workbench.experiments.runner import Runner

        runner = Runner(
            items,
            on_stop=on_stop,
            is_step=lambda item: isinstance(item, StepDone),
            is_halt=lambda item: isinstance(item, Halted),
        )
        self._begin_with(runner)

    def _begin_with(self, runner: Any) -> None:
        """A `Runner`, or what has the face of one."""
        self.stopped, self.part = False, ""
        self._runner = runner
        runner.start()

    def _take(self, training: Training | HostedTraining) -> None:
        self._training = training
        self.spec, self.family = training.family.spec, training.family
        self.started.emit()

    @Slot(list)
    def _on_arrived(self, items: list[Any]) -> None:
        """Events go on as they are; what the queue says between them is understood here."""
        from workbench.experiments.queue.turn import Begun
        from workbench.experiments.queue.worker import Ended, Taken

        events: list[Any] = []
        for item in items:
            if not isinstance(item, (Begun, Taken, Ended)):
                events.append(item)
                continue
            self._hand_on(events)
            events = []
            if isinstance(item, Begun):
                self._begin(item)
            else:
                self.turned.emit()
        self._hand_on(events)

    def _begin(self, begun: Begun) -> None:
        self.part = begun.title
        self._take(begun.training)
        self._hand_on(list(begun.before))

    def _hand_on(self, events: list[Any]) -> None:
        if events:
            self.eventsArrived.emit(events)

    def pause(self) -> None:
        if self.busy:
            self._runner.pause()
            self._pump.drain()

    def resume(self) -> None:
        if self.busy:
            self._runner.resume()
            self._pump.drain()

    def try_again(self) -> None:
        """Go on from a halt that the disk has caused: write once more."""
        if self._training is not None:
            self._training.try_again()
        self.resume()

    def save_elsewhere(self, folder: Path) -> None:
        """Let the run that waits go on in another directory; raises `BadInput` or `OSError`."""
        if self._training is not None and self.busy:
            self._training.save_elsewhere(folder)

    def step(self) -> None:
        """One outer step from a pause; while running, pause first."""
        if self.state == "RUNNING":
            self._runner.pause()
        elif self.busy:
            self._runner.step()
        self._pump.drain()

    @property
    def fault(self) -> BaseException | None:
        """What ended it that was no end of a run's."""
        return None if self._runner is None else self._runner.error

    def stop(self) -> None:
        if self.busy:
            self.stopped = True
            self._runner.stop()
            self._pump.drain()

    def snapshot(self) -> Learner | None:
        return None if self._training is None else self._training.snapshot()

    def shut_down(self, seconds: float) -> bool:
        """Stop with a checkpoint, the event loop running; whether the run ended in time."""
        self.stop()
        deadline = time.monotonic() + seconds
        while self.busy and time.monotonic() < deadline:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        return not self.busy

    @Slot()
    def _on_finished(self) -> None:
        if self._runner.error is not None:
            self._troubles.say("training", self._runner.error)
        self.ended.emit()


def _is_beginning(item: Any) -> bool:
    """Of a run of the queue: every view clears for it, after what the last one has told."""
    from workbench.experiments.queue.turn import Begun

    return isinstance(item, Begun)
