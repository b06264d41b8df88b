"""The columns that a family of measurements takes, held against what a table has."""

from __future__ import annotations

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.tasks.measured.columns import Columns, recognised
from workbench.tasks.tables.table import Table

MOST_COLUMNS = 1000
"""Inputs, and outputs, that a model is made for."""


def chosen(table: Table, given: Columns) -> Columns:
    """Those that are named or recognised; raises `BadInput` at the field of one at fault."""
    fields = {
        "id_column": [given.id],
        "input_columns": given.x,
        "output_columns": given.y,
        "split_column": [given.split],
    }
    for field, names in fields.items():
        for name in filter(None, names):
            table.column(name, f"task.{field}")
    found = recognised(table.names, table.numeric, given)
    for field, part in (("input_columns", found.x), ("output_columns", found.y)):
        if not 1 <= len(part) <= MOST_COLUMNS:
            there = ", ".join(printable(name, 40) for name in table.names[:20])
            problem = marked("takes {0} columns of {1}, and 1 to {2:,} can be taken; there are {3}")
            raise BadInput(
                f"task.{field}",
                problem.format(len(part), table.path, MOST_COLUMNS, there),
                marked("Name columns of numbers"),
            )
    names = names_of(found)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(
            "task.input_columns",
            marked("{0} is used for more than one thing").format(", ".join(twice)),
            marked("Use each column once"),
        )
    return found


def names_of(columns: Columns) -> tuple[str, ...]:
    """Of all columns that are taken."""
    return tuple(filter(None, (columns.id, *columns.x, *columns.y, columns.split)))
