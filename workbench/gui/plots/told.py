"""What recorded runs have to show in one picture, read beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.gui.state import methods
from workbench.gui.state.series import Array
from workbench.gui.threads.background import Report

if TYPE_CHECKING:
    from workbench.core.curve import Curve
    from workbench.experiments.labbook.entry import Entry

TOKENS = (*(f"run{place}" for place in range(6)), "more0", "more1")
"""The colours of runs in one picture: those of the lab's columns, and two more."""
ITERATIONS, SECONDS, ARITHMETIC = "iterations", "seconds", "arithmetic"
TERA = 1e12


@dataclass(frozen=True)
class Told:
    """What one run has to show: its evaluations on validation, its losses, its last word."""

    title: str
    trains: bool
    iterations: Array
    after: Array
    steps: Array
    seconds: Array
    losses: Array
    operations: float | None
    """Of one outer step, where they were counted."""
    last: Curve
    """On the test split where it was measured, else the best on validation."""

    def along(self, iterations: Array, over: str) -> Array:
        """Where iterations stand on another axis."""
        if over == SECONDS and len(self.steps):
            steps, seconds = (np.append(0.0, side) for side in (self.steps, self.seconds))
            return np.asarray(np.interp(iterations, steps, seconds), dtype=np.float64)
        if over == ARITHMETIC:
            return iterations * (self.operations or np.nan) / TERA
        return iterations


def read_told(runs: list[Entry], report: Report) -> list[Told]:
    """What the runs have told; unmeasured ones are left out."""
    from workbench.experiments.labbook import comparing

    names = comparing.legends(runs)
    return [one for run, name in zip(runs, names, strict=True) if (one := _told(run, name))]


def _told(run: Entry, name: str) -> Told | None:
    from workbench.experiments.labbook.comparing import operations
    from workbench.experiments.replay import read_run

    replay = read_run(run.path)
    config, seen, last, steps = replay.config, replay.validations, replay.last, replay.steps
    if not seen or last is None:
        return None
    return Told(
        title=name,
        trains=methods.trains(config),
        iterations=np.array([float(event.iteration) for event in seen]),
        after=np.array([event.curve.after for event in seen]),
        steps=np.array([float(step.iteration) for step in steps]),
        seconds=np.array([step.seconds for step in steps]),
        losses=np.array([step.query_loss for step in steps]),
        operations=operations(run),
        last=last,
    )
