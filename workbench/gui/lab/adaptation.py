"""Runs ``learner.adapt`` on a thread of its own: the newest request wins, an older one is dropped.

A runner that is replaced is never read again, so a stale step cannot reach the screen.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.threads.pump import Pump

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.core.task import Task
    from workbench.experiments.runner import Runner
    from workbench.experiments.session import Learner

INTERVAL_MS = 8


@dataclass(frozen=True)
class Request:
    """Which weights are adapted to which task, and for how many inner steps."""

    learner: Learner
    task: Task
    steps: int


@dataclass(frozen=True)
class Failure:
    """What an adaptation raised; it travels the same way as the steps."""

    error: Exception


class Adaptation(QObject):
    """`arrived` carries new steps in order, then `finished` or `failed` comes once."""

    arrived = Signal(list)
    finished = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner: Runner[AdaptStep | Failure] | None = None
        self._failed = False
        self.turn = threading.Lock()
        """Held by whoever computes with the learner looked at."""
        self._pump = Pump(self, INTERVAL_MS)
        self._pump.arrived.connect(self._on_items)
        self._pump.finished.connect(self._on_end)

    @property
    def busy(self) -> bool:
        return self._runner is not None

    def start(self, request: Request) -> None:
        """Cancel what is going on and adapt to ``request``."""
        from workbench.experiments.runner import Runner

        self.cancel()
        self._failed = False
        self._runner = Runner(_steps(request, self.turn))
        self._pump.watch(self._runner)
        self._runner.start()

    def cancel(self) -> None:
        """Forget the runner; its thread ends after the inner step it is in."""
        self._pump.forget()
        if self._runner is not None:
            self._runner.stop()
        self._runner = None

    @Slot(list)
    def _on_items(self, items: list[AdaptStep | Failure]) -> None:
        steps = [item for item in items if not isinstance(item, Failure)]
        failures = [item for item in items if isinstance(item, Failure)]
        runner = self._runner
        if steps:
            self.arrived.emit(steps)
        if failures and self._runner is runner:
            self._failed = True
            self.failed.emit(failures[0].error)

    @Slot()
    def _on_end(self) -> None:
        self._runner = None
        if not self._failed:
            self.finished.emit()


def _steps(request: Request, turn: threading.Lock) -> Iterator[AdaptStep | Failure]:
    """One step at a time, and only one thread at a time: a step lends its fast weights to the
    learner's module, and a cancelled adaptation may still be in the middle of one.

    One intra-operator thread: a task is small, a training may use the other cores, and waiting
    for a second thread on a busy machine costs more than it gives.
    """
    import torch

    try:
        torch.set_num_threads(1)
        steps = request.learner.adapt(request.task.episode(), request.steps)
        while True:
            with turn:
                step = next(steps, None)
            if step is None:
                return
            yield step
    except Exception as error:
        yield Failure(error)
