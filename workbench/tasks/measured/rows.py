"""Rows of numbers out of a table: what can be used, and what is left out with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.errors import BadInput, brief, printable
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.tasks.measured.columns import Columns
from workbench.tasks.tables.numbers import is_missing, number_in
from workbench.tasks.tables.table import Row, Table, rows_counted

LARGEST = 1e30
"""Beyond it squares are no numbers any more."""
NAMED = 3
"""Rows at fault that are told by their places."""


@dataclass(frozen=True)
class Numbers:
    """The usable rows of a table, in the order of the file, in the units of the data."""

    x: Tensor
    """``[n, d]``, in double precision."""
    y: Tensor
    """``[n, e]``; NaN where a cell of an output is empty and such rows were asked for."""
    ids: tuple[str, ...]
    splits: tuple[str, ...]
    notes: tuple[Finding, ...] = ()


def numbers_of(table: Table, columns: Columns, where: str, open_too: bool = False) -> Numbers:
    """The rows with a number in every column asked for; with ``open_too`` outputs may be empty.

    Raises `BadInput` at the field ``where`` that names a row and a column where none can be used.
    """
    reading = _Reading(table, columns, open_too)
    found = [row for row in map(reading.row, table.rows) if row is not None]
    if not found:
        raise BadInput(where, _nothing(table, reading.faults), _REMEDY)
    x, y = (torch.tensor([row[part] for row in found], dtype=torch.float64) for part in (0, 1))
    ids, splits = (tuple(str(row[part]) for row in found) for part in (2, 3))
    return Numbers(x, y, ids, splits, tuple(reading.notes()))


_REMEDY = marked("Choose columns of numbers, and write a number in each cell")
_Row = tuple[list[float], list[float], str, str]


class _Reading:
    """Reads row after row, and keeps what was wrong with those that it leaves out."""

    def __init__(self, table: Table, columns: Columns, open_too: bool) -> None:
        self._table, self._open = table, open_too
        self._x, self._y = (
            [(name, table.names.index(name)) for name in names] for names in (columns.x, columns.y)
        )
        self._id, self._split = (
            table.names.index(name) if name else None for name in (columns.id, columns.split)
        )
        self._met: set[tuple[str | float, ...]] = set()
        """Rows of ids: one that stands twice could be in support and query set."""
        self.faults: dict[str, list[str]] = {}
        """What is wrong, and where: row, column and cell."""

    def row(self, row: Row) -> _Row | None:
        try:
            own = "" if self._id is None else printable(row.cells[self._id].strip(), 200)
            if self._id is not None and not own:
                raise _Fault(marked("without an id"), f"row {row.number}")
            x = [self._number(row, name, at) for name, at in self._x]
            y = [self._number(row, name, at, self._open) for name, at in self._y]
            if (own, *x, *y) in self._met:
                raise _Fault(marked("that stand twice"), f"row {row.number}")
        except _Fault as fault:
            self.faults.setdefault(fault.reason, []).append(fault.place)
            return None
        if self._id is not None:
            self._met.add((own, *x, *y))
        return x, y, own, "" if self._split is None else row.cells[self._split].strip()

    def _number(self, row: Row, name: str, at: int, may_lack: bool = False) -> float:
        cell = row.cells[at]
        place = f"row {row.number}, column {brief(name)}"
        if is_missing(cell):
            if may_lack:
                return float("nan")
            raise _Fault(marked("with an empty cell or NaN"), place)
        try:
            value = number_in(cell, self._table.decimal_comma)
        except ValueError as error:
            raise _Fault(marked("with a cell that is no number"), f"{place} {error}") from error
        if abs(value) > LARGEST:
            raise _Fault(marked("with too large a number"), f"{place} is {brief(cell)}")
        return value

    def notes(self) -> Iterator[Finding]:
        text = marked("{0} {1} left out ({2})")
        for reason, places in self.faults.items():
            more = "; …" if len(places) > NAMED else ""
            some = "; ".join(places[:NAMED]) + more
            yield Finding(text.format(rows_counted(len(places)), reason, some))


class _Fault(Exception):
    def __init__(self, reason: str, place: str) -> None:
        super().__init__(reason, place)
        self.reason, self.place = reason, place


def _nothing(table: Table, faults: Mapping[str, Sequence[str]]) -> str:
    first = next(iter(faults.values()))[0]
    return marked("{0} holds no row that can be used: {1}").format(table.path, first)
