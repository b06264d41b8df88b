"""Rows of one's own from tables that have the columns a learner was trained with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.units import Units
from workbench.tasks.measured.columns import Columns
from workbench.tasks.measured.rows import Numbers, numbers_of
from workbench.tasks.tables.table import Table, read_table


def joined(files: Sequence[Path], units: Units, most: int) -> Numbers:
    """The rows of all files; a missing output is NaN. Raises `BadInput` that names the file."""
    parts = [_of(file, units) for file in files]
    found = Numbers(
        torch.cat([part.x for part in parts]), torch.cat([part.y for part in parts]), (), ()
    )
    if len(found.x) > most:
        raise BadInput(
            "--support",
            marked("holds {0:,} rows").format(len(found.x)),
            marked("Give at most {0:,}").format(most),
        )
    return found


def _of(file: Path, units: Units) -> Numbers:
    where = str(file)
    table = read_table(file, where, wanted=units.x.names)
    columns = Columns("", units.x.names, units.y.names, "")
    if not table.headed:
        columns = _by_place(table, units)
    for name in columns.x:
        table.column(name, where)
    missing = [name for name in columns.y if name not in table.names]
    if len(missing) == len(columns.y):
        table = _with_empty(table, columns.y)
    for name in columns.y:
        table.column(name, where)
    return numbers_of(table, columns, where, open_too=True)


def _by_place(table: Table, units: Units) -> Columns:
    """Without names: inputs first, then outputs, and nothing else."""
    inputs, outputs = len(units.x.names), len(units.y.names)
    if len(table.names) not in (inputs, inputs + outputs):
        raise BadInput(
            str(table.path),
            marked("has no names and {0} columns").format(len(table.names)),
            marked("Name the columns {0}").format(", ".join((*units.x.names, *units.y.names))),
        )
    return Columns("", table.names[:inputs], table.names[inputs:] or units.y.names, "")


def _with_empty(table: Table, names: Sequence[str]) -> Table:
    """With columns that are empty, for rows that are all asked."""
    rows = tuple(row._replace(cells=[*row.cells, *[""] * len(names)]) for row in table.rows)
    return Table(table.path, (*table.names, *names), rows, table.delimiter, True, table.notes)
