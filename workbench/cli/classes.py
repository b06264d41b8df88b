"""What ``evaluate`` says class by class, and writes of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli.outputs import write_csv
from workbench.cli.table import print_table
from workbench.core.algorithm import Scores
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.measuring import Measurement
from workbench.experiments.tasks_seen.by_class import (
    ByClass,
    by_class,
    class_rows,
    confusion_rows,
)
from workbench.experiments.tasks_seen.seen import Seen, seen_now, with_classes
from workbench.experiments.tasks_seen.table import Row

HARDEST = 10
"""Classes that the terminal shows."""
_TABLES: dict[str, Callable[[ByClass], Iterator[Row]]] = {
    "classes_csv": class_rows,
    "confusion_csv": confusion_rows,
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--classes-csv",
        type=Path,
        metavar="FILE",
        help="write every class as a table: items, right, accuracy with interval, most confused "
        "with",
    )
    parser.add_argument(
        "--confusion-csv",
        type=Path,
        metavar="FILE",
        help="write what the items of each class were taken for, over the classes of the data",
    )


def told(
    given: argparse.Namespace, asked: Measurement, curve: Curve, scores: Scores
) -> dict[str, Any]:
    """Print the hardest classes and write what is asked for; raises `BadInput`."""
    found = by_class(_seen(asked, curve, scores))
    wanted = {name: file for name in _TABLES if (file := getattr(given, name)) is not None}
    if found is None:
        for name in wanted:
            raise BadInput(
                _flag(name),
                marked("{0} has no classes that tasks share").format(asked.config.task.name),
                marked("Leave the flag out"),
            )
        return {}
    print_hardest(found)
    for name, file in wanted.items():
        write_csv(_TABLES[name](found), file, _flag(name))
    return {name: str(file) for name, file in wanted.items()}


def print_hardest(found: ByClass) -> None:
    shown = found.results[:HARDEST]
    terminal.write(f"\nHardest classes, {len(shown)} of {len(found.results):,}, after adapting")
    rows = [
        (
            one.name,
            f"{one.right:,} of {one.items:,}",
            f"{100 * one.accuracy:.1f} [{100 * one.low:.1f}, {100 * one.high:.1f}] %",
            f"{one.confused_with} ({one.confused:,})" if one.confused_with else "",
        )
        for one in shown
    ]
    print_table(("class", "right", "accuracy, 95 % CI", "most confused with"), rows)


def _seen(asked: Measurement, curve: Curve, scores: Scores) -> Seen:
    return with_classes(seen_now(curve, scores, asked.seed), asked.classes)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
