"""How well the window foretells the end of a run.

    python benchmarks/eta.py [PRESET] [section.field=value ...]

The events of a real training pass through the window's own `History`, at the pace of its pump;
each estimate is compared with what the rest of the run then took.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from workbench.experiments import catalog
from workbench.experiments.runner import Runner, State
from workbench.experiments.session import build_family
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.gui.state.history import History
from workbench.gui.threads.pump import INTERVAL_MS


def main(preset: str, changes: dict[str, dict[str, Any]]) -> None:
    catalog.load()
    config = catalog.preset(preset).config.replaced(changes)
    family = build_family(config)
    family.prepare(lambda message, fraction: None)
    with tempfile.TemporaryDirectory() as folder:
        told, ended = _watched(Training(config, family, Run.create(config, Path(folder) / "run")))
    _print(told, ended)


def _watched(training: Training) -> tuple[list[tuple[float, int, str, float]], float]:
    """Moment, iteration, what goes on, and seconds left as shown."""
    history, told = History(), []
    history.begin(training.config)
    runner = Runner(training.events())
    began = time.monotonic()
    runner.start()
    while runner.state is not State.FINISHED:
        time.sleep(INTERVAL_MS / 1000)
        history.take(runner.drain())
        going = history.pace.evaluating
        doing = going.split if going is not None else "train"
        moment = time.monotonic() - began
        told.append((moment, history.iteration, doing, history.seconds_left))
    return told, time.monotonic() - began


def _print(told: list[tuple[float, int, str, float]], ended: float) -> None:
    print(f"the run took {ended:.1f} s")
    known = [row for row in told if row[3] == row[3]]
    print(f"first estimate after {known[0][0]:.1f} s, at iteration {known[0][1]}")
    print("  after  iteration  doing   shown   true   error")
    for share in (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        after, iteration, doing, shown = known[int(share * len(known))]
        true = ended - after
        row = f"{after:7.1f} {iteration:10} {doing:>6} {shown:7.1f} {true:6.1f}"
        print(f"{row} {shown / true - 1:+7.1%}")
    errors = [abs(left / (ended - after) - 1) for after, _, _, left in known if ended - after > 2]
    within = sum(error <= 0.2 for error in errors) / len(errors)
    print(f"within 20 % of the truth: {within:.1%} of {len(errors)} estimates (last 2 s left out)")


if __name__ == "__main__":
    given: dict[str, dict[str, Any]] = {}
    for text in sys.argv[2:]:
        path, _, value = text.partition("=")
        section, _, field = path.partition(".")
        given.setdefault(section, {})[field] = value
    main(sys.argv[1] if len(sys.argv) > 1 else "glyphs", given)
