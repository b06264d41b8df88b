"""Validation accuracy against hours: kept while a run trains, over all its sessions.

A line of a table for each validation and for the end of each session: what it came to, and what it
had cost by then, in hours by the clock and of processor time (of all threads, and of nobody else).
"""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from workbench.cli.numbers import measured
from workbench.core.curve import Measure

HOUR = 3600.0


@dataclass(frozen=True)
class Moment:
    """Where a training stood. Hours leave out what lay between two sessions."""

    hours: float
    cpu_hours: float
    iteration: int
    mean: float | None = None
    """Over validation tasks; nothing where a session ended without measuring."""
    ci95: float | None = None


class Clock:
    """Writes the moments of one session behind those of the sessions before it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = moments(path)
        before = kept[-1] if kept else Moment(0, 0, 0)
        self._hours = before.hours - time.perf_counter() / HOUR
        self._cpu_hours = before.cpu_hours - time.process_time() / HOUR
        if not kept:
            self._append([field.name for field in fields(Moment)])

    def note(self, iteration: int, measured: Measure | None = None) -> None:
        hours = self._hours + time.perf_counter() / HOUR
        cpu_hours = self._cpu_hours + time.process_time() / HOUR
        mean, ci95 = measured[:2] if measured else (None, None)
        self._append(astuple(Moment(hours, cpu_hours, iteration, mean, ci95)))

    def _append(self, cells: Sequence[object]) -> None:
        with self._path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(cells)


def moments(path: Path) -> list[Moment]:
    """What was kept so far; nothing where no session has begun."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_moment(*cells) for cells in list(csv.reader(file))[1:]]


def as_table(kept: Sequence[Moment]) -> str:
    """Markdown; accuracies in per cent. The ends of sessions are left out."""
    rows = ["| hours | CPU hours | iterations | validation |", "|---" * 4 + "|"]
    for moment in kept:
        if moment.mean is not None and moment.ci95 is not None:
            told = measured("accuracy", moment.mean, moment.ci95)
            times = f"{moment.hours:.2f} | {moment.cpu_hours:.2f}"
            rows.append(f"| {times} | {moment.iteration:,} | {told} |")
    return "\n".join(rows)


def _moment(hours: str, cpu_hours: str, iteration: str, mean: str, ci95: str) -> Moment:
    measured = (float(mean), float(ci95)) if mean else (None, None)
    return Moment(float(hours), float(cpu_hours), int(iteration), *measured)
