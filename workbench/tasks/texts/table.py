"""Sentences in a table: comma, semicolon or tab between the cells, names in the first row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInput, brief, printable
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.tasks.texts.corpus import Labelled

DELIMITERS = (",", "\t", ";")
MAX_COLUMNS = 10_000
OFFERED = 3
"""Columns that are a click away where another one was named."""


class Columns(NamedTuple):
    """The names of the columns; empty for one that is not asked for."""

    text: str = "text"
    label: str = "label"
    split: str = ""
    group: str = ""


def table_rows(
    path: Path, text: str, columns: Columns, where: str = "task.root"
) -> Iterator[Labelled]:
    """The rows of a table; raises `BadInput` that names the row, or the columns there are."""
    delimiter = _delimiter(path, text, columns)
    rows = lines(path, text, delimiter, where)
    _, names = next(rows)
    places = [_place(path, field, name, names) for field, name in columns._asdict().items()]
    for number, cells in rows:
        if len(cells) != len(names):
            problem = marked("{0}, row {1}, has {2} where {3} have names").format(
                path, number, _cells(len(cells)), len(names)
            )
            raise BadInput(
                where, problem, marked("Put a cell that holds a comma or a line end in quotes")
            )
        yield Labelled(*("" if at is None else cells[at] for at in places))


def _delimiter(path: Path, text: str, columns: Columns) -> str:
    """What parts the first row so that the columns asked for are there; else what parts it most."""
    first = next(line for line in text.splitlines() if line.strip())
    wanted = {name for name in columns if name}

    def fitness(delimiter: str) -> tuple[bool, int]:
        names = next(csv.reader([first], delimiter=delimiter))
        return wanted <= {name.strip() for name in names}, len(names)

    return max(DELIMITERS, key=fitness)


def lines(path: Path, text: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of its last line in the file.

    Raises `BadInput` at the field ``where`` that names the row at fault.
    """
    if "\0" in text:
        at = text[: text.index("\0")].count("\n") + 1
        raise BadInput(
            where,
            marked("{0}, row {1}, holds a zero byte").format(path, at),
            marked("Save it as UTF-8 text"),
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) > MAX_COLUMNS:
                    raise BadInput(
                        where, marked("{0} has more than {1:,} columns").format(path, MAX_COLUMNS)
                    )
                yield reader.line_num, row
    except csv.Error as error:
        problem = marked("{0}, row {1}, is no row ({2})").format(path, reader.line_num, error)
        raise BadInput(where, problem, marked("Close every quote that is opened")) from error


def _place(path: Path, field: str, name: str, names: list[str]) -> int | None:
    if not name:
        return None
    found = [at for at, other in enumerate(names) if other.strip() == name]
    if len(found) == 1:
        return found[0]
    there = ", ".join(printable(other.strip(), 40) for other in names[:20])
    what = "more than one column" if found else "no column"
    problem = marked("{0} has {1} {2}; its columns are {3}").format(path, what, brief(name), there)
    where = f"task.{field}_column"
    offered = [Mend(where, other.strip()) for other in names[:OFFERED] if other.strip()]
    raise BadInput(where, problem, marked("Name one of them"), *offered)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
