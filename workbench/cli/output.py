"""What a person reads in the terminal. Progress goes to standard error, results to standard out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from workbench.core.errors import BadInput, printable
from workbench.core.events import CheckpointSaved, Evaluated, Event, Finished, Preparing, StepDone
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import opened
from workbench.experiments.session import build_family


class Progress:
    """A progress bar with the newest losses, and a line for every evaluation."""

    def __init__(self, config: ExperimentConfig) -> None:
        # In a log file a bar that moves ten times a second is only noise.
        self._timed = config.training.seconds > 0
        self._bar = tqdm(
            total=config.training.seconds or config.training.iterations,
            unit="s" if self._timed else "it",
            file=sys.stderr,
            dynamic_ncols=True,
            mininterval=0.1 if sys.stderr.isatty() else 10.0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def show(self, event: Event) -> None:
        match event:
            case StepDone():
                done = round(event.seconds, 1) if self._timed else event.iteration
                self._bar.update(done - self._bar.n)
                self._bar.set_postfix(query_loss=f"{event.query_loss:.3f}", refresh=False)
            case Evaluated(curve=curve):
                star = " *" if event.best else ""
                self.say(
                    f"{event.iteration:>7}  {curve.split} {curve.metric} "
                    f"{number(curve.metric, curve.before)} -> {number(curve.metric, curve.after)} "
                    f"± {number(curve.metric, curve.ci95[-1])} ({curve.tasks} tasks){star}"
                )
            case Preparing():
                self.say(event.message)
            case CheckpointSaved() | Finished():
                pass

    def say(self, line: str) -> None:
        self._bar.write(line, file=sys.stderr)


def prepared_family(config: ExperimentConfig) -> TaskFamily:
    """The task family with its data ready; a bar where that takes time, then its notes."""
    family = build_family(config)
    layout = "{desc}: {percentage:3.0f}%"
    with tqdm(total=1.0, file=sys.stderr, delay=0.5, bar_format=layout) as bar:

        def report(message: str, fraction: float) -> None:
            bar.set_description(message, refresh=False)
            bar.update(fraction - bar.n)

        family.prepare(report)
    for note in family.notes():
        print(f"note: {printable(note)}", file=sys.stderr)
    return family


def opened_family(config: ExperimentConfig, what: str, remedy: str) -> TaskFamily:
    """The data of a run or scene that is opened: nothing is fetched for it.

    Raises `BadInput` that says what ``what`` lacks, and the ``remedy``.
    """
    try:
        return prepared_family(opened(config))
    except BadInput as problem:
        if problem.where != "task.root":
            raise
        data = get("task", config.task.name).title
        raise BadInput(
            what, f"needs the data {data}: {problem.problem}; nothing is fetched for it", remedy
        ) from problem


def number(metric: str, value: float) -> str:
    """Accuracy in percent, errors with four digits."""
    return f"{100 * value:.1f} %" if metric == "accuracy" else f"{value:.4g}"


def interval(metric: str, mean: float, ci95: float) -> str:
    """``84.0 ± 0.8 %`` or ``0.41 ± 0.02``."""
    if metric == "accuracy":
        return f"{100 * mean:.1f} ± {100 * ci95:.1f} %"
    return f"{mean:.3g} ± {ci95:.2g}"


def print_curve(metrics: dict[str, Any]) -> None:
    """The table of adaptation: the metric at step 0..k, mean ± 95 % confidence interval."""
    name = metrics["name"]
    mode = "transductive" if metrics["transductive"] else "not transductive"
    print(f"\n{name} on {metrics['tasks']} {metrics['split']} tasks ({mode})")
    rows = [
        (str(step["step"]), number(name, step["mean"]), f"± {number(name, step['ci95'])}")
        for step in metrics["steps"]
    ]
    print_table(("step", name, "95 % CI"), rows)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the first one left-aligned."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join(cells).rstrip())
