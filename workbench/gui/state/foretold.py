"""What some work takes on this machine: measured on a thread once the settings are left alone.

Nothing is measured while something trains, or on data that the window has not prepared itself; what
was measured before is told all the same. The measuring is a process of its own, see
`experiments.forecast.apart`; it ends at once when it is no longer wanted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.gui.state import settings
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.forecast.foretell import Foreteller, Measure
    from workbench.experiments.forecast.outlook import Outlook
    from workbench.experiments.forecast.total import Forecast
    from workbench.gui.state.training import TrainingControl

    Told = Forecast | Outlook
    Question = Callable[[Measure], Told]

KEY = "forecast"
"""The user's setting: whether anything is measured."""
LOOK_MS = 250
STILL_SECONDS = 2.5
NICE = 10
"""The process that measures gives way to the window and to others."""
State = Literal["nothing", "measuring", "later", "known"]


class Foretold(QObject):
    """Asked anew with every change; `changed` comes with every change of `state` or `told`."""

    changed = Signal()

    def __init__(self, training: TrainingControl, parent: QObject) -> None:
        super().__init__(parent)
        self._training = training
        self.state: State = "nothing"
        self.told: Told | None = None
        self._question: Question | None = None
        self._job: Job | None = None
        self._foreteller: Foreteller | None = None
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._begin)
        training.stateChanged.connect(self._on_training)
        self._was_busy = training.busy

    @property
    def outlook(self) -> Outlook | None:
        """What is told of many trainings."""
        return cast("Outlook | None", self.told)

    def ask(self, question: Question | None) -> None:
        """What it takes, given how an experiment is measured; None where nothing can be asked."""
        self._cancel()
        self._question = question
        if question is None or not settings.flag(KEY, True):
            self._look.stop()
            self._tell("nothing", None)
        else:
            self._look.start()

    def close(self) -> None:
        """End the thread, and the process that measures with it."""
        self._look.stop()
        self._cancel()

    @Slot()
    def _on_training(self) -> None:
        """A training takes all of the machine; when it has ended, what waits is measured."""
        if self._training.busy == self._was_busy:
            return
        self._was_busy = self._training.busy
        if self.told is None or self._job is not None:
            self.ask(self._question)

    @Slot()
    def _begin(self) -> None:
        from workbench.experiments.forecast.foretell import Foreteller

        assert self._question is not None
        if self._foreteller is None:
            self._foreteller = Foreteller()
        work = partial(_found, self._question, self._foreteller, not self._training.busy)
        self._job = Job(work, self._on_found, self._on_failed, self._on_measuring, self)

    def _on_measuring(self, message: str, fraction: float) -> None:
        if self.state != "measuring":
            self._tell("measuring", None)

    def _on_found(self, told: Told | None) -> None:
        self._job = None
        self._tell("later" if told is None else "known", told)

    def _on_failed(self, error: Exception) -> None:
        """Start says what is wrong, or the form has said it."""
        self._job = None
        self._tell("nothing", None)

    def _tell(self, state: State, told: Told | None) -> None:
        self.state, self.told = state, told
        self.changed.emit()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None


def _found(question: Question, foreteller: Foreteller, may_measure: bool, report: Report) -> Any:
    """The answer; nothing where it would have to be measured, and may not."""
    from workbench.experiments.forecast.foretell import Unknown

    def alive() -> None:
        report("", 0.0)

    try:
        return question(foreteller.kept)
    except Unknown:
        if not may_measure:
            return None
    until = time.monotonic() + STILL_SECONDS
    while time.monotonic() < until:
        alive()
        time.sleep(0.1)
    return question(partial(foreteller.answer, alive=alive, nice=NICE))
