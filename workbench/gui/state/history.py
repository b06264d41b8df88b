"""What a run has told so far, as numbers ready to draw: fed with events, read by every view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.state import methods
from workbench.gui.state.pace import Pace
from workbench.gui.state.series import Series
from workbench.gui.state.validations import Validations

if TYPE_CHECKING:
    from workbench.core.curve import Curve
    from workbench.core.events import Evaluated, Finished, Preparing, StepDone
    from workbench.experiments.config import ExperimentConfig


class History(QObject):
    """`began` comes with another run, `told` with events, which are then among the numbers.

    Columns of ``steps``: iteration, support loss, query loss, metric, gradient norm, seconds.
    Columns of ``evaluations``: iteration, before, the ends of its CI, after, the ends of its CI,
    and the median after; NaN where there is none.
    """

    began = Signal()
    told = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.steps = Series(6)
        self.evaluations = Series(8)
        self.validations = Validations()
        self._forget(None)

    def begin(self, config: ExperimentConfig | None) -> None:
        """Forget everything: another run begins."""
        self._forget(config)
        self.began.emit()

    @Slot(list)
    def tell(self, events: list[Any]) -> None:
        """Events of the run, as they come or all at once from its record."""
        self.take(events)
        self.told.emit(events)

    def _forget(self, config: ExperimentConfig | None) -> None:
        self.config = config
        self.steps.clear()
        self.evaluations.clear()
        self.validations.clear()
        self.first: Curve | None = None
        self.newest: Curve | None = None
        self.test: Curve | None = None
        self.best: Evaluated | None = None
        self.finished: Finished | None = None
        self.iteration = 0
        self.preparing: Preparing | None = None
        """The engine is made ready: no step was taken yet."""
        self.pace = Pace()
        self.acted = 0
        """Steps in environments so far, where a policy acts; evaluations are not counted."""
        self.acted_rate = 0.0
        """Of them a second of training."""

    def take(self, events: list[Any]) -> None:
        """Events of any kind, in order."""
        from workbench.core import events as kinds

        steps: list[StepDone] = []
        for event in events:
            if isinstance(event, kinds.StepDone):
                steps.append(event)
            elif isinstance(event, kinds.Preparing):
                self.preparing = event
            elif isinstance(event, kinds.Evaluating):
                self._take_steps(steps)
                steps = []
                self.pace.take_evaluating(event)
            elif isinstance(event, kinds.Evaluated):
                self._take_evaluation(event)
            elif isinstance(event, kinds.Finished):
                self.finished, self.preparing = event, None
        self._take_steps(steps)

    @Slot()
    def restart_clock(self) -> None:
        """Training pauses or goes on: speed is measured anew."""
        self.pace.restart()

    @property
    def total(self) -> int:
        """Outer steps there are to take; floors take none."""
        if self.config is None or not methods.trains(self.config):
            return 0
        return int(self.config.training.iterations)

    @property
    def rate(self) -> float:
        """Outer steps a second, evaluations not counted."""
        return self.pace.rate

    @property
    def seconds_left(self) -> float:
        """Until the run has ended, its validations and its test included; NaN while not known."""
        if self.config is None:
            return math.nan
        spent = float(self.steps.column(5)[-1]) if len(self.steps) else 0.0
        return self.pace.left(self.config.training, self.total, self.iteration, spent)

    def _take_steps(self, steps: list[StepDone]) -> None:
        if not steps:
            return
        self.steps.extend([_row(step) for step in steps])
        self.iteration = steps[-1].iteration
        self._take_acted(steps[-1])
        self.preparing = None
        self.pace.take_steps(self.iteration)

    def _take_acted(self, step: StepDone) -> None:
        if step.acted is not None:
            self.acted = step.acted.steps
            self.acted_rate = self.acted / step.seconds if step.seconds else 0.0

    def _take_evaluation(self, event: Evaluated) -> None:
        curve = event.curve
        if curve.split == "test":
            self.test = curve
            return
        self.validations.take(event)
        self.first = self.first or curve
        self.newest = curve
        self.best = event if event.best else self.best
        before, after = curve.measure(0), curve.measure(-1)
        median = math.nan if after.median is None else after.median
        ends = (before.mean, *before.ends, after.mean, *after.ends)
        self.evaluations.extend([(event.iteration, *ends, median)])


def _row(step: StepDone) -> tuple[float, ...]:
    losses = (step.support_loss, step.query_loss, step.query_metric)
    return (step.iteration, *losses, step.gradient_norm, step.seconds)
