"""What a person reads in the terminal. Progress goes to standard error, results to standard out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from workbench import terminal
from workbench.cli.meters import meter
from workbench.cli.numbers import change, measured_alike, medians, number, ruled_sentence
from workbench.cli.table import print_table, print_text
from workbench.core.curve import Measure
from workbench.core.errors import BadInput
from workbench.core.events import (
    CheckpointSaved,
    Evaluated,
    Evaluating,
    Event,
    Finished,
    Halted,
    Noticed,
    Preparing,
    StepDone,
)
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import opened
from workbench.experiments.session import build_family

SPLITS = {"train": "training", "val": "validation", "test": "test"}
"""The splits as a person calls them."""
WORTH_SAYING_SECONDS = 0.5


class Progress:
    """How far a training has come, with the newest loss, and a line for every evaluation.

    A sink; see `experiments.sinks`.
    """

    title = "The terminal"

    def __init__(self, config: ExperimentConfig) -> None:
        training = config.training
        self._metric = get("task", config.task.name).build(config.task).spec.metric
        self._timed = training.seconds > 0
        total = training.seconds or training.iterations
        self._meter = meter(total, "seconds" if self._timed else "iterations")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def take(self, event: Event) -> None:
        match event:
            case StepDone():
                done = round(event.seconds, 1) if self._timed else event.iteration
                self._meter.update(done, _newest(event, self._metric))
            case Evaluated(curve=curve):
                told = change(curve.metric, curve.measure(0), curve.measure(-1))
                best = ", best so far" if event.best and curve.split == "val" else ""
                self.say(
                    f"{event.iteration:>7,}  {SPLITS[curve.split]} {curve.metric} {told} "
                    f"({curve.tasks:,} tasks{best})"
                )
            case Preparing() | Halted() | Noticed():
                self.say(event.message)
            case Evaluating() | CheckpointSaved() | Finished():
                pass

    def say(self, line: str) -> None:
        self._meter.say(line)

    def close(self) -> None:
        self._meter.close()


Build = Callable[[ExperimentConfig], TaskFamily]


def prepared_family(config: ExperimentConfig, build: Build = build_family) -> TaskFamily:
    """The task family with its data ready; how far, where that takes time, then its notes."""
    family = build(config)
    began, watch = time.monotonic(), meter(100, "%")

    def report(message: str, fraction: float) -> None:
        if time.monotonic() - began > WORTH_SAYING_SECONDS:
            watch.update(round(100 * fraction), message)

    try:
        family.prepare(report)
    finally:
        watch.close()
    for note in family.notes():
        terminal.note(note)
    for warning in family.warnings():
        terminal.note(f"Warning: {warning}")
    return family


def opened_family(
    config: ExperimentConfig, what: str, remedy: str, build: Build = build_family
) -> TaskFamily:
    """The data of a run or scene that is opened: nothing is fetched for it.

    Raises `BadInput` that says what ``what`` lacks, and the ``remedy``.
    """
    try:
        return prepared_family(opened(config), build)
    except BadInput as problem:
        if problem.where != "task.root":
            raise
        data = get("task", config.task.name).title
        raise BadInput(
            what,
            marked("needs the data {0}: {1}; nothing is fetched for it").format(
                data, problem.problem
            ),
            remedy,
        ) from problem


def protocol(metrics: Mapping[str, Any]) -> str:
    """Which kind of prediction and of classes a number stands for."""
    mode = "transductive" if metrics["transductive"] else "not transductive"
    seen = metrics.get("seen_classes", False)
    return f"{mode}, of classes that were trained on" if seen else mode


def _newest(step: StepDone, metric: str) -> str:
    """Its query loss or, where items are met by acting, what was earned and how fast."""
    if step.acted is None:
        return f"query loss {number('loss', step.query_loss)}"
    before, after = (number(metric, n) for n in (step.acted.metric_before, step.query_metric))
    speed = step.acted.steps / step.seconds if step.seconds else 0.0
    return f"{metric} {before} → {after}, {step.acted.steps:,} steps, {speed:,.0f}/s"


def print_curve(metrics: dict[str, Any], whose: str = "") -> None:
    """The table of adaptation: the metric at step 0..k, its mean with a 95 % interval, its median.

    Below it a sentence where a few tasks make most of the last mean. ``whose`` stands before the
    heading.
    """
    name, steps = metrics["name"], metrics["steps"]
    mode = protocol(metrics)
    heading = f"{name} on {metrics['tasks']:,} {SPLITS[metrics['split']]} tasks ({mode})"
    terminal.write(f"\n{whose}{heading}")
    values = [Measure.of(step) for step in steps]
    columns = (measured_alike(name, values), medians(name, values), _middles(name, steps))
    rows = [(str(step["step"]), *cells) for step, *cells in zip(steps, *columns, strict=True)]
    print_table(("step", f"{name}, 95 % CI", "median", "middle half"), rows)
    if bounds := metrics.get("bounds"):
        print_text(", ".join(f"{what} {number(name, value)}" for what, value in bounds.items()))
    if sentence := ruled_sentence(name, metrics):
        terminal.write()
        print_text(sentence)


def _middles(metric: str, steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Between which two values the middle half of the tasks lies."""
    return [
        " to ".join(number(metric, float(step[end])).removesuffix(" %") for end in ("q25", "q75"))
        if step.get("q25") is not None
        else ""
        for step in steps
    ]
