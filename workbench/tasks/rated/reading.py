"""Ratings of the user's own: what of a table can be used, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.rated.columns import Columns, chosen
from workbench.tasks.rated.table import RatingTable, table_of
from workbench.tasks.tables.numbers import is_missing, number_in
from workbench.tasks.tables.table import read_table, rows_counted

NAMED = 3
"""Rows of a kind of fault that are told by their numbers."""


class Read(NamedTuple):
    """A table whose users and items are called as the file calls them."""

    table: RatingTable
    notes: tuple[str, ...]


@dataclass
class Faults:
    """What could not be used: numbers of rows by what is wrong with them."""

    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, row: int) -> None:
        self.rows.setdefault(what, []).append(row)

    def told(self) -> Iterator[Finding]:
        for what, rows in self.rows.items():
            some = ", ".join(str(row) for row in rows[:NAMED])
            more = ", …" if len(rows) > NAMED else ""
            text = marked("{0} left out: {1} (in row {2})")
            yield Finding(text.format(rows_counted(len(rows)), what, some + more))


def read(root: Path, columns: Columns, scale: tuple[float, float], report: Report) -> Read:
    """What can be used of a file; raises `BadInput` where that is nothing."""
    report("Reading ratings", 0.0)
    table = read_table(root, "task.root", wanted=[name for name in columns if name])
    at, faults = chosen(table, columns), Faults()
    users, items = dict[str, int](), dict[str, int]()
    stars = dict[tuple[int, int], tuple[float, int]]()
    for number, cells in table.rows:
        found = _usable([cells[place].strip() for place in at], scale)
        if isinstance(found, str):
            faults.add(found, number)
            continue
        user, item, given = found
        pair = users.setdefault(user, len(users)), items.setdefault(item, len(items))
        if pair in stars:
            faults.add(marked("the same user rates the same item again below"), stars[pair][1])
        stars[pair] = given, number
    notes = (*table.notes, *faults.told())
    if not stars:
        raise BadInput(
            "task.root",
            marked("{0} holds no rating that can be used ({1})").format(root, "; ".join(notes)),
            marked("Set lowest and highest to the ends of its scale, or correct its rows"),
        )
    rows = [(user, item, given) for (user, item), (given, _) in stars.items()]
    return Read(table_of(tuple(users), tuple(items), rows), notes)


def _usable(cells: list[str], scale: tuple[float, float]) -> tuple[str, str, float] | str:
    """User, item and stars; else what is wrong with the row."""
    user, item, cell = cells
    if not user or not item:
        return marked("no user or no item")
    if is_missing(cell):
        return marked("no rating")
    try:
        value = number_in(cell, decimal_comma=True)
    except ValueError:
        return marked("the rating is no number")
    low, high = scale
    if not low <= value <= high:
        return marked("the rating is not on the scale from {0:g} to {1:g}").format(low, high)
    return user, item, value
