"""Every task at every step as the rows of a table, for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from torch import Tensor

from workbench.core.files import write_atomically
from workbench.experiments.tasks_seen.seen import Seen

Row = list[str | int | float]


def rows(seen: Seen, traits: Mapping[str, Tensor]) -> Iterator[Row]:
    """A heading, then a row a task and step; tasks count from 0 in the order of their drawing.

    Accuracy is a share of 1. Classes stand label by label, with a bar between them; ``traits`` are
    of `difficulty.traits`.
    """
    columns = {seen.metric: seen.values, "query_loss": seen.query_loss}
    if seen.support_loss is not None:
        columns["support_loss"] = seen.support_loss
    yield ["task", "split", "seed", "transductive", "step", *columns, "classes", *traits]
    for task in range(seen.tasks):
        names = " | ".join(seen.classes[task]) if seen.classes else ""
        own = [float(values[task]) for values in traits.values()]
        for step in range(seen.last + 1):
            told: Row = [task, seen.split, seen.seed, int(seen.transductive), step]
            numbers = [float(values[task, step]) for values in columns.values()]
            yield [*told, *numbers, names, *own]


def write_rows(table: Iterable[Row], file: Path) -> None:
    """As CSV; raises `CannotWrite`."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    write_atomically(file, text.getvalue().encode())
