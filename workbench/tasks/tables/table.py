"""A table of the user's own as it was read: names of columns, rows, and what was left out.

table = read_table(path, "task.root")      # findings in table.notes
at = table.column("rating", "task.rating_column")
for number, row in table.rows:             # as many cells as there are names
    value = number_in(row[at], table.decimal_comma)
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal, NamedTuple

from workbench.core.errors import BadInput, brief, printable
from workbench.core.files import open_handle, read_file
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.tasks.tables.encoding import WESTERN, Decoded, decoded
from workbench.tasks.tables.numbers import is_missing, is_number
from workbench.tasks.tables.rows import LOOKED_AT, OFFERED, cells, delimiter_of, lines

MAX_BYTES = 256 * 2**20
HEAD_BYTES = 2**18
SUFFIXES = (".csv", ".tsv", ".tab", ".data", ".txt")
"""Of files that may hold a table."""
REMEDY = marked("Give a CSV or TSV file with a row for each item")
NAMED = 3
"""Of rows at fault that are told by their numbers."""
Heading = Literal["recognised", "names", "values"]
"""Whether the first row has the names of the columns."""


class Row(NamedTuple):
    number: int
    """Of its last line in the file, from 1."""
    cells: list[str]


@dataclass(frozen=True)
class Table:
    path: Path
    names: tuple[str, ...]
    """Of the columns, each once; ``column 1`` and so on where the file names none."""
    rows: tuple[Row, ...]
    delimiter: str
    headed: bool
    notes: tuple[str, ...] = ()

    @property
    def decimal_comma(self) -> bool:
        """Whether a comma within a cell can only be a decimal one."""
        return self.delimiter != ","

    @property
    def numeric(self) -> frozenset[str]:
        """Columns whose first cells are numbers, but for a few: those are faults, and not words."""
        first = [row.cells for row in self.rows[:LOOKED_AT]]
        return frozenset(
            name for at, name in enumerate(self.names) if _numbers([row[at] for row in first])
        )

    def column(self, name: str, where: str) -> int:
        """The place of a column; raises `BadInput` at the field ``where`` that names others."""
        if name in self.names:
            return self.names.index(name)
        there = ", ".join(printable(other, 40) for other in self.names[:20])
        raise BadInput(
            where,
            marked("{0} has no column {1}; its columns are {2}").format(
                self.path, brief(name), there
            ),
            marked("Name one of them"),
            *(Mend(where, other) for other in self.names[:OFFERED]),
        )


def read_table(
    path: Path, where: str, heading: Heading = "recognised", wanted: Collection[str] = ()
) -> Table:
    """A whole table; raises `BadInput` at the field ``where`` for what holds no row.

    Cells are parted by tabs, semicolons, bars or commas, whichever makes rows alike; ``wanted``
    names settle it where they stand in the first row. Rows of another length than the heading are
    left out and counted in ``notes``; empty cells at the end of a row are none.
    """
    return _table(path, decoded(read_file(path, MAX_BYTES, where, REMEDY), path, where), where,
                  heading, wanted)  # fmt: skip


def read_head(path: Path, where: str, count: int, heading: Heading = "recognised") -> Table:
    """The first ``count`` rows of a table at most, however long it is: for looking at it."""
    handle = open_handle(path, MAX_BYTES, where, REMEDY)
    try:
        data, more = os.read(handle, HEAD_BYTES), os.read(handle, 1)
    finally:
        os.close(handle)
    text, encoding = decoded(data, path, where, whole=not more)
    if more:
        text = text[: text.rfind("\n") + 1] or text
    return _table(path, Decoded(text, encoding), where, heading, most=count)


def _table(
    path: Path,
    found: Decoded,
    where: str,
    heading: Heading,
    wanted: Collection[str] = (),
    most: int | None = None,
) -> Table:
    delimiter = delimiter_of(found.text, wanted)
    every = lines(path, found.text, delimiter, where, whole=most is None)
    first = next(every, None)
    if first is None:
        raise BadInput(where, marked("{0} is empty").format(path), REMEDY)
    headed = heading == "names" or (heading == "recognised" and _is_heading(first[1]))
    names, twice = _unique(first[1] if headed else [""] * len(_trimmed(first[1], 0)))
    rest = every if headed else chain([first], every)
    rows, odd = _fitting(islice(rest, most), len(names))
    if not rows and most is None:
        raise BadInput(where, _nothing(path, odd, len(names)), REMEDY)
    notes = (*_of_encoding(found.encoding), *_of_names(twice), *_of_odd(odd, len(names)))
    return Table(path, names, tuple(rows), delimiter, headed, notes)


def _numbers(found: Sequence[str]) -> bool:
    there = [cell for cell in found if not is_missing(cell)]
    return 2 * sum(map(is_number, there)) > len(there)


def _is_heading(row: Sequence[str]) -> bool:
    """Names are no numbers."""
    return not any(is_number(cell) for cell in row)


def _unique(names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Every name once, ``x (2)`` where it stood before; and those that stood more than once."""
    bare = [printable(name.strip(), 200) or f"column {at}" for at, name in enumerate(names, 1)]
    taken, found = set(bare), dict.fromkeys(bare, 0)
    made = []
    for name in bare:
        found[name] += 1
        own = name if found[name] == 1 else f"{name} ({found[name]})"
        while own != name and own in taken:
            own += "'"
        taken.add(own)
        made.append(own)
    return tuple(made), [name for name, count in found.items() if count > 1]


def _fitting(every: Iterable[tuple[int, list[str]]], width: int) -> tuple[list[Row], list[Row]]:
    """The rows with a cell for each column, and the other ones."""
    rows: list[Row] = []
    odd: list[Row] = []
    for number, row in every:
        fits = _trimmed(row, width)
        (rows if len(fits) == width else odd).append(Row(number, fits))
    return rows, odd


def _trimmed(row: list[str], width: int) -> list[str]:
    """Without empty cells behind the last column, which spreadsheets leave there."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _nothing(path: Path, odd: Sequence[Row], width: int) -> str:
    if not odd:
        return marked("{0} holds no rows").format(path)
    return marked("{0}, row {1}, has {2} where {3} have names, and no other row fits").format(
        path, odd[0].number, cells(len(odd[0].cells)), width
    )


def _of_encoding(encoding: str) -> tuple[str, ...]:
    if encoding != WESTERN:
        return ()
    return (marked("The file is not UTF-8 and was read as Windows-1252"),)


def _of_names(twice: Sequence[str]) -> tuple[Finding, ...]:
    if not twice:
        return ()
    told = ", ".join(f"{name}, {name} (2)" for name in twice[:NAMED])
    return (Finding(marked("Columns of one name are told apart: {0}").format(told)),)


def _of_odd(odd: Sequence[Row], width: int) -> tuple[Finding, ...]:
    if not odd:
        return ()
    some = "; ".join(f"row {r.number} has {cells(len(r.cells))}" for r in odd[:NAMED])
    more = "; …" if len(odd) > NAMED else ""
    text = marked("{0} left out that do not have the {1} cells of the first row ({2})")
    return (Finding(text.format(rows_counted(len(odd)), width, some + more)),)


def rows_counted(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
