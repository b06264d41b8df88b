"""A training in a process of its own, with the part of a `Training`'s face that a window uses."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from workbench.core.algorithm import Algorithm
from workbench.core.events import Evaluated, Event, StepDone
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import Device, device_of
from workbench.experiments.hosting.choosing import Place, is_apart
from workbench.experiments.hosting.order import Order
from workbench.experiments.hosting.process_host import ProcessHost
from workbench.experiments.replay import read_run
from workbench.experiments.session import Learner, build_algorithm
from workbench.experiments.trainer import Training


class HostedTraining:
    """``family`` is prepared here too: the window draws tasks and adapts by itself."""

    def __init__(self, config: ExperimentConfig, family: TaskFamily, host: ProcessHost) -> None:
        self.config, self.family, self.host = config, family, host
        self._watched: Algorithm | None = None
        self._watching = threading.Lock()

    @property
    def path(self) -> Path:
        return self.host.run

    @property
    def device(self) -> Device:
        """The same as there, which is this machine."""
        return device_of(self.config.training.device)

    def snapshot(self) -> Learner | None:
        """As that of a `Training`; from any thread but the window's own."""
        found = self.host.newest()
        if found is None:
            return None
        with self._watching:
            if self._watched is None:
                self._watched = build_algorithm(self.config, self.family)
        iteration, weights = found
        return Learner(self.config, self._watched, weights, iteration, "live", self.path).lent()

    def try_again(self) -> None:
        self.host.try_again()

    def save_elsewhere(self, folder: Path) -> None:
        self.host.save_elsewhere(folder)


def placed(
    training: Training, wished: str, weights: Path | None = None
) -> Training | HostedTraining:
    """A training that has told nothing yet, or the same in a process of its own; see `choosing`."""
    apart = is_apart(training.config, Place.of(wished))
    return moved_out(training, weights) if apart else training


def moved_out(training: Training, weights: Path | None = None) -> HostedTraining:
    """A training that has told nothing yet goes to a process of its own, which is not begun yet."""
    order = Order.of(training, weights)
    host = ProcessHost(order.run, order, training.run.release)
    return HostedTraining(training.config, training.family, host)


@dataclass(frozen=True)
class TakenUp:
    """A run that another window left, connected to; ``before`` is what it told until then."""

    host: ProcessHost
    config: ExperimentConfig
    before: tuple[Event, ...]


def take_up(run: Path) -> TakenUp:
    """Connect to the process that trains a run.

    Raises `BadInput` where it has ended, is of another version, or is driven by another window.
    """
    host = ProcessHost(run)
    host.take_up()
    lately = host.drain()
    try:
        record = read_run(run)
    except BaseException:
        host.leave()
        raise
    recorded = [event for event in record.events if _precedes(event, host.after)]
    return TakenUp(host, record.config, (*recorded, *lately))


def _precedes(event: Event, after: int) -> bool:
    return isinstance(event, (StepDone, Evaluated)) and event.iteration <= after
