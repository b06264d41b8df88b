"""The measurements that a run keeps, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli.numbers import measured
from workbench.cli.output import SPLITS
from workbench.cli.table import print_table
from workbench.core.curve import Measure
from workbench.experiments.scores import Kept, kept_of


def listed(run: Path) -> list[dict[str, Any]]:
    """For ``--json``: newest first; a damaged one with its problem."""
    return [_told(kept) for kept in kept_of(run)]


def print_evaluations(run: Path) -> None:
    kept = kept_of(run)
    if not kept:
        return
    terminal.write("\nMeasurements kept in evaluations/, newest first")
    print_table(("file", "tasks", "data", "seed", "result, 95 % CI"), [_row(one) for one in kept])


def _row(kept: Kept) -> tuple[str, ...]:
    if kept.problem:
        return kept.file.name, "", "", "", kept.problem
    metrics = kept.metrics
    tasks = f"{metrics['tasks']:,} {SPLITS[metrics['split']]}"
    result = measured(metrics["name"], *Measure.of(metrics["steps"][-1]))
    return kept.file.name, tasks, _data(kept), str(kept.seed), result


def _data(kept: Kept) -> str:
    if not kept.data:
        return str((kept.asked or {}).get("root", "")) or "own"
    return " ".join(str(kept.data[name]) for name in ("family", "root") if kept.data.get(name))


def _told(kept: Kept) -> dict[str, Any]:
    return {
        "file": str(kept.file),
        "seed": kept.seed,
        "variant": kept.variant,
        "data": kept.data,
        "iteration": kept.iteration,
        "metrics": kept.metrics or None,
        "problem": kept.problem,
    }
